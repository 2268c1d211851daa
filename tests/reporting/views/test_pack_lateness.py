"""A freeze that came late, and a week that nobody froze, say so wherever a pack is read."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from config import clock
from config.web import formats
from people.enums import Role
from portfolio.models import ReportingCycle
from portfolio.services.standing import refresh_standing
from reporting.services.freeze import freeze_cycle
from tests.factories.packs import published_pack
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


def cycle_of(weeks_ago: int) -> ReportingCycle:
    freeze_at = clock.now() - timedelta(weeks=weeks_ago, hours=1)
    return ReportingCycleFactory(
        week=freeze_at.strftime("%G-W%V"),
        opens_at=freeze_at - timedelta(days=7),
        due_at=freeze_at - timedelta(days=3),
        cut_at=freeze_at - timedelta(days=3),
        freeze_at=freeze_at,
        publish_at=freeze_at + timedelta(hours=5),
    )


def client_of(role: Role) -> Client:
    client = Client()
    client.force_login(user_with(role))
    return client


def page(client: Client, name: str, *args: str) -> str:
    return client.get(reverse(f"reporting:{name}", args=args)).content.decode()


def test_a_late_freeze_is_marked_in_the_list_on_the_page_and_on_the_cover() -> None:
    ProjectFactory(is_top=True, priority_rank=1)
    refresh_standing(None, now=clock.now())
    late, punctual = cycle_of(0), cycle_of(1)
    read, frozen = clock.now(), clock.now() + timedelta(hours=1)
    freeze_cycle(punctual, None, punctual.freeze_at)
    freeze_cycle(late, None, frozen, as_of=read)

    pso = client_of(Role.PSO)
    listed = pso.get(reverse("reporting:reports"))
    assert {line.cycle.pk: line.is_late for line in listed.context["lines"]} == {late.pk: True, punctual.pk: False}
    assert listed.content.decode().count("en retard") == 1
    for name in ("pack", "pack_online"):
        assert "Gelé en retard" in page(pso, name, late.slug)
        assert formats.datetime_short(read) in page(pso, name, late.slug)
        assert "Gelé en retard" not in page(pso, name, punctual.slug)


def test_a_week_that_nobody_froze_is_listed_as_missed_without_a_dead_link() -> None:
    ProjectFactory(is_top=True, priority_rank=1)
    refresh_standing(None, now=clock.now())
    last, missed = cycle_of(0), cycle_of(1)
    published_pack(last)
    codir = client_of(Role.CODIR).get(reverse("reporting:reports"))
    lines = codir.context["lines"]
    assert [(line.cycle.pk, line.is_missed) for line in lines] == [(last.pk, False), (missed.pk, True)]
    text = codir.content.decode()
    assert "manqué" in text
    assert reverse("reporting:pack", args=[missed.slug]) not in text
    assert reverse("reporting:pack", args=[missed.slug]) in page(client_of(Role.PSO), "reports")
