"""Reporting weeks: which one is written for, when it falls, who is missing."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from config.clock import BRUSSELS
from people.enums import Role
from people.models import AuditEntry
from portfolio.engines.reporting_calendar import CycleState, IsoWeek
from portfolio.enums import Confidentiality, LifeCycle
from portfolio.models import ReportingCalendar, ReportingCycle
from portfolio.selectors.reporting_cycle import completeness, get_cycle
from portfolio.services.reporting_cycle import current_cycle, ensure_cycle, set_rhythm
from tests.factories.people import user_with
from tests.factories.portfolio import (
    ProjectFactory,
    ReportingCalendarFactory,
    ReportingCycleFactory,
    StatusDraftFactory,
    StatusReportFactory,
)

pytestmark = pytest.mark.django_db


def brussels(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BRUSSELS)  # type: ignore[misc, arg-type]


def test_a_week_has_the_instants_of_the_rhythm_in_force() -> None:
    ReportingCalendarFactory(valid_from=date(2026, 1, 5))
    ReportingCalendarFactory(valid_from=date(2026, 11, 23), due_weekday=4, due_time=time(10, 0))
    before, after = ensure_cycle(IsoWeek(2026, 47)), ensure_cycle(IsoWeek(2026, 48))
    assert before.due_at == brussels(2026, 11, 20, 16, 0)
    assert after.due_at == brussels(2026, 11, 26, 10, 0)
    assert after.freeze_at == brussels(2026, 11, 30, 12, 0)


def test_the_same_week_is_created_once() -> None:
    assert ensure_cycle(IsoWeek(2026, 47)) == ensure_cycle(IsoWeek(2026, 47))
    assert ReportingCycle.objects.count() == 1


def test_week_53_and_clock_changes_fall_right() -> None:
    assert ensure_cycle(IsoWeek(2026, 53)).freeze_at == brussels(2027, 1, 4, 12, 0)
    assert ensure_cycle(IsoWeek(2026, 43)).freeze_at == brussels(2026, 10, 26, 12, 0)
    assert ensure_cycle(IsoWeek(2027, 12)).freeze_at == brussels(2027, 3, 30, 12, 0)  # after Easter Monday


def test_on_an_empty_database_the_week_written_for_is_the_latest_opened_one() -> None:
    assert current_cycle(brussels(2026, 11, 21, 10, 0)).slug == "2026-W47"
    ReportingCycle.objects.all().delete()
    assert current_cycle(brussels(2026, 11, 23, 6, 59)).slug == "2026-W47"


def test_until_its_freeze_last_week_is_still_written_for() -> None:
    ReportingCycleFactory(week="2026-W47")
    ReportingCycleFactory(week="2026-W48")
    assert current_cycle(brussels(2026, 11, 23, 9, 0)).slug == "2026-W47"


def test_an_early_freeze_opens_the_next_week() -> None:
    ReportingCycleFactory(week="2026-W47", frozen_at=brussels(2026, 11, 21, 9, 0))
    assert current_cycle(brussels(2026, 11, 21, 10, 0)).slug == "2026-W48"


def test_weeks_missed_before_a_later_freeze_are_not_waited_for() -> None:
    ReportingCycleFactory(week="2026-W40")
    ReportingCycleFactory(week="2026-W46", frozen_at=brussels(2026, 11, 16, 12, 0))
    assert current_cycle(brussels(2026, 11, 19, 10, 0)).slug == "2026-W47"


def test_cycles_are_found_by_slug_and_in_order() -> None:
    _first, second = ReportingCycleFactory(week="2026-W53"), ReportingCycleFactory(week="2027-W01")
    assert get_cycle("2027-W01") == second
    for slug in ("2027-W02", "2027-W54", "W47", "2026-47"):
        with pytest.raises(Http404):
            get_cycle(slug)


def test_completeness_counts_what_the_reader_may_see() -> None:
    cycle = ReportingCycleFactory(week="2026-W47")
    given, begun, hidden = (
        ProjectFactory(),
        ProjectFactory(),
        ProjectFactory(confidentiality=Confidentiality.RESTRICTED),
    )
    ProjectFactory(life_cycle=LifeCycle.MANDATE)
    StatusReportFactory(project=given, cycle=cycle)
    StatusDraftFactory(project=begun, cycle=cycle)
    whole = completeness(user_with(Role.PSO), cycle, brussels(2026, 11, 20, 17, 0))
    assert (whole.expected, whole.received) == (3, 1)
    assert {row.code: row.begun for row in whole.missing} == {begun.code: True, hidden.code: False}
    part = completeness(user_with(Role.PM), cycle, brussels(2026, 11, 20, 17, 0))
    assert (part.expected, [row.code for row in part.missing]) == (2, [begun.code])


RHYTHM: dict[str, Any] = {
    "valid_from": date(2026, 11, 23),
    "open_at": (1, time(7, 0)),
    "due_at": (4, time(12, 0)),
    "cut_at": (4, time(18, 0)),
    "freeze_at": (5, time(9, 0)),
    "publish_at": (5, time(17, 0)),
    "stale_after_days": 14,
}
NOW = brussels(2026, 11, 21, 10, 0)


def test_a_new_rhythm_is_a_dated_row_that_replans_what_is_not_frozen() -> None:
    frozen = ReportingCycleFactory(week="2026-W47", frozen_at=NOW)
    coming = ReportingCycleFactory(week="2026-W48")
    set_rhythm(by=user_with(Role.PSO), now=NOW, **RHYTHM)
    coming.refresh_from_db()
    due_before = frozen.due_at
    frozen.refresh_from_db()
    assert coming.freeze_at == brussels(2026, 11, 27, 9, 0)
    assert frozen.due_at == due_before
    assert ReportingCalendar.objects.get().valid_from == date(2026, 11, 23)
    assert AuditEntry.objects.get().verb == "calendar.changed"


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": date(2026, 11, 24)},
        {"valid_from": date(2026, 11, 9)},
        {"due_at": (1, time(6, 0))},
        {"open_at": (8, time(6, 0))},
        {"stale_after_days": 3},
    ],
)
def test_a_rhythm_in_the_past_or_out_of_order_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        set_rhythm(by=user_with(Role.PSO), now=NOW, **{**RHYTHM, **changes})
    assert not ReportingCalendar.objects.exists()


def test_the_same_rhythm_again_changes_nothing_and_leaves_no_act() -> None:
    pso = user_with(Role.PSO)
    set_rhythm(by=pso, now=NOW, **RHYTHM)

    again = set_rhythm(by=pso, now=NOW, **{**RHYTHM, "valid_from": date(2026, 11, 30)})

    assert again is None
    assert (ReportingCalendar.objects.count(), AuditEntry.objects.count()) == (1, 1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def week_47(**acts: datetime) -> ReportingCycle:
    return ReportingCycle(
        iso_year=2026,
        iso_week=47,
        opens_at=utc("2026-11-18 07:00"),
        due_at=utc("2026-11-20 15:00"),
        cut_at=utc("2026-11-20 17:00"),
        freeze_at=utc("2026-11-23 11:00"),
        publish_at=utc("2026-11-24 07:00"),
        **acts,
    )


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-11-18 06:59", CycleState.PLANNED),
        ("2026-11-18 07:00", CycleState.OPEN),
        ("2026-11-20 14:59", CycleState.OPEN),
        ("2026-11-20 15:00", CycleState.DUE),
        ("2026-11-30 09:00", CycleState.DUE),
    ],
)
def test_state_without_acts_follows_the_clock(now: str, state: CycleState) -> None:
    assert week_47().state(utc(now)) is state


def test_freeze_and_publication_are_acts() -> None:
    frozen, published = utc("2026-11-23 10:00"), utc("2026-11-24 07:00")
    assert week_47(frozen_at=frozen).state(utc("2026-11-23 10:00")) is CycleState.FROZEN
    assert week_47(frozen_at=frozen, published_at=published).state(utc("2026-11-24 08:00")) is CycleState.PUBLISHED
