"""A real runner killed with SIGKILL in the middle of a pack: another one finishes it, exactly once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from people.enums import JobState, Role
from people.models import AuditEntry, Job
from people.services import audit
from portfolio.models import ReportingCycle
from reporting.models import Pack, PackRendition, Snapshot
from reporting.services.pack import file_is_whole
from reporting.tasks import queue_freeze
from tests.factories.people import user_with
from tests.reporting.services.test_freeze import portfolio

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PROGRAM = """
import django
django.setup()
from django.core.management import call_command
call_command("jobrunner", "--lease", "3")
"""


@pytest.fixture
def start_runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start runner processes on the test's own database; whatever still runs at the end is stopped."""
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")
    base, name = settings.DATABASES["default"], connection.settings_dict["NAME"]
    place = f"{quote(str(base['HOST']), safe='')}:{base['PORT']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgresql://{base['USER']}:{quote(str(base['PASSWORD']))}@{place}/{name}",
        "CADRAN_VAR": str(tmp_path),
        "DEBUG": "1",
        "CADRAN_PROCESS": "jobs",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=settings.BASE_DIR,
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


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


@pytest.mark.parametrize("progress", [5, 45])
def test_a_pack_survives_the_death_of_its_runner(
    start_runner: Callable[[], subprocess.Popen[bytes]], progress: int, tmp_path: Path
) -> None:
    cycle = portfolio(12, silent=2)
    job = queue_freeze(cycle, user_with(Role.PSO))
    first = start_runner()
    wait_for(lambda: Job.objects.get(pk=job.pk).progress >= progress)
    first.kill()
    first.wait()
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING
    assert not PackRendition.objects.exists()
    start_runner()
    wait_for(lambda: Job.objects.get(pk=job.pk).state == JobState.DONE)
    assert (Snapshot.objects.count(), Pack.objects.count(), PackRendition.objects.count()) == (1, 1, 1)
    assert Job.objects.get(pk=job.pk).attempts == 2
    assert file_is_whole(PackRendition.objects.get())
    acts = AuditEntry.objects.filter(verb__in=["cycle.frozen", "pack.rendered"]).values_list("verb", flat=True)
    assert sorted(acts) == ["cycle.frozen", "pack.rendered"]
    assert audit.verify().sound
    assert ReportingCycle.objects.get(pk=cycle.pk).frozen_at is not None
    leftovers = [path.name for path in (tmp_path / "packs").iterdir() if path.suffix != ".pdf"]
    assert leftovers == []
