"""The carrier: a real Redis and a real Celery worker; and a broker that is away, which no saved form may notice."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection, transaction

from people import tasks
from people.enums import JobState
from people.models import Job
from people.services import jobs

SERVER = shutil.which("valkey-server") or shutil.which("redis-server")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [str(SERVER), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_until_open(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Point this process's Celery at the address that the test sets; back to none afterwards."""
    before = current_app.conf.broker_url, current_app.conf.task_always_eager
    current_app.conf.task_always_eager = False
    monkeypatch.setattr(settings, "CELERY_TASK_ALWAYS_EAGER", False)
    yield
    current_app.conf.broker_url, current_app.conf.task_always_eager = before
    current_app.pool.force_close_all()
    current_app.amqp._producer_pool = None


def use(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", url)
    current_app.conf.broker_url = url
    current_app.conf.broker_transport_options = settings.BROKER_LIMITS
    current_app.set_default()


@pytest.mark.slow
@pytest.mark.skipif(SERVER is None, reason="no redis-server or valkey-server on this machine")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker")
def test_job_travels_through_a_real_broker_to_a_real_worker(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    use(redis_url, monkeypatch)
    base = settings.DATABASES["default"]
    address = f"{base['USER']}:{quote(str(base['PASSWORD']))}@{quote(str(base['HOST']), safe='')}:{base['PORT']}"
    environment = {
        **os.environ,
        "REDIS_URL": redis_url,
        "DATABASE_URL": f"postgresql://{address}/{connection.settings_dict['NAME']}",
        "DEBUG": "1",
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-P", "solo", "-l", "ERROR"]
    worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)
    try:
        job = jobs.enqueue(kind="nobody.handles", key="through-the-broker", payload={}, by=None)
        tasks.poke(job)
        deadline = time.monotonic() + 30
        while job.attempts == 0:
            assert time.monotonic() < deadline, "the worker never took the job"
            time.sleep(0.2)
            job.refresh_from_db()
        assert job.attempts == 1
    finally:
        worker.terminate()
        worker.wait()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker")
def test_save_succeeds_while_the_broker_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    use(f"redis://127.0.0.1:{free_port()}/0", monkeypatch)
    started = time.monotonic()
    with transaction.atomic():
        job = jobs.enqueue(kind="x", key="k", payload={}, by=None)
        tasks.poke(job)
    assert time.monotonic() - started < 3
    assert Job.objects.get().state == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("broker")
def test_save_is_not_held_up_by_a_broker_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", monkeypatch)
        started = time.monotonic()
        job = jobs.enqueue(kind="x", key="k", payload={}, by=None)
        tasks.poke(job)
        assert time.monotonic() - started < 1.95, "a request tries once, for a second"
    assert Job.objects.get().pk == job.pk


@pytest.mark.django_db
def test_without_broker_poke_does_nothing() -> None:
    tasks.poke(jobs.enqueue(kind="x", key="k", payload={}, by=None))
    assert Job.objects.get().attempts == 0


def test_every_task_that_beat_sends_is_known_to_the_workers() -> None:
    sent = {str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sent == {tasks.sweep_jobs.name, tasks.run_schedule.name}
    assert sent <= set(current_app.tasks)
