"""A real runner process, killed in the middle of a job: the next one takes over when the lease ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from people.enums import JobState
from people.models import Job
from people.services import jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROOT = Path(settings.BASE_DIR)
PROGRAM = """
import sys, time
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from people.services import jobs

def slow(run):
    run.progress(10, "commencé")
    with Path(run.payload["journal"]).open("a") as journal:
        journal.write(f"start {run.attempt}\\n")
    time.sleep(run.payload["seconds"] if run.attempt == 1 else 0)
    with Path(run.payload["journal"]).open("a") as journal:
        journal.write(f"end {run.attempt}\\n")
    return {"attempt": run.attempt}

jobs.register_handler("test.slow", slow)
call_command("jobrunner", "--lease", "2")
"""

Starter = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start_runner() -> Iterator[Starter]:
    """Start runner processes on the test's own database; whatever still runs at the end is stopped."""
    started: list[subprocess.Popen[bytes]] = []
    base = settings.DATABASES["default"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": _address(base, str(connection.settings_dict["NAME"])),
        "DEBUG": "1",
        "CADRAN_PROCESS": "jobs",
    }

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _address(base: dict[str, object], name: str) -> str:
    from urllib.parse import quote

    password, host = quote(str(base["PASSWORD"])), quote(str(base["HOST"]), safe="")
    return f"postgresql://{base['USER']}:{password}@{host}:{base['PORT']}/{name}"


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def test_job_of_a_killed_runner_is_taken_over(start_runner: Starter, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    payload = {"journal": str(journal), "seconds": 60}
    job = jobs.enqueue(kind="test.slow", key="slow", payload=payload, by=None)
    first = start_runner()
    wait_for(journal.exists)
    first.kill()
    first.wait()
    assert state_of(job) == JobState.RUNNING
    second = start_runner()
    wait_for(lambda: state_of(job) == JobState.DONE)
    assert journal.read_text().split("\n")[:-1] == ["start 1", "start 2", "end 2"]
    assert (job.attempts, job.result) == (2, {"attempt": 2})
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=10) == 0


def test_runner_finishes_its_job_before_it_heeds_a_stop_and_keeps_its_lease(
    start_runner: Starter, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    payload = {"journal": str(journal), "seconds": 5}
    job = jobs.enqueue(kind="test.slow", key="slow", payload=payload, by=None)
    first = start_runner()
    wait_for(journal.exists)
    start_runner()
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=20) == 0
    assert (state_of(job), job.attempts) == (JobState.DONE, 1)
    assert journal.read_text() == "start 1\nend 1\n"
