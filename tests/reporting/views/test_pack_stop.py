"""The project office ends a build that it did not mean: waiting or at work, and may begin another at once."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from config import clock
from people.enums import JobState, Role
from people.models import AuditEntry, Job
from people.services import jobs
from portfolio.models import ReportingCycle
from portfolio.services.standing import refresh_standing
from reporting.enums import PackState
from reporting.models import Pack, PackRendition
from reporting.services import pdf
from reporting.services.freeze import freeze_cycle
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


@pytest.fixture
def cycle() -> ReportingCycle:
    row: ReportingCycle = ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4))
    ProjectFactory(priority_rank=1, is_top=True)
    refresh_standing(None, now=clock.now())
    return row


@pytest.fixture
def pso() -> Client:
    client = Client()
    client.force_login(user_with(Role.PSO))
    return client


def url(name: str, cycle: ReportingCycle) -> str:
    return reverse(f"reporting:{name}", args=[cycle.slug])


def stop(client: Client, cycle: ReportingCycle) -> Any:
    return client.post(url("pack_stop", cycle), {"job": Job.objects.get(key__startswith="pack:").pk})


def test_a_waiting_build_is_cancelled_and_another_begins(pso: Client, cycle: ReportingCycle) -> None:
    pso.post(url("pack_freeze", cycle))
    assert "Annuler la construction" in pso.get(url("pack", cycle)).content.decode()
    assert stop(pso, cycle).status_code == 303
    assert jobs.claim() is None
    page = pso.get(url("pack", cycle)).content.decode()
    assert "Construction annulée" in page
    assert "Annuler la construction" not in page
    assert Job.objects.get().state == JobState.STOPPED
    assert AuditEntry.objects.filter(verb="job.stopped").count() == 1
    assert (
        "déjà finie" in pso.post(url("pack_stop", cycle), {"job": Job.objects.get().pk}, follow=True).content.decode()
    )
    cycle.refresh_from_db()
    assert cycle.frozen_at is None

    pso.post(url("pack_freeze", cycle))
    assert jobs.run_now(Job.objects.get().pk) == JobState.DONE
    assert Pack.objects.get().state == PackState.RENDERED


def test_a_build_at_work_ends_with_its_child_and_the_frozen_week_is_printed_later(
    pso: Client, cycle: ReportingCycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    children: list[subprocess.Popen[bytes]] = []
    start, talk = pdf.start_child, pdf._talk

    def started(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        children.append(start(*args, **kwargs))
        return children[-1]

    def stopped_meanwhile(child: Any, html: bytes, heartbeat: Callable[[], None]) -> tuple[bytes, bytes]:
        stop(pso, cycle)
        heartbeat()
        return talk(child, html, heartbeat)

    pso.post(url("pack_freeze", cycle))
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "start_child", started)
        patched.setattr(pdf, "_talk", stopped_meanwhile)
        jobs.run_now(Job.objects.get().pk)
    assert children
    assert children[-1].poll() not in (None, 0)
    assert Job.objects.get().state == JobState.STOPPED
    assert not PackRendition.objects.exists()
    assert Pack.objects.get().state == PackState.FROZEN

    pso.post(url("pack_freeze", cycle))
    assert jobs.run_now(Job.objects.get().pk) == JobState.DONE
    assert PackRendition.objects.count() == 1


def test_the_calendar_does_not_begin_again_what_somebody_stopped(pso: Client, cycle: ReportingCycle) -> None:
    from reporting.tasks import _freeze_key, _queue

    pso.post(url("pack_freeze", cycle))
    stop(pso, cycle)
    _queue("freeze_pack", _freeze_key(cycle), cycle, "fr", None, by_calendar=True)
    assert jobs.claim() is None


def test_only_the_shown_build_is_stopped_and_only_by_who_builds(pso: Client, cycle: ReportingCycle) -> None:
    pso.post(url("pack_freeze", cycle))
    assert pso.post(url("pack_stop", cycle), {"job": "0"}).status_code == 404
    assert pso.post(url("pack_stop", cycle)).status_code == 404
    director = Client()
    director.force_login(user_with(Role.DIRECTOR))
    assert stop(director, cycle).status_code == 403
    assert "Annuler la construction" not in director.get(url("pack", cycle)).content.decode()
    assert Job.objects.get(key__startswith="pack:").state == JobState.QUEUED


def test_a_week_frozen_before_is_still_frozen_after(pso: Client, cycle: ReportingCycle) -> None:
    freeze_cycle(cycle, None, clock.now())
    pso.post(url("pack_print", cycle), {"language": "nl"})
    stop(pso, cycle)
    assert "reste gelée" in pso.get(url("pack", cycle)).content.decode()
    pso.post(url("pack_print", cycle), {"language": "nl"})
    assert jobs.run_now(Job.objects.get().pk) == JobState.DONE
