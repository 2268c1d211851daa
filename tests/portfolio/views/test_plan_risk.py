"""How sure the end is: the sentence first, the same each time; three points count, and risks that say their delay."""

import time
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.enums import Role
from people.models import AuditEntry
from portfolio.models import Activity, RiskDelay
from portfolio.selectors.plan_risk import schedule_risk
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory, RiskFactory
from tests.portfolio.engines.test_mspdi_reader import link
from tests.portfolio.services.test_plan_import import plan_of, row, take

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
GOAL = date(2026, 12, 11)


@pytest.fixture
def desk():
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=True):
        user = user_with(Role.PM)
        client = Client()
        client.force_login(user)
        project = ProjectFactory(code="PRJ-1", manager=user.person, planned_end=GOAL)
        take(project, plan_of(row(1, 5), row(2, 5, link(1)), row(3, 2, link(1))))
        yield client, project


def estimate(uid: int, low: int, likely: int, high: int) -> None:
    days = {"optimistic": low * 480, "most_likely": likely * 480, "pessimistic": high * 480}
    Activity.objects.filter(uid=uid).update(**days)


def text_of(client: Client, query: str = "") -> str:
    answer = client.get(reverse("portfolio:plan_risk", args=["PRJ-1"]) + query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def test_a_plan_nobody_estimated_ends_when_it_says_and_the_page_says_so(desk) -> None:
    client, _project = desk
    text = text_of(client)
    assert "Personne n’a estimé d’incertitude" in text
    assert "objectif du 11 déc. 2026 : 100" in text


def test_the_chance_of_the_target_comes_first_and_is_the_same_each_time(desk) -> None:
    client, project = desk
    estimate(1, 4, 5, 15)
    text = text_of(client)
    found = schedule_risk(project, TODAY, GOAL)
    again = schedule_risk(project, TODAY, GOAL)
    assert found is not None
    assert again is not None
    assert (found.days, found.seed, found.runs) == (again.days, project.plan.version, 10_000)
    chance = found.simulation.probability_of_target or 0
    assert 0.69 < chance < 0.77  # one triangular (4, 5, 15) within ten days less five: 1 - 25/110
    assert found.day(10) < found.day(50) < found.day(80) <= found.day(90)
    assert {one.uid: one.criticality for one in found.activities} == {1: 1, 2: 1, 3: 0}
    assert "4 chances sur 5 de finir au plus tard le" in text
    assert "PERT analytique, optimiste" in text
    assert f"graine {found.seed}" in text


def test_another_target_may_be_asked_for(desk) -> None:
    client, _project = desk
    assert "objectif du 1er déc. 2026 : 0" in text_of(client, "?target=2026-12-01")
    answer = client.get(reverse("portfolio:plan_risk", args=["PRJ-1"]), {"target": "demain"})
    assert answer.status_code == 422


def test_an_open_risk_counts_once_it_says_what_it_delays(desk) -> None:
    client, project = desk
    risk = RiskFactory(project=project, number=4, probability=4)
    url = reverse("portfolio:plan_risk", args=["PRJ-1"])
    data = {"risk": 4, "activity": 3, "optimistic": 10, "most_likely": 10, "pessimistic": 10}
    assert client.post(url, {**data, "most_likely": 30}).status_code == 422
    assert client.post(url, {**data, "activity": 99}).status_code == 422
    assert client.post(url, data).status_code == 303
    assert client.post(url, data).status_code == 422
    found = schedule_risk(project, TODAY, GOAL)
    assert found is not None
    assert abs(found.risks[0].struck - 0.6) < 0.02
    assert abs((found.simulation.probability_of_target or 0) - 0.4) < 0.02
    assert "1 risque du registre compte" in text_of(client)
    delay = RiskDelay.objects.get()
    assert client.post(reverse("portfolio:risk_delay_remove", args=["PRJ-1", delay.pk])).status_code == 303
    assert not RiskDelay.objects.exists()
    assert AuditEntry.objects.filter(target_type__endswith="riskdelay").count() == 2
    risk.refresh_from_db()
    assert risk.state == "open"


def test_a_project_without_a_plan_has_no_such_page(desk) -> None:
    client, project = desk
    project.plan.delete()
    assert client.get(reverse("portfolio:plan_risk", args=["PRJ-1"])).status_code == 404


def test_a_plan_of_a_hundred_activities_answers_at_once_and_in_as_many_statements(desk) -> None:
    client, project = desk
    counts = []
    for size in (3, 100):
        take(project, plan_of(*(row(uid, 3, *([link(uid - 1)] if uid > 1 else [])) for uid in range(1, size + 1))))
        for uid in range(1, size + 1):
            estimate(uid, 2, 3, 6)
        text_of(client)
        with CaptureQueriesContext(connection) as seen:
            text_of(client)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    begun = time.perf_counter()
    schedule_risk(project, TODAY, GOAL)
    assert time.perf_counter() - begun < 1
