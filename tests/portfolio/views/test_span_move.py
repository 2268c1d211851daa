"""What if a project ended on another day: who feels it and whether it is too much; proposed, never written."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from config import clock
from people.enums import Role
from people.models import AuditEntry, Notification
from portfolio.models import Activity
from portfolio.selectors.span_move import span_move
from tests.factories.people import user_with
from tests.factories.portfolio import MilestoneFactory, ProjectFactory, ToleranceFactory
from tests.portfolio.services.test_cross_link import planned, tie

pytestmark = pytest.mark.django_db
END = date(2026, 12, 1)


@pytest.fixture
def pair():
    """The second waits for the first with three days to spare."""
    giver, theirs = planned("PRJ-1", 5, 2, planned_end=END, forecast_end=END, start=date(2026, 11, 2))
    waiter, user = planned("PRJ-2", 10, 2)
    tie(giver, "a2", waiter, "a2", user)
    return giver, theirs, waiter


def test_who_waits_feels_what_exceeds_its_room_and_nothing_is_written(pair) -> None:
    giver, theirs, _waiter = pair
    before = list(Activity.objects.order_by("pk").values_list("start", "finish"))
    slight = span_move(theirs, giver, END + timedelta(days=2), clock.now())
    assert slight is not None
    assert (slight.effects, slight.links, slight.days) == ((), 1, 2)
    far = span_move(theirs, giver, END + timedelta(days=14), clock.now())
    assert far is not None
    (hit,) = far.effects
    assert (hit.project.code, round(hit.end_days), hit.rows[0][0]) == ("PRJ-2", 7, "2 Tâche 2")
    assert far.deviation.baseline == 14
    assert list(Activity.objects.order_by("pk").values_list("start", "finish")) == before


def test_coming_forward_frees_who_was_pushed_back() -> None:
    giver, user = planned("PRJ-1", 10, 5, planned_end=END, forecast_end=END)
    waiter, _other = planned("PRJ-2", 5, 2)
    tie(giver, "a2", waiter, "a2", user, mine=giver)
    found = span_move(user, giver, END - timedelta(days=7), clock.now())
    assert found is not None
    assert round(found.effects[0].end_days) == -5


def test_a_project_of_milestones_moves_them(pair) -> None:
    _giver, _theirs, waiter = pair
    user = user_with(Role.PSO)
    bare = ProjectFactory(code="PRJ-3", planned_end=END, forecast_end=END)
    gate = MilestoneFactory(project=bare, baseline=END, forecast=END)
    tie(bare, f"m{gate.pk}", waiter, "a2", user)
    found = span_move(user, bare, END + timedelta(days=14), clock.now())
    assert found is not None
    assert [hit.project.code for hit in found.effects] == ["PRJ-2"]


def test_beyond_the_tolerance_it_takes_a_decision_and_the_proposal_reaches_who_leads(pair) -> None:
    giver, theirs, _waiter = pair
    ToleranceFactory(project=giver, target="time", plus=10, minus=None, unit="days")
    client = Client()
    client.force_login(user_with(Role.PSO))
    url = reverse("portfolio:span_move", args=["PRJ-1"])
    assert "et si elle changeait" in client.get(url).content.decode()
    assert "il faut une décision" not in client.get(url, {"end": "2026-12-08"}).content.decode()
    text = client.get(url, {"end": "2026-12-15"}).content.decode()
    assert "il faut une décision" in text
    assert "PRJ-2" in text
    assert [client.get(url, {"end": day}).status_code for day in ("9999-12-31", "2020-01-01")] == [422, 422]
    assert client.post(url, {"end": "2026-12-15", "reason": ""}).status_code == 422
    assert client.post(url, {"end": "2026-12-15", "reason": "Gel de la paie"}).status_code == 303
    note = Notification.objects.get(user=theirs, kind="span_move_proposed")
    assert note.path == "/roadmap/PRJ-1/move/?end=2026-12-15"
    assert AuditEntry.objects.filter(verb="project.move_proposed").count() == 1
    giver.refresh_from_db()
    assert giver.forecast_end == END


def test_only_who_may_plan_the_project_tries_it(pair) -> None:
    client = Client()
    for role, status in ((Role.PM, 403), (Role.AUDITOR, 403), (Role.PSO, 200)):
        client.force_login(user_with(role))
        assert client.get(reverse("portfolio:span_move", args=["PRJ-1"])).status_code == status
        shown = "/roadmap/PRJ-1/move/" in client.get(reverse("portfolio:roadmap")).content.decode()
        assert shown is (status == 200)
