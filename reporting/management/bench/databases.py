"""Databases of the run: made from an empty migrated one, loaded with fictional projects, dropped at the end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

PREFIX = "cadran_bench_"
EMPTY = "empty"
SEED_SECONDS = 400


def url(name: str) -> str:
    """Where a database of the run is: on the server of the application's own."""
    access: dict[str, Any] = connection.settings_dict
    user, password = quote(str(access["USER"]), safe=""), quote(str(access["PASSWORD"]), safe="")
    host, port = quote(str(access["HOST"]), safe=""), access["PORT"] or 5432
    return f"postgresql://{user}:{password}@{host}:{port}/{name}"


def folder() -> Path:
    return Path(settings.VAR_DIR) / "bench"


def environment(name: str, *, port: int, process: str) -> dict[str, str]:
    """What a process on that database runs with: the settings of production, on loopback, without a second factor."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "CADRAN_PG_BIN") if key in os.environ}
    return {
        **kept,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url(PREFIX + name),
        "CADRAN_VAR": str(settings.VAR_DIR),
        "CADRAN_PROCESS": process,
        "SECRET_KEY": settings.SECRET_KEY,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "console://",
        "MFA_REQUIRED": "0",
        "MEDIA_ROOT": str(folder() / "media"),
        "STATIC_ROOT": str(folder() / "static"),
        "PORT": str(port),
    }


def start(name: str, *arguments: str) -> subprocess.Popen[str]:
    """A command of `manage.py` on that database."""
    process = "collect" if arguments[0] == "collectstatic" else "jobs"
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and command
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), *arguments],
        cwd=settings.BASE_DIR,
        env=environment(name, port=settings.PORT, process=process),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(child: subprocess.Popen[str]) -> str:
    """What the command wrote; its complaint as an error."""
    output, complaint = child.communicate(timeout=SEED_SECONDS)
    if child.returncode:
        raise RuntimeError(f"{child.args!r}: {complaint[-2000:]}")
    return output


def manage(name: str, *arguments: str) -> str:
    return finish(start(name, *arguments))


@contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url(str(connection.settings_dict["NAME"])), autocommit=True) as link:
        yield link


def exists(name: str) -> bool:
    with _server() as link:
        found = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [PREFIX + name]).fetchone()
    return found is not None


def copy(source: str, target: str) -> None:
    """A database with the content of another one that nobody is connected to."""
    drop(target)
    with _server() as link:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        link.execute(statement.format(sql.Identifier(PREFIX + target), sql.Identifier(PREFIX + source)))


def create(name: str) -> None:
    drop(name)
    with _server() as link:
        link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(PREFIX + name)))


def drop(*names: str) -> None:
    with _server() as link:
        for name in names:
            link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(PREFIX + name)))


def analyse(name: str) -> None:
    with psycopg.connect(url(PREFIX + name), autocommit=True) as link:
        link.execute("VACUUM ANALYZE")
