"""The roadmap shows what its reader may know of: ends, milestones ahead, and what slipped."""

from datetime import timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from people.enums import Role
from portfolio.enums import Confidentiality, LifeCycle
from portfolio.services.standing import refresh_standing
from tests.factories.people import user_with
from tests.factories.portfolio import BudgetLineFactory, MilestoneFactory, ProgrammeFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def page(role: Role = Role.PSO, query: str = "") -> str:
    client = Client()
    client.force_login(user_with(role))
    answer = client.get(reverse("portfolio:roadmap") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_slip_shows_in_the_sentence_the_weeks_the_bars_and_the_list() -> None:
    project = ProjectFactory(name_fr="Paie", programme=ProgrammeFactory(name_fr="Socle"))
    gate = MilestoneFactory(project=project, name="Bascule", baseline=clock.today() + timedelta(days=14))
    with pgtrigger.ignore("portfolio.MilestoneEvent:append_only"):
        apps.get_model("portfolio", "MilestoneEvent")._default_manager.update(
            pgh_created_at=clock.now() - timedelta(days=30)
        )
    gate.forecast += timedelta(days=21)
    gate.save()
    project.forecast_end = project.planned_end + timedelta(days=21)
    project.save()
    refresh_standing(None, now=clock.now())
    text = page()
    assert "1 projet sur 1 finit après sa référence, 1 jalon a glissé en 7 jours" in text
    assert text.count("+21\u00a0j") >= 5
    assert "Socle" in text
    assert 'class="chart gantt"' in text


def test_a_project_one_may_not_know_of_is_nowhere() -> None:
    hidden = ProjectFactory(name_fr="Secret", confidentiality=Confidentiality.RESTRICTED)
    MilestoneFactory(project=hidden, name="Caché", forecast=clock.today())
    ProjectFactory(name_fr="Ancien", life_cycle=LifeCycle.ARCHIVED, actual_end=clock.today())
    assert "Secret" in page()
    for text in (page(Role.PM), page(Role.REVIEWER)):
        assert "Secret" not in text
        assert "Caché" not in text
    assert "Ancien" not in page()


def test_without_projects_the_page_says_so() -> None:
    assert "Aucun projet en cours" in page(query="?scale=year&since=1&paper=a9")


def test_the_roadmap_costs_as_many_statements_for_many_projects_as_for_few() -> None:
    client = Client()
    client.force_login(user_with(Role.PSO))
    counts = []
    client.get(reverse("portfolio:roadmap"))
    for more in (1, 6):
        for _each in range(more):
            MilestoneFactory(project=ProjectFactory(programme=ProgrammeFactory()))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("portfolio:roadmap"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_deviations_stand_in_three_columns_and_their_means_come_first() -> None:
    for days, first in ((10, 40), (20, 20), (None, None)):
        project = ProjectFactory(first_approved_cost=None if first is None else 100_000)
        if first is None:
            project.first_approved_end = project.planned_end = project.forecast_end = None
        else:
            project.first_approved_end = project.planned_end - timedelta(days=first - days)
            project.forecast_end = project.planned_end + timedelta(days=days)
            BudgetLineFactory(project=project, approved=100_000, forecast=110_000)
        project.save()
    refresh_standing(None, now=clock.now())
    client = Client()
    client.force_login(user_with(Role.PSO))
    found = client.get(reverse("portfolio:roadmap")).context["deviation"]
    assert (found.first_approved.mean, found.first_approved.count) == (30, 2)
    assert found.baseline.mean == 15
    assert (found.cost.mean, found.cost.count) == (10, 2)
    assert found.last_week.count == 0
