"""Processes of the product on a database of the drill, started, killed without warning and started again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection

_BEGUN = "job.started"
_ENDED = frozenset({"job.done", "job.error", "job.postponed", "job.refused", "job.parked", "job.lease_lost"})
_TAIL = 20_000
WAIT_SECONDS = 90


class TooLongError(Exception):
    """Something that had to happen did not within its time."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the processes of a drill run: a folder for files and logs, and a database."""

    folder: Path
    database: str

    @classmethod
    def here(cls) -> Stand:
        """Beside this process: its own database and its folder."""
        return cls(Path(settings.VAR_DIR), own_url())

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def environment(self, **more: str) -> dict[str, str]:
        """The settings of production, on the loopback, without a second factor."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "CADRAN_PG_BIN") if key in os.environ}
        return {
            **kept,
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.database,
            "CADRAN_VAR": str(self.folder),
            "CADRAN_PROCESS": "jobs",
            "SECRET_KEY": settings.SECRET_KEY,
            "BASE_URL": "http://127.0.0.1:8000",
            "ALLOWED_HOSTS": "127.0.0.1",
            "EMAIL_URL": "memory://",
            "MFA_REQUIRED": "0",
            "MEDIA_ROOT": str(self.media),
            "STATIC_ROOT": str(self.folder / "static"),
            **more,
        }

    def process(
        self, name: str, arguments: Sequence[str], more: Mapping[str, str], output: Path | None = None
    ) -> Process:
        """A Python process of that name, not begun yet; its words go to a log unless `output` says where."""
        log = output or self.folder / "logs" / f"{name}.log"
        return Process(name, [sys.executable, *arguments], self.environment(**more), log)

    def runner(self, name: str, *, lease: int = 3, output: Path | None = None, **more: str) -> Process:
        """The in-process runner: worker and beat at once."""
        manage = str(Path(settings.BASE_DIR) / "manage.py")
        return self.process(name, (manage, "jobrunner", "--lease", str(lease)), more, output)

    def web(self, *, port: int, output: Path | None = None, **more: str) -> Process:
        """gunicorn as in production."""
        arguments = ("-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi")
        place = {"CADRAN_PROCESS": "web", "BASE_URL": f"http://127.0.0.1:{port}", "PORT": str(port)}
        return self.process("web", arguments, {**place, "WEB_WORKERS": "1", **more}, output)


@dataclass(slots=True)
class Process:
    """One process of the product in a session of its own, so that a kill takes its children along."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    child: subprocess.Popen[bytes] | None = None
    started_at: int = 0

    def start(self) -> Process:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.started_at = self.log.stat().st_size if self.log.is_file() else 0
        with self.log.open("ab") as words:
            self.child = subprocess.Popen(  # noqa: S603 -- our own interpreter and command
                self.command,
                cwd=settings.BASE_DIR,
                env=dict(self.environment),
                stdout=words,
                stderr=words,
                start_new_session=True,
            )
        return self

    @property
    def alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def kill(self) -> None:
        """`kill -9` of the process and all its children."""
        if self.child is None:
            return
        if self.alive:
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def in_hand(self) -> str:
        """The key of the job it works on, by its own log; empty between two jobs."""
        key = ""
        for entry in self._entries():
            if entry.get("event") == _BEGUN:
                key = str(entry.get("job", ""))
            elif entry.get("event") in _ENDED:
                key = ""
        return key

    def _entries(self) -> Iterator[dict[str, Any]]:
        with self.log.open("rb") as words:
            words.seek(max(self.started_at, self.log.stat().st_size - _TAIL))
            lines = words.read().splitlines()
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                yield entry


@contextmanager
def running(*processes: Process) -> Iterator[tuple[Process, ...]]:
    """All of them, until the block ends."""
    try:
        yield tuple(process.start() for process in processes)
    finally:
        for process in processes:
            process.kill()


def wait_for(what: str, condition: Callable[[], bool], seconds: float = WAIT_SECONDS, pause: float = 0.1) -> float:
    """Seconds until the condition held; TooLongError names what was waited for."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TooLongError(f"{what}: not within {seconds:g} s")
        time.sleep(pause)
    return time.monotonic() - started


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def is_open(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def own_url(host: str = "", port: int = 0) -> str:
    """The database of this process, or the same one behind another door."""
    access: dict[str, Any] = connection.settings_dict
    user, password = quote(str(access["USER"]), safe=""), quote(str(access["PASSWORD"]), safe="")
    place = f"{quote(host or str(access['HOST']), safe='')}:{port or access['PORT'] or 5432}"
    return f"postgresql://{user}:{password}@{place}/{access['NAME']}"


def to_database() -> socket.socket:
    """A raw line to the server of this process's database."""
    access: dict[str, Any] = connection.settings_dict
    host, port = str(access["HOST"]), int(access["PORT"] or 5432)
    if not host.startswith("/"):
        return _line((host, port))
    line = socket.socket(socket.AF_UNIX)
    line.connect(f"{host}/.s.PGSQL.{port}")
    return line


def to_redis(url: str) -> socket.socket:
    return _line(("127.0.0.1", urlsplit(url).port or 6379))


def _line(address: tuple[str, int]) -> socket.socket:
    """Quick to connect, patient afterwards."""
    line = socket.create_connection(address, timeout=10)
    line.settimeout(None)
    return line


def redis_server() -> str | None:
    """The program of a Redis-compatible server on this machine, if there is one."""
    return shutil.which("valkey-server") or shutil.which("redis-server")
