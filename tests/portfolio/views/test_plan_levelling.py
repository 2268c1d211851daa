"""Levelling says who has too much and what could wait; nothing moves before it is applied, and it is undone as one."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.enums import Role
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.schedule_file import Assignment, Link, ProjectHeader, Resource, ScheduleFile, Span, Task
from portfolio.models import Activity, Plan
from portfolio.selectors.plan_levelling import plan_levelling
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.portfolio.services.test_plan_import import take

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
at = datetime.fromisoformat


def shared_work(*days: int, links: tuple[tuple[int, int], ...] = (), **first) -> bytes:
    """Activities that all ask for the whole of one person."""
    after = {then: before for before, then in links}
    tasks = tuple(
        Task(
            uid=uid,
            row=0,
            number=uid,
            name=f"Tâche {uid}",
            duration=Span(Decimal(length * 480)),
            links=(Link(after[uid], LinkType.FS, Span(Decimal(0))),) if uid in after else (),
            **(first if uid == 1 else {}),
        )
        for uid, length in enumerate(days, 1)
    )
    return write_mspdi(
        ScheduleFile(
            format="mspdi",
            header=ProjectHeader(start=at("2026-11-23T08:00")),
            calendars=(),
            tasks=tasks,
            resources=(Resource(1, 0, 1, "Ana Dubois"), Resource(2, 0, 2, "Équipe")),
            assignments=tuple(Assignment(uid, 0, uid, 1) for uid in range(1, len(days) + 1)),
        )
    )


@pytest.fixture
def desk():
    with time_machine.travel(datetime.combine(TODAY, time(12), tzinfo=UTC), tick=True):
        user = user_with(Role.PM)
        client = Client()
        client.force_login(user)
        yield client, ProjectFactory(code="PRJ-1", manager=user.person)


def address() -> str:
    return reverse("portfolio:plan_levelling", args=["PRJ-1"])


def test_two_activities_of_one_person_are_put_one_after_the_other(desk) -> None:
    client, project = desk
    take(project, shared_work(3, 4, 2, links=((2, 3),)))
    found = plan_levelling(project, TODAY)
    assert found is not None
    assert (found.free_finish, found.finish) == (date(2026, 11, 30), date(2026, 12, 3))
    assert [(load.monday, load.percent) for load in found.proposal.before] == [(date(2026, 11, 23), 160)]
    assert found.proposal.after == ()
    assert set(found.starts) == {1, 3}
    text = client.get(address()).content.decode()
    assert "1 semaine en surcharge ; nivelé, le plan finit le" in text
    assert "Ana Dubois" in text
    assert set(Activity.objects.values_list("constraint", flat=True)) == {"ASAP"}


def test_applied_it_is_an_edit_of_the_plan_that_is_undone_as_one(desk) -> None:
    client, project = desk
    take(project, shared_work(3, 4, 2, links=((2, 3),)))
    before = dict(Activity.objects.values_list("uid", "start"))
    found = plan_levelling(project, TODAY)
    assert found is not None
    version = Plan.objects.get().version
    assert client.post(address(), {"version": version - 1}).status_code == 409
    assert client.post(address(), {"version": version}).status_code == 303
    after = dict(Activity.objects.values_list("uid", "start"))
    assert {one.uid: one.now for one in found.moves} == {
        uid: start.date() for uid, start in after.items() if start != before[uid]
    }
    assert "Personne n’a trop de travail" in client.get(address()).content.decode()
    undo = {"act": "undo", "version": Plan.objects.get().version}
    assert client.post(reverse("portfolio:plan_act", args=["PRJ-1"]), undo).status_code == 303
    assert dict(Activity.objects.values_list("uid", "start")) == before


def test_what_a_hard_constraint_holds_stays_and_the_others_give_way(desk) -> None:
    _client, project = desk
    must = {"constraint": ConstraintType.MSO, "constraint_date": at("2026-11-24T08:00")}
    take(project, shared_work(2, 1, **must))
    found = plan_levelling(project, TODAY)
    assert found is not None
    assert found.starts == {}
    take(project, shared_work(2, 2, **must))
    found = plan_levelling(project, TODAY)
    assert found is not None
    assert found.starts == {2: at("2026-11-26T08:00")}


def test_a_large_plan_costs_as_many_statements_as_a_small_one(desk) -> None:
    client, project = desk
    counts = []
    for size in (2, 30):
        take(project, shared_work(*[1] * size))
        client.get(address())
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address()).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
