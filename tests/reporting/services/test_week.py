"""The freeze that nobody asks for: on time, once, with the data of its own instant however late it comes."""

from __future__ import annotations

import time as real_time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from config import clock
from config.clock import BRUSSELS
from people.models import Job
from people.services import jobs, schedule
from portfolio.engines.reporting_calendar import current_week
from portfolio.models import ClosingDay, Project, ReportingCycle, StatusReport
from portfolio.selectors.closing_day import closed_days
from portfolio.selectors.reporting_cycle import missed_weeks
from portfolio.services.reporting_cycle import ensure_cycle
from portfolio.services.standing import refresh_standing
from reporting.engines.edition import Edition
from reporting.models import Pack, Snapshot
from reporting.services.pack import edition_of
from reporting.services.week import freeze_due
from tests.factories.guards import guards_off
from tests.factories.portfolio import MilestoneFactory, ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db(transaction=True)


def drain() -> None:
    """Everything the calendar asks for now, done as the runner does it."""
    for _turn in range(5):
        schedule.run_due(clock.now())
        while (run := jobs.claim()) is not None:
            jobs.execute(run)


def frozen_facts() -> Edition:
    return edition_of(Snapshot.objects.get())


def cycle_frozen_at(instant: datetime) -> ReportingCycle:
    return ReportingCycleFactory(
        opens_at=instant - timedelta(days=7),
        due_at=instant - timedelta(days=3),
        cut_at=instant - timedelta(days=3),
        freeze_at=instant,
        publish_at=instant + timedelta(hours=5),
    )


def test_late_freeze_reads_the_portfolio_as_it_stood_at_its_instant() -> None:
    early, late = ProjectFactory(code="P-001", name_fr="Ancien nom"), ProjectFactory(code="P-002")
    milestone = MilestoneFactory(project=early, name="Recette")
    cycle = cycle_frozen_at(clock.now())
    StatusReportFactory(project=early, cycle=cycle, overall="red", message="Avant le gel.")
    refresh_standing(None, now=clock.now())
    real_time.sleep(0.02)
    instant = clock.now()
    ReportingCycle.objects.filter(pk=cycle.pk).update(freeze_at=instant, publish_at=instant + timedelta(hours=5))
    real_time.sleep(0.02)

    Project.objects.filter(pk=early.pk).update(name_fr="Nouveau nom")
    StatusReport.objects.filter(project=early).update(message="Après le gel.", overall="green")
    StatusReportFactory(project=late, cycle=cycle, overall="green")
    with transaction.atomic(), guards_off("portfolio_milestone"):
        milestone.delete()
    ProjectFactory(code="P-003")
    refresh_standing(None, now=clock.now())

    with time_machine.travel(instant + timedelta(days=4), tick=True):
        drain()

    facts = frozen_facts()
    assert [project.code for project in facts.projects] == ["P-001", "P-002"]
    first, second = facts.projects
    assert (first.names.fr, first.state, first.status.message) == ("Ancien nom", "red", "Avant le gel.")
    assert [row.name for row in first.milestones] == ["Recette"]
    assert second.status is None
    assert second.state == "stale"
    assert facts.as_of == instant
    assert facts.frozen_late_at is not None
    assert Project.objects.get(code="P-001").name_fr == "Nouveau nom"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'")
        assert cursor.fetchone() == (0,)


def test_punctual_freeze_is_not_marked_late_and_happens_once() -> None:
    ProjectFactory()
    refresh_standing(None, now=clock.now())
    real_time.sleep(0.02)
    cycle_frozen_at(clock.now())
    drain()
    drain()
    assert Snapshot.objects.count() == Pack.objects.count() == 1
    assert Job.objects.filter(kind="freeze_pack").count() == 1
    assert frozen_facts().frozen_late_at is None


def test_portfolio_younger_than_the_freeze_has_nothing_to_freeze() -> None:
    cycle_frozen_at(clock.now() - timedelta(hours=1))
    ProjectFactory()
    assert freeze_due(clock.now()) is None


def test_of_several_missed_weeks_only_the_last_is_caught_up() -> None:
    ProjectFactory()
    refresh_standing(None, now=clock.now())
    start = clock.now()
    for _week in range(4):
        start += timedelta(days=7)
        with time_machine.travel(start, tick=True):
            ensure_cycle_of_today()
    with time_machine.travel(start + timedelta(days=3), tick=True):
        drain()
        frozen = ReportingCycle.objects.filter(frozen_at__isnull=False)
        assert frozen.count() == 1
        assert frozen.get().freeze_at == max(
            cycle.freeze_at for cycle in ReportingCycle.objects.filter(freeze_at__lte=clock.now())
        )
        assert all(cycle.freeze_at < frozen.get().freeze_at for cycle in missed_weeks(clock.now()))
        assert missed_weeks(clock.now())


def ensure_cycle_of_today() -> ReportingCycle:
    return ensure_cycle(current_week(clock.now()))


def test_own_closing_day_moves_the_deadline_of_weeks_to_come() -> None:
    ClosingDay.objects.create(day="2026-12-24", name="Fermeture")
    with time_machine.travel(datetime(2026, 12, 21, 9, tzinfo=BRUSSELS), tick=False):
        cycle = ensure_cycle_of_today()
    assert cycle.due_at == datetime(2026, 12, 23, 15, 0, tzinfo=UTC)


def test_legal_holidays_are_closed() -> None:
    days = closed_days(datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2026, 12, 31, tzinfo=UTC).date())
    working = sorted(f"{day:%m-%d}" for day in days if day.isoweekday() < 6)
    assert working == ["01-01", "04-06", "05-01", "05-14", "05-25", "07-21", "11-11", "12-25"]
