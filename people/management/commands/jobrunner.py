"""The in-process runner: background work and recurring runs without a broker."""

import signal
import threading
from argparse import ArgumentParser
from datetime import timedelta
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from people.services import jobs, schedule

_PAUSE_SECONDS = 1.0
_SCHEDULE_EVERY = 15  # pauses
log = structlog.get_logger("cadran.jobs")


class Command(BaseCommand):
    help = "Run background jobs and recurring runs in this process until SIGTERM; any number may run side by side."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing more can be done now")
        parser.add_argument(
            "--lease", type=int, default=60, metavar="SECONDS", help="how soon a dead runner's job is taken over"
        )

    def handle(self, *_args: Any, once: bool, lease: int, **_options: Any) -> None:
        stop = threading.Event()
        if threading.current_thread() is threading.main_thread():
            self._listen(stop)
        runner = Runner(stop, timedelta(seconds=max(1, lease)))
        if once:
            runner.drain()
        else:
            runner.serve()

    def _listen(self, stop: threading.Event) -> None:
        def leave(_signal: int, _frame: FrameType | None) -> None:
            log.info("runner.stopping")
            stop.set()

        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)


class Runner:
    """Claims one job after the other; a stop is heeded between two jobs, so none is cut."""

    def __init__(self, stop: threading.Event, lease: timedelta) -> None:
        self._stop, self._lease = stop, lease

    def serve(self) -> None:
        """Work until told to stop; a database that went away is waited for."""
        log.info("runner.started", lease_seconds=self._lease.total_seconds())
        turn = 0
        while not self._stop.is_set():
            try:
                if turn % _SCHEDULE_EVERY == 0:
                    schedule.run_due()
                worked = self._one()
            except (OperationalError, InterfaceError):
                log.exception("runner.database_away")
                worked = False
            turn += 1
            if not worked:
                close_old_connections()
                self._stop.wait(_PAUSE_SECONDS)
        log.info("runner.stopped")

    def drain(self) -> None:
        """Everything that can be done now, then back."""
        schedule.run_due()
        while not self._stop.is_set() and self._one():
            pass

    def _one(self) -> bool:
        run = jobs.claim(lease=self._lease)
        if run is None:
            return False
        jobs.execute(run)
        return True
