from datetime import timedelta

import pytest
import time_machine

from config import clock
from people.models import Job
from people.services import jobs, schedule
from portfolio.services.standing import refresh_standing
from portfolio.tasks import NIGHTLY, REFRESH
from tests.factories.portfolio import MilestoneFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def test_night_turns_a_passed_milestone_overdue_though_nobody_wrote() -> None:
    project = ProjectFactory()
    MilestoneFactory(project=project, name="Recette", baseline=clock.today() + timedelta(days=2))
    refresh_standing(None, now=clock.now())

    with time_machine.travel(clock.now() + timedelta(days=5)):
        schedule.run_due()
        jobs.run_now(Job.objects.get(kind=REFRESH).pk)

    project.standing.refresh_from_db()
    assert project.standing.computed["dimensions"]["time"]["rule"] == "milestone_overdue"


def test_three_missed_nights_are_caught_up_once() -> None:
    schedule.run_due(clock.now() - timedelta(days=4))
    schedule.run_due(clock.now())
    schedule.run_due(clock.now())

    assert Job.objects.filter(kind=NIGHTLY.kind).count() == 2
