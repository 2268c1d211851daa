"""The page of a past week says what stood then, not what stands now."""

from datetime import timedelta

import pytest
from django.test import Client

from config import clock
from people.enums import Role
from portfolio.models import Milestone
from tests.factories.people import user_with
from tests.factories.portfolio import MilestoneFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db(transaction=True)


def page_of(code: str, week: str) -> str:
    client = Client()
    client.force_login(user_with(Role.DIRECTOR))
    return client.get(f"/projects/{code}/status/{week}/").content.decode()


def test_a_frozen_week_lists_its_milestones_as_they_were() -> None:
    milestone = MilestoneFactory(name="Mise en production")
    cycle = ReportingCycleFactory(frozen_at=clock.now())
    StatusReportFactory(project=milestone.project, cycle=cycle)
    Milestone.objects.filter(pk=milestone.pk).update(
        name="Mise en service", forecast=clock.today() + timedelta(days=300)
    )
    page = page_of(milestone.project.code, cycle.slug)
    assert "Mise en production" in page
    assert "Mise en service" not in page


def test_a_week_before_the_history_says_so() -> None:
    milestone = MilestoneFactory(name="Mise en production")
    cycle = ReportingCycleFactory(frozen_at=clock.now() - timedelta(days=1))
    StatusReportFactory(project=milestone.project, cycle=cycle)
    page = page_of(milestone.project.code, cycle.slug)
    assert "Mise en production" not in page
    assert "L’historique des jalons ne remonte pas jusqu’à cette semaine." in page
