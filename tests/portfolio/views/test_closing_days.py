"""The closing days on the calendar page: added and removed by the PSO, read by everybody else."""

from datetime import date, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from config.web import formats
from people.enums import Role
from portfolio.models import ClosingDay
from tests.factories.people import user_with
from tests.factories.portfolio import ReportingCycleFactory

pytestmark = pytest.mark.django_db
CALENDAR = "/reports/calendar/"
FRIDAY = date(2026, 12, 18)


@pytest.fixture(autouse=True)
def monday_morning() -> object:
    with time_machine.travel("2026-12-14T09:00:00+01:00", tick=True):
        yield


def client_of(role: Role) -> Client:
    client = Client()
    client.force_login(user_with(role))
    return client


def add(client: Client, day: date, name: str = "Pont") -> HttpResponse:
    return client.post(reverse("portfolio:closing_day_add"), {"day": day.isoformat(), "name": name})


def test_the_pso_adds_a_day_sees_the_deadline_move_and_takes_it_back() -> None:
    cycle = ReportingCycleFactory(week="2026-W51")
    usual = cycle.due_at
    pso = client_of(Role.PSO)
    assert add(pso, FRIDAY).status_code == 303
    page = pso.get(CALENDAR).content.decode()
    assert formats.date_long(FRIDAY) in page
    cycle.refresh_from_db()
    assert cycle.due_at == usual - timedelta(days=1)
    weeks = pso.get(CALENDAR).context["weeks"]
    assert weeks[0].due == cycle.due_at
    remove = reverse("portfolio:closing_day_remove", args=[ClosingDay.objects.get().pk])
    assert pso.post(remove).status_code == 303
    assert pso.post(remove).status_code == 404
    cycle.refresh_from_db()
    assert cycle.due_at == usual
    assert "Aucun jour de fermeture à venir." in pso.get(CALENDAR).content.decode()


@pytest.mark.parametrize(("day", "name"), [(FRIDAY, ""), (date(2026, 12, 14), "Aujourd’hui"), (FRIDAY, "x" * 121)])
def test_a_refused_day_is_shown_again_with_its_reason(day: date, name: str) -> None:
    answer = add(client_of(Role.PSO), day, name)
    assert answer.status_code == 422
    assert answer.context["closing_form"].errors
    assert not ClosingDay.objects.exists()


def test_the_same_day_twice_is_one_day() -> None:
    pso = client_of(Role.PSO)
    add(pso, FRIDAY)
    assert add(pso, FRIDAY, "Encore").status_code == 422
    assert ClosingDay.objects.count() == 1


@pytest.mark.parametrize("role", [Role.PM, Role.DIRECTOR, Role.CODIR])
def test_the_others_read_the_days_and_change_nothing(role: Role) -> None:
    closing = ClosingDay.objects.create(day=FRIDAY, name="Pont")
    client = client_of(role)
    page = client.get(CALENDAR).content.decode()
    assert formats.date_long(FRIDAY) in page
    assert reverse("portfolio:closing_day_add") not in page
    assert add(client, date(2026, 12, 17)).status_code == 403
    assert client.post(reverse("portfolio:closing_day_remove", args=[closing.pk])).status_code == 403
    assert ClosingDay.objects.count() == 1
