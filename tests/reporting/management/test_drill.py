"""A short form of each drill of `bin/drill`, on the database of the tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config import clock
from config.web.versioned import Merge, VersionedForm
from people import tasks
from people.enums import JobState, Role
from people.models import Job
from people.services import jobs, smtp
from people.services.jobs import JobRun
from portfolio.models import ImportUpload, ReportingCycle
from portfolio.services.importers.presets import PRESETS
from reporting.management.drill import faults, kills, races
from reporting.management.drill.disks import FULL_DEVICE, full_disk, may_mount
from reporting.management.drill.findings import Findings
from reporting.management.drill.proxy import Mode, between
from reporting.management.drill.sink import REFUSAL, Sink, listening
from reporting.management.drill.stand import Process, Stand, own_url, running, wait_for
from tests.factories.people import user_with
from tests.factories.portfolio import MilestoneFactory, ProjectFactory, ReportingCycleFactory, StatusReportFactory
from tests.people.test_broker import broker, use

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["broker"]
Handler = Callable[[JobRun], Mapping[str, Any] | None]


@pytest.fixture
def stand(tmp_path: Path, settings: LazySettings) -> Stand:
    settings.VAR_DIR, settings.MEDIA_ROOT, settings.PACKS_ROOT = tmp_path, tmp_path / "media", tmp_path / "media/packs"
    return Stand(tmp_path, own_url())


@pytest.fixture
def week() -> ReportingCycle:
    """A week that owes statuses: one project with its leader, two in the office, the director, four readers."""
    pm = user_with(Role.PM)
    cycle = ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4))
    project = ProjectFactory(manager=pm.person, priority_rank=1, is_top=True)
    MilestoneFactory(project=project, actual=None)
    StatusReportFactory(project=project, cycle=cycle, author=pm)
    for role in (Role.PSO, Role.PSO, Role.DIRECTOR, Role.CODIR, Role.CODIR, Role.CODIR, Role.CODIR):
        user_with(role)
    return cycle


@contextmanager
def handled_by(kind: str, handler: Handler) -> Iterator[None]:
    jobs.register_handler(kind, handler)
    try:
        yield
    finally:
        jobs._HANDLERS.pop(kind)


@pytest.mark.slow
@pytest.mark.usefixtures("week")
def test_a_week_comes_to_its_end_once_although_its_processes_die(stand: Stand) -> None:
    found = kills.one_round(stand, kills=3, seed=5, runners=3)
    assert found.broken == []
    assert sum(cells.get("kills", 0) for cells in found.rows.values()) == 3
    assert found.rows["mails of the pack"]["in a mailbox"] == 5


def test_at_work_nobody_is_killed_but_who_holds_a_claimed_job_of_the_pack(tmp_path: Path) -> None:
    lease = {"lease_until": clock.now() + jobs.LEASE, "lease_token": uuid4()}
    Job.objects.create(kind="x", key="pack:claimed", state=JobState.RUNNING, **lease)
    Job.objects.create(kind="x", key="mail:note:1", state=JobState.RUNNING, **lease)
    Job.objects.create(kind="x", key="pack:requeued")
    crew = [Process(key, [], {}, tmp_path / key) for key in ("pack:claimed", "mail:note:1", "pack:requeued")]
    for process in crew:
        process.log.write_text(json.dumps({"event": "job.started", "job": process.name}) + "\n")
    assert all(kills._holder(crew, Random(seed), sending=True) is crew[0] for seed in range(9))
    with crew[0].log.open("a") as words:
        words.write(json.dumps({"event": "job.done", "job": "pack:claimed"}) + "\n")
    assert kills._holder(crew, Random(1), sending=True) is None


@pytest.mark.usefixtures("week")
def test_two_writers_lose_nothing_and_meet_in_peace_on_two_fields() -> None:
    found = races.run(races=12, seed=5)
    assert found.broken == []
    assert sum(cells["races"] for cells in found.rows.values()) == 12


@pytest.mark.usefixtures("week")
def test_the_races_see_a_form_that_overwrites(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_mine(form: VersionedForm) -> Merge:
        return Merge({name: form.cleaned_data[name] for name in form.own_fields}, (), (), "")

    monkeypatch.setattr(VersionedForm, "merge", all_mine)
    broken = {check.name for check in races.run(races=6, seed=5).broken}
    assert "same field saved by both" in broken
    assert "texts lost unseen" in broken


@pytest.mark.slow
@pytest.mark.usefixtures("week")
def test_a_form_sent_again_after_an_unheard_commit_is_one_version(stand: Stand) -> None:
    collect = stand.process("collect", ("manage.py", "collectstatic", "--no-input"), {"CADRAN_PROCESS": "collect"})
    with running(collect):
        wait_for("the static files", lambda: not collect.alive)
        found = Findings()
        faults.unheard(stand, found, 2)
    assert found.broken == []


@pytest.mark.usefixtures("broker")
def test_a_request_for_a_job_succeeds_while_the_broker_hangs(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    client.force_login(user_with(Role.PSO))
    now = clock.now()
    job = Job.objects.create(kind="x", key="k", state=JobState.PARKED, error="x", finished_at=now)
    with between(partial(_nowhere)) as proxy:
        proxy.mode = Mode.HUNG
        use(f"redis://127.0.0.1:{proxy.port}/0", monkeypatch)
        answer = client.post(reverse("people:job_retry", args=[job.pk]))
    assert answer.status_code == 303
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert tasks.settings.CELERY_TASK_PUBLISH_RETRY is False


def _nowhere() -> Any:
    raise ConnectionRefusedError


@pytest.mark.parametrize(
    ("sink", "outcome", "copies"),
    [
        (Sink(), "250 2.0.0 kept", 1),
        (Sink(refused=frozenset({"b@example.org"})), smtp.Refused, 0),
        (Sink(drop_after_data=True), smtp.AnswerLost, 1),
    ],
)
def test_each_manner_of_the_mail_server_is_told_apart(
    sink: Sink, outcome: Any, copies: int, settings: LazySettings
) -> None:
    message = EmailMessage()
    message["Message-ID"], message["Subject"] = "<1@example.org>", "Essai"
    message.set_content("Bonjour")
    with listening(sink) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        send = partial(smtp.deliver, message, sender="a@example.org", recipient="b@example.org", handing=lambda: None)
        if isinstance(outcome, str):
            assert send() == outcome
        else:
            with pytest.raises(outcome) as caught:
                send()
            assert outcome is not smtp.Refused or str(caught.value) == REFUSAL
    assert len(sink.texts) == copies


def test_the_mailboxes_count_second_copies() -> None:
    sink = Sink(texts=[("<1@example.org>", "a"), ("<1@example.org>", "b"), ("<1@example.org>", "a")])
    assert sink.duplicates == 1


def test_a_job_that_finds_the_disk_full_waits_and_goes_on_by_itself() -> None:
    rooms = [FULL_DEVICE]

    def write(_run: JobRun) -> None:
        if rooms:
            rooms.pop().write_bytes(b"x")

    job = jobs.enqueue(kind="writes", key="k", payload={}, by=None)
    with handled_by("writes", write):
        assert jobs.run_now(job.pk) == JobState.QUEUED
        job.refresh_from_db()
        assert (job.attempts, job.error) == (0, "Le disque est plein.")
        assert clock.now() < job.run_after <= clock.now() + jobs.NO_ROOM_PAUSE
        Job.objects.update(run_after=clock.now())
        assert jobs.run_now(job.pk) == JobState.DONE


@pytest.mark.skipif(not may_mount(), reason="only root may mount a disk that is full")
def test_an_upload_without_room_leaves_nothing_and_says_so(stand: Stand, client: Client) -> None:
    client.force_login(user_with(Role.PSO))
    client.raise_request_exception = False

    def send() -> Any:
        file = SimpleUploadedFile("liste.csv", faults.UPLOAD)
        return client.post(reverse("portfolio:import"), {"file": file, "format": next(iter(PRESETS))})

    with full_disk(stand.media):
        answer = send()
        assert [path for path in stand.media.rglob("*") if path.is_file()] == []
    assert answer.status_code == 507
    assert answer["X-Request-ID"] in answer.content.decode()
    assert not ImportUpload.objects.exists()
    assert send().status_code == 303


@pytest.mark.slow
def test_a_runner_that_cannot_write_its_log_still_works(stand: Stand) -> None:
    job = jobs.enqueue(kind="prove_texts", key="k", payload={}, by=None)
    with running(stand.runner("runner", output=FULL_DEVICE)) as (runner,):
        wait_for("the job", lambda: Job.objects.get(pk=job.pk).is_finished, 30)
        assert runner.alive
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_rounds_add_up_and_one_broken_round_breaks_the_drill() -> None:
    total = Findings()
    for seen in (1, 2, 1):
        one = Findings()
        one.count("mail", "kills", 2)
        one.expect("packs", seen, 1)
        total.merge(one)
    assert total.rows["mail"]["kills"] == 6
    assert [check.seen for check in total.broken] == ["2, not 1"]
    assert any(line.startswith("BROKEN  packs") for line in total.table())
