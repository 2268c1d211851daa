"""The product's web server on a database of the run, with the floors beside its pages."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from reporting.management.bench import databases
from reporting.management.bench.client import Connection, get

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

START_SECONDS = 60


def application() -> WSGIHandler:
    """What gunicorn serves: the product under the bench URL conf."""
    settings.ROOT_URLCONF = "config.bench_urls"
    settings.PUBLIC_URL_NAMES = frozenset({*settings.PUBLIC_URL_NAMES, "bench_hello"})
    return get_wsgi_application()


@contextmanager
def serving(name: str, port: int) -> Iterator[int]:
    """gunicorn as in production (`config.gunicorn`), until the block ends."""
    command = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"]
    log = databases.folder() / f"server-{name}.log"
    with (
        log.open("w") as words,
        subprocess.Popen(  # noqa: S603 -- our own interpreter and server
            [*command, "reporting.management.bench.server:application()"],
            cwd=settings.BASE_DIR,
            env=databases.environment(name, port=port, process="web"),
            stdout=words,
            stderr=words,
        ) as child,
    ):
        try:
            _wait(port)
            yield port
        finally:
            child.terminate()
            child.wait(timeout=40)


def _wait(port: int) -> None:
    until = time.perf_counter() + START_SECONDS
    while True:
        try:
            connection = Connection(port)
            connection.ask(get("/bench/hello", ""))
        except ConnectionError:
            if time.perf_counter() > until:
                raise
            time.sleep(0.2)
        else:
            return connection.close()
