"""A closing day moves the deadlines of the weeks to come, and never a deadline into the past."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from config.clock import BRUSSELS
from people.enums import Role
from people.models import AuditEntry, User
from portfolio.models import ClosingDay, ReportingCycle
from portfolio.services.closing_day import add_closing_day, remove_closing_day
from tests.factories.people import user_with
from tests.factories.portfolio import ReportingCycleFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 12, 14, 9, 0, tzinfo=BRUSSELS)
FRIDAY, THURSDAY = date(2026, 12, 18), date(2026, 12, 17)


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


@pytest.fixture
def cycle() -> ReportingCycle:
    return ReportingCycleFactory(week="2026-W51")


def add(pso: User, day: date, now: datetime = MONDAY) -> ClosingDay:
    return add_closing_day(by=pso, day=day, name="Pont", now=now)


def due(cycle: ReportingCycle) -> datetime:
    cycle.refresh_from_db()
    return cycle.due_at.astimezone(BRUSSELS)


def test_the_deadline_moves_to_the_working_day_before_and_back(pso: User, cycle: ReportingCycle) -> None:
    usual = due(cycle)
    assert usual.date() == FRIDAY
    closing = add(pso, FRIDAY)
    assert due(cycle) == usual.replace(day=17)
    second = add(pso, THURSDAY)
    assert due(cycle) == usual.replace(day=16)
    remove_closing_day(by=pso, closing=second, now=MONDAY)
    assert due(cycle) == usual.replace(day=17)
    remove_closing_day(by=pso, closing=closing, now=MONDAY)
    assert due(cycle) == usual
    verbs = AuditEntry.objects.filter(verb__startswith="closing_day").order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["closing_day.added"] * 2 + ["closing_day.removed"] * 2


def test_a_freeze_moves_to_the_working_day_after(pso: User, cycle: ReportingCycle) -> None:
    add(pso, date(2026, 12, 21))
    cycle.refresh_from_db()
    assert cycle.freeze_at.astimezone(BRUSSELS) == datetime(2026, 12, 22, 12, 0, tzinfo=BRUSSELS)
    assert cycle.publish_at >= cycle.freeze_at


def test_a_frozen_week_keeps_its_instants(pso: User, cycle: ReportingCycle) -> None:
    usual = due(cycle)
    ReportingCycle.objects.filter(pk=cycle.pk).update(frozen_at=MONDAY)
    add(pso, FRIDAY)
    assert due(cycle) == usual


@pytest.mark.usefixtures("cycle")
def test_a_day_that_has_come_is_neither_added_nor_removed(pso: User) -> None:
    closing = add(pso, FRIDAY)
    on_the_day = datetime(2026, 12, 18, 8, 0, tzinfo=BRUSSELS)
    with pytest.raises(ValidationError):
        remove_closing_day(by=pso, closing=closing, now=on_the_day)
    with pytest.raises(ValidationError):
        add(pso, MONDAY.date())
    assert ClosingDay.objects.get() == closing


def test_a_day_that_would_put_a_deadline_in_the_past_is_refused_whole(pso: User, cycle: ReportingCycle) -> None:
    usual = due(cycle)
    with pytest.raises(ValidationError):
        add(pso, FRIDAY, now=datetime(2026, 12, 17, 18, 0, tzinfo=BRUSSELS))
    assert due(cycle) == usual
    assert not ClosingDay.objects.exists()
