# Sourced by the scripts beside it: system packages, virtual environment, private PostgreSQL. Safe to repeat.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CADRAN_VAR="${CADRAN_VAR:-$PWD/var}" DJANGO_SETTINGS_MODULE=config.settings PYTHONUNBUFFERED=1
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore

has_library() { { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -F "$1" >/dev/null; }
has_program() { command -v "$1" >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] && has_program "$candidate" || continue
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

missing_packages() {
    find_python >/dev/null || echo python3 python3-venv
    has_library libpango-1.0.so.0 || echo libpango-1.0-0
    has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
    has_library libharfbuzz-subset.so.0 || echo libharfbuzz-subset0
    [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || echo fonts-dejavu-core
    [ -e /usr/share/zoneinfo/Europe/Brussels ] || echo tzdata
    [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
    [ "${1:-run}" = tests ] || return 0
    has_program chromium || echo chromium
    has_program pdftoppm || echo poppler-utils
    has_program git || echo git
    has_library libatomic.so.1 || echo libatomic1
    has_program java || echo default-jre-headless
    has_program redis-server || has_program valkey-server || echo redis-server
}

install_packages() {
    local packages
    packages="$(missing_packages "$1" | xargs)"
    [ -n "$packages" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        echo "System packages are missing. Install them, then run this again:" >&2
        echo "sudo apt-get install -y --no-install-recommends $packages" >&2
        exit 3
    fi
    echo "Installing $packages"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 -- one word a package
    apt-get install -y -qq --no-install-recommends $packages >/dev/null
}

install_requirements() {
    local lock="$1" stamp=".venv/.installed-$1" sum
    sum="$(sha256sum requirements.lock "$lock" | sha256sum | cut -d' ' -f1)"
    if [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && .venv/bin/python -c '' 2>/dev/null; then
        return 0
    fi
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        "$(find_python)" -m venv --clear .venv
    fi
    echo "Installing $lock"
    .venv/bin/python -m pip install --quiet --require-hashes -r "$lock"
    echo "$sum" >"$stamp"
}

set_up() {
    install_packages "$1"
    if [ "$1" = tests ]; then
        install_requirements requirements-test.lock
    else
        install_requirements requirements.lock
    fi
}

start_database() {
    STARTED_DATABASE=""
    [ -z "${DATABASE_URL:-}" ] || return 0
    if ! .venv/bin/python -m config.embedded_postgres status >/dev/null; then
        STARTED_DATABASE=yes
        .venv/bin/python -m config.embedded_postgres start
    fi
}

stop_database() {
    if [ -n "${STARTED_DATABASE:-}" ]; then .venv/bin/python -m config.embedded_postgres stop; fi
}
