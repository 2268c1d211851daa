"""My work and the reporting calendar over HTTP."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from people.enums import Role
from people.models import User
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.enums import LifeCycle
from portfolio.models import ReportingCalendar
from portfolio.services.standing import refresh_standing
from tests.factories.people import user_with
from tests.factories.portfolio import (
    ProgrammeFactory,
    ProjectFactory,
    ReportingCycleFactory,
    RiskFactory,
    StatusDraftFactory,
    StatusReportFactory,
)

pytestmark = pytest.mark.django_db
WEEK = IsoWeek.of(clock.today())


def page(user: User, name: str = "my_work") -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(f"portfolio:{name}"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_queue_says_what_is_owed_in_rank_order_then_what_is_given() -> None:
    pm, cycle = user_with(Role.PM), ReportingCycleFactory(week=str(WEEK))
    last, first, middle = (
        ProjectFactory(manager=pm.person, priority_rank=rank, name_fr=f"Rang {rank}") for rank in (9, 1, 5)
    )
    ProjectFactory(name_fr="D’un autre chef de projet")
    ProjectFactory(manager=pm.person, life_cycle=LifeCycle.IDEA, name_fr="Encore une idée")
    StatusReportFactory(project=first, cycle=cycle)
    StatusDraftFactory(project=middle, cycle=cycle, author=pm)
    StatusDraftFactory(project=last, cycle=cycle)
    html = page(pm)
    places = [html.index(text) for text in ("Rang 5", "Reprendre", "Rang 9", "Donner le statut", "Rang 1", "Corriger")]
    assert places == sorted(places)
    assert "D’un autre chef de projet" not in html
    assert "Encore une idée" not in html


def test_risks_to_review_and_asks_are_mine_only() -> None:
    pm, cycle = user_with(Role.PM), ReportingCycleFactory(week=str(WEEK))
    project = ProjectFactory(manager=pm.person)
    RiskFactory(project=project, title="Jamais revu")
    RiskFactory(project=project, title="Revu hier", confirmed_on=clock.today() - timedelta(days=1))
    RiskFactory(title="Ailleurs")
    StatusReportFactory(project=project, cycle=cycle, ask_kind="information", ask_text="Démonstration le 4 décembre")
    refresh_standing(None, now=clock.now())
    html = page(pm)
    assert "Jamais revu" in html
    assert "Démonstration le 4 décembre" in html
    assert "Revu hier" not in html
    assert "Ailleurs" not in html


def test_a_programme_manager_sees_the_projects_of_his_programmes() -> None:
    manager = user_with(Role.PROGRAMME_MANAGER)
    programme = ProgrammeFactory(manager=manager.person)
    ProjectFactory(programme=programme, name_fr="Dans mon programme")
    ProjectFactory(programme=ProgrammeFactory(), name_fr="Dans un autre")
    html = page(manager)
    assert "Dans mon programme" in html
    assert "Dans un autre" not in html


@pytest.mark.parametrize("number", [1, 3])
def test_my_work_takes_the_same_statements_whatever_the_number_of_projects(number: int) -> None:
    pm = user_with(Role.PM, Role.PROGRAMME_MANAGER)
    programme = ProgrammeFactory(manager=pm.person)
    ReportingCycleFactory(week=str(WEEK))
    for _project in range(number):
        RiskFactory(project=ProjectFactory(manager=pm.person, programme=programme))
    refresh_standing(None, now=clock.now())
    page(pm)
    client = Client()
    client.force_login(pm)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("portfolio:my_work"))
    own = [query["sql"] for query in captured if "portfolio_" in query["sql"]]
    assert len(own) <= 13, "\n".join(own)


def test_the_calendar_is_read_by_all_and_written_by_the_pso() -> None:
    form = {
        "valid_from": WEEK.next.monday.isoformat(),
        "stale_after_days": "14",
        "open_weekday": "1",
        "due_weekday": "4",
        "cut_weekday": "4",
        "freeze_weekday": "5",
        "publish_weekday": "5",
        "open_time": "07:00",
        "due_time": "12:00",
        "cut_time": "18:00",
        "freeze_time": "09:00",
        "publish_time": "17:00",
        "remind_first": "72",
        "remind_second": "5",
        "remind_overdue": "2",
        "remind_programme": "6",
        "remind_centre": "3",
    }
    url = reverse("portfolio:calendar")
    reader, pso = Client(), Client()
    reader.force_login(user_with(Role.PM))
    pso.force_login(user_with(Role.PSO))
    assert "Changer le rythme" not in reader.get(url).content.decode()
    assert reader.post(url, form).status_code == 403
    assert pso.post(url, {**form, "valid_from": clock.today().replace(year=2020).isoformat()}).status_code == 422
    assert pso.post(url, {**form, "due_time": "midi"}).status_code == 422
    assert pso.post(url, {**form, "remind_first": "4"}).status_code == 422
    assert not ReportingCalendar.objects.exists()
    assert pso.post(url, form).status_code == 303
    written = ReportingCalendar.objects.get()
    assert (written.due_weekday, written.first_reminder_hours, written.centre_escalation_hours) == (4, 72, 3)
