from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.engines.reporting_calendar import (
    BRUSSELS,
    CalendarRule,
    InvalidWeekError,
    IsoWeek,
    Slot,
    current_week,
    cycle_times,
    reporting_week,
    to_utc,
    weeks_in_year,
)
from tests.formula_tables import worked

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
WEEKS = DAYS.map(IsoWeek.of)
W47 = IsoWeek(2026, 47)
RHYTHM = CalendarRule(
    opens=Slot(3, time(8, 0)),
    due=Slot(5, time(16, 0)),
    data_cut=Slot(5, time(18, 0)),
    freeze=Slot(1, time(12, 0), week_offset=1),
    publication=Slot(2, time(8, 0), week_offset=1),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("row", worked("reporting_calendar", "weeks"), ids=lambda row: row["date"])
def test_weeks_worked_numbers(row):
    week = IsoWeek.of(date.fromisoformat(row["date"]))
    assert str(week) == row["week"]
    assert str(week.next) == row["next"]
    assert week.next.previous == week


@pytest.mark.parametrize(
    "row", worked("reporting_calendar", "instants in Europe/Brussels"), ids=lambda row: row["local"]
)
def test_instants_worked_numbers(row):
    local = datetime.fromisoformat(row["local"])
    assert to_utc(local.date(), local.time()).isoformat() == row["utc"]


@pytest.mark.parametrize(("year", "weeks"), [(2020, 53), (2024, 52), (2025, 52), (2026, 53), (2027, 52), (2032, 53)])
def test_weeks_in_year(year, weeks):
    assert weeks_in_year(year) == weeks


@pytest.mark.parametrize(
    "text", ["2026-47", "2026-W54", "2027-W53", "2026-W00", "2026-W7", " 2026-W47", "2026-W47\n", "٢٠٢٦-W47"]
)
def test_parse_refuses_what_is_no_week(text):
    with pytest.raises(InvalidWeekError):
        IsoWeek.parse(text)


def test_parse_reads_week_53():
    assert IsoWeek.parse("2026-W53") == IsoWeek(2026, 53)


@given(day=DAYS)
def test_every_day_lies_in_its_week(day):
    week = IsoWeek.of(day)
    assert week.monday <= day <= week.sunday
    assert week.day(day.isoweekday()) == day
    assert IsoWeek.parse(str(week)) == week


@given(week=WEEKS, offset=st.integers(-500, 500))
def test_week_arithmetic_is_exact(week, offset):
    moved = week.plus(offset)
    assert moved.weeks_since(week) == offset
    assert (moved.monday - week.monday).days == 7 * offset
    assert (moved > week) == (offset > 0)


def test_last_weeks_cross_the_year_with_week_53():
    assert [str(week) for week in IsoWeek(2027, 1).last(3)] == ["2026-W52", "2026-W53", "2027-W01"]


def test_default_cycle_of_week_47():
    times = cycle_times(RHYTHM, W47)
    assert times.opens == utc("2026-11-18 07:00")
    assert times.due == utc("2026-11-20 15:00")
    assert times.data_cut == utc("2026-11-20 17:00")
    assert times.freeze == utc("2026-11-23 11:00")
    assert times.publication == utc("2026-11-24 07:00")


@pytest.mark.parametrize("week", [IsoWeek(2027, 12), IsoWeek(2026, 43)])
def test_cycle_across_a_clock_change_keeps_wall_times(week):
    times = cycle_times(RHYTHM, week)
    assert times.due.astimezone(BRUSSELS).time() == time(16)
    assert times.freeze.astimezone(BRUSSELS).time() == time(12)
    assert times.freeze - times.due in (timedelta(hours=67), timedelta(hours=69))


MONDAYS = CalendarRule(
    opens=Slot(1, time(7)),
    due=Slot(5, time(16)),
    data_cut=Slot(5, time(18)),
    freeze=Slot(1, time(12), 1),
    publication=Slot(1, time(17), 1),
)


@pytest.mark.parametrize("row", worked("reporting_calendar", "closed days"), ids=lambda row: row["closed"])
def test_no_deadline_falls_on_a_closed_day(row):
    closed = {date.fromisoformat(day) for day in row["closed"].split()}
    times = cycle_times(MONDAYS, IsoWeek.parse(row["week"]), closed)
    for name in ("due", "data_cut", "freeze", "publication"):
        local = getattr(times, name).astimezone(BRUSSELS)
        assert f"{local:%Y-%m-%d %H:%M}" == row[name], name
    assert times.opens == cycle_times(MONDAYS, IsoWeek.parse(row["week"])).opens


@given(week=WEEKS, offsets=st.sets(st.integers(-7, 20)))
def test_instants_stay_ordered_whatever_is_closed(week, offsets):
    closed = {week.monday + timedelta(days=offset) for offset in offsets}
    times = cycle_times(MONDAYS, week, closed)
    assert times.opens < times.due <= times.data_cut <= times.freeze <= times.publication
    assert times.freeze.astimezone(BRUSSELS).date() not in closed
    due_on = times.due.astimezone(BRUSSELS).date()
    assert due_on not in closed or week.monday in closed


@given(week=WEEKS)
def test_cycle_instants_are_aware_and_ordered(week):
    times = cycle_times(RHYTHM, week)
    instants = [times.opens, times.due, times.data_cut, times.freeze, times.publication]
    assert instants == sorted(instants)
    assert all(instant.tzinfo is UTC for instant in instants)
    assert cycle_times(RHYTHM, week.next).opens > times.opens


@given(minutes=st.integers(0, 60 * 24 * 3))
def test_each_local_time_has_one_instant_at_clock_changes(minutes):
    for start in (datetime.fromisoformat("2027-03-27"), datetime.fromisoformat("2026-10-24")):
        local = start + timedelta(minutes=minutes)
        instant = to_utc(local.date(), local.time())
        back = instant.astimezone(BRUSSELS).replace(tzinfo=None)
        assert back - local in (timedelta(0), timedelta(hours=1))


@pytest.mark.parametrize(
    ("now", "current", "reporting"),
    [
        ("2026-11-21 09:00", "2026-W47", "2026-W47"),
        ("2026-11-23 09:00", "2026-W48", "2026-W47"),
        ("2026-11-25 07:00", "2026-W48", "2026-W48"),
        ("2026-12-28 09:00", "2026-W53", "2026-W52"),
        ("2027-01-01 15:00", "2026-W53", "2026-W53"),
        ("2027-01-03 23:30", "2027-W01", "2026-W53"),
        ("2027-01-04 09:00", "2027-W01", "2026-W53"),
    ],
)
def test_weeks_at_an_instant(now, current, reporting):
    assert str(current_week(utc(now))) == current
    assert str(reporting_week(RHYTHM, utc(now))) == reporting


def test_rule_refuses_slots_that_go_back_in_time():
    late = Slot(6, time(8))
    with pytest.raises(ValueError, match="slots must follow"):
        CalendarRule(late, RHYTHM.due, RHYTHM.data_cut, RHYTHM.freeze, RHYTHM.publication)


@pytest.mark.parametrize("slot", [(0, time(8)), (8, time(8)), (1, time(8, tzinfo=UTC))])
def test_slot_refuses_bad_values(slot):
    with pytest.raises(ValueError):
        Slot(*slot)
