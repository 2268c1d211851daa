"""Each setting of the security baseline, read in a fresh process with the environment of a production."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DATABASE_URL": "postgresql://cadran:secret@db.example.org:5432/cadran",
    "BASE_URL": "https://cadran.example.org",
    "SECRET_KEY": "k" * 60,
    "ALLOWED_HOSTS": "cadran.example.org",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org",
    "MEDIA_ROOT": "/srv/cadran/media",
    "REDIS_URL": "redis://broker:6379/0",
}
READ = """
import json, sys
from config import settings
values = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
json.dump(values, sys.stdout, default=str)
"""


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=own | environment, cwd=ROOT, capture_output=True, text=True, check=False)


def read(**environment: str) -> dict[str, Any]:
    done = run(READ, **environment)
    assert done.returncode == 0, done.stderr
    values: dict[str, Any] = json.loads(done.stdout)
    return values


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    return read(**PRODUCTION)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return read(CADRAN_VAR=str(tmp_path_factory.mktemp("var")))


@pytest.mark.parametrize("name", ["BASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "MEDIA_ROOT"])
def test_production_without_a_variable_does_not_start(name: str) -> None:
    done = run(READ, **{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode == 1
    assert f"ImproperlyConfigured: {name} is missing. " in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", False),
        ("ALLOWED_HOSTS", ["cadran.example.org"]),
        ("CSRF_TRUSTED_ORIGINS", ["https://cadran.example.org"]),
        ("SECURE_SSL_REDIRECT", True),
        ("SECURE_HSTS_SECONDS", 31_536_000),
        ("SECURE_HSTS_INCLUDE_SUBDOMAINS", True),
        ("SECURE_PROXY_SSL_HEADER", None),
        ("USE_X_FORWARDED_HOST", False),
        ("X_FRAME_OPTIONS", "DENY"),
        ("SECURE_REFERRER_POLICY", "same-origin"),
        ("SECURE_CROSS_ORIGIN_OPENER_POLICY", "same-origin"),
        ("SESSION_COOKIE_NAME", "__Host-sessionid"),
        ("SESSION_COOKIE_SECURE", True),
        ("SESSION_COOKIE_HTTPONLY", True),
        ("SESSION_COOKIE_SAMESITE", "Lax"),
        ("CSRF_COOKIE_NAME", "__Host-csrftoken"),
        ("CSRF_COOKIE_SECURE", True),
        ("CSRF_COOKIE_HTTPONLY", True),
        ("CSRF_COOKIE_SAMESITE", "Lax"),
        ("SESSION_ENGINE", "django.contrib.sessions.backends.db"),
        ("SESSION_IDLE_SECONDS", 1800),
        ("SESSION_ABSOLUTE_SECONDS", 43_200),
        ("DATA_UPLOAD_MAX_MEMORY_SIZE", 2_621_440),
        ("DATA_UPLOAD_MAX_NUMBER_FIELDS", 1000),
        ("UPLOAD_MAX_BYTES", 10_485_760),
        ("LANGUAGE_CODE", "fr"),
        ("TIME_ZONE", "Europe/Brussels"),
        ("USE_TZ", True),
        ("AUTH_USER_MODEL", "people.User"),
        ("MFA_REQUIRED_FOR_DECISION_MAKERS", True),
        ("CELERY_ACCEPT_CONTENT", ["json"]),
        ("CELERY_TASK_SERIALIZER", "json"),
        ("CELERY_TASK_ACKS_LATE", True),
        ("CELERY_TASK_REJECT_ON_WORKER_LOST", True),
        ("CELERY_WORKER_PREFETCH_MULTIPLIER", 1),
        ("CELERY_TASK_SOFT_TIME_LIMIT", 120),
        ("CELERY_TASK_TIME_LIMIT", 180),
        ("CELERY_TASK_PUBLISH_RETRY", False),
        (
            "CELERY_BROKER_TRANSPORT_OPTIONS",
            {
                "visibility_timeout": 900,
                "unacked_restore_interval": 10,
                "unacked_restore_throttle": 1,
                "socket_timeout": 1,
                "socket_connect_timeout": 1,
                "max_retries": 0,
            },
        ),
    ],
)
def test_production_setting(production: dict[str, Any], name: str, value: object) -> None:
    assert production[name] == value


def test_production_database_limits(production: dict[str, Any]) -> None:
    database = production["DATABASES"]["default"]
    assert database["CONN_MAX_AGE"] == 600
    assert database["CONN_HEALTH_CHECKS"] is True
    assert "statement_timeout=120s" in database["OPTIONS"]["options"]
    assert "idle_in_transaction_session_timeout=30s" in database["OPTIONS"]["options"]


@pytest.mark.parametrize(("process", "limit"), [("web", "statement_timeout=15s"), ("migrate", "lock_timeout=2s")])
def test_limits_of_a_process(process: str, limit: str) -> None:
    settings = read(**PRODUCTION, CADRAN_PROCESS=process)
    assert limit in settings["DATABASES"]["default"]["OPTIONS"]["options"]


def test_admin_is_not_installed(production: dict[str, Any]) -> None:
    assert "django.contrib.admin" not in production["INSTALLED_APPS"]


def test_login_is_required_and_axes_comes_last_but_for_the_runner_of_views(production: dict[str, Any]) -> None:
    assert "config.web.middleware.LoginRequiredMiddleware" in production["MIDDLEWARE"]
    assert production["MIDDLEWARE"][-2:] == ["axes.middleware.AxesMiddleware", "people.views.once.OnceMiddleware"]
    assert production["AUTHENTICATION_BACKENDS"][0] == "axes.backends.AxesStandaloneBackend"


def test_api_defaults(production: dict[str, Any]) -> None:
    api = production["REST_FRAMEWORK"]
    assert api["DEFAULT_PERMISSION_CLASSES"] == ["rest_framework.permissions.IsAuthenticated"]
    assert api["DEFAULT_RENDERER_CLASSES"] == ["rest_framework.renderers.JSONRenderer"]
    assert api["DEFAULT_THROTTLE_RATES"] == {"anon": "60/min", "user": "600/min"}


def test_sso_is_configured_by_the_environment() -> None:
    oidc = {"OIDC_SERVER_URL": "https://sso.example.org", "OIDC_CLIENT_ID": "cadran", "OIDC_CLIENT_SECRET": "s"}
    (app,) = read(**PRODUCTION, **oidc)["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert app["settings"] == {"server_url": "https://sso.example.org"}
    assert read(**PRODUCTION)["SOCIALACCOUNT_PROVIDERS"] == {}


def test_demo_needs_no_variable(demo: dict[str, Any]) -> None:
    assert demo["DEBUG"] is False
    assert demo["SESSION_COOKIE_NAME"] == "sessionid"
    assert demo["SESSION_COOKIE_SECURE"] is False
    assert demo["SECURE_HSTS_SECONDS"] == 0
    assert demo["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert demo["MFA_REQUIRED_FOR_DECISION_MAKERS"] is False
    assert demo["DATABASES"]["default"]["HOST"].startswith("/tmp/cadran-")


def test_deployment_check_has_no_warning(tmp_path: Path) -> None:
    program = (
        "import django; django.setup();"
        "from django.core.management import call_command;"
        "call_command('check', '--deploy', '--fail-level', 'WARNING')"
    )
    secret = "aB3$dE6&gH9(kL2-nO5_qR8=tU1+wX4[yZ7]bC0{eF3}hI6;kL9" * 2
    environment = PRODUCTION | {"SECRET_KEY": secret, "MEDIA_ROOT": str(tmp_path)}
    done = run(program, **environment, DJANGO_SETTINGS_MODULE="config.settings")
    assert done.returncode == 0, done.stderr
