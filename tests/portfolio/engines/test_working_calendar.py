import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.engines.working_calendar import (
    BELGIAN_WEEK,
    CONTINUOUS,
    STANDARD,
    DatedWeek,
    InvalidCalendarError,
    NoWorkingTimeError,
    WorkingCalendar,
    WorkingClock,
    community_days,
    instant,
    legal_holidays,
    moment,
    weekly,
)
from tests.formula_tables import worked
from tests.shared_data import shared

CLOCKS = {calendar.name: WorkingClock(calendar) for calendar in (STANDARD, BELGIAN_WEEK, CONTINUOUS)}
INSTANTS = st.integers(24 * 525_960, 29 * 525_960)
WORK = st.integers(-60_000, 60_000)


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


@pytest.mark.parametrize("row", worked("working_calendar", "working days"), ids=lambda row: row["year"])
def test_working_days_of_a_belgian_year(row):
    first, last = date(int(row["year"]), 1, 1), date(int(row["year"]), 12, 31)
    legal = BELGIAN_WEEK.without(legal_holidays(first, last))
    assert len(legal_holidays(first, last)) == 10
    assert legal.working_days(first, last) == int(row["legal"])
    if row["community"] is not None:
        assert legal.without(community_days(first, last)).working_days(first, last) == int(row["community"])


def test_working_days_agree_with_the_published_file():
    published = json.loads(shared("calendars/be_working_days_2025_2028.json").read_text())
    for year, figures in published.items():
        first, last = date(int(year), 1, 1), date(int(year), 12, 31)
        off = [day for day in legal_holidays(first, last) if day.weekday() < 5]
        assert len(off) == figures["holidays_on_weekdays"]
        found = STANDARD.without(legal_holidays(first, last)).working_days(first, last)
        assert found == figures["working_days_mon_fri_minus_holidays"]


@pytest.mark.parametrize(
    "row", worked("working_calendar", "adding work"), ids=lambda row: f"{row['from']} {row['work']}"
)
def test_adding_work_worked_instants(row):
    assert CLOCKS["standard"].add(at(row["from"]), int(row["work"])) == at(row["to"])


@pytest.mark.parametrize("name", CLOCKS)
@given(start=INSTANTS, work=WORK)
def test_added_work_is_the_work_between(name, start, work):
    clock = CLOCKS[name]
    assert clock.between(start, clock.add(start, work)) == work


@pytest.mark.parametrize("name", CLOCKS)
@given(start=INSTANTS)
def test_no_work_lies_between_an_instant_and_where_it_settles(name, start):
    clock = CLOCKS[name]
    begin, end = clock.next_start(start), clock.last_finish(start)
    assert end <= start <= begin
    assert clock.between(end, begin) == 0
    assert clock.calendar.works_on(moment(begin).date())


@given(start=INSTANTS, days=st.integers(0, 400))
def test_position_counts_the_shifts_of_the_days_between(start, days):
    first = moment(start).date()
    last = first + timedelta(days=days)
    minutes = CLOCKS["38 h"].between(at(first.isoformat()), at(last.isoformat()))
    assert minutes == 456 * BELGIAN_WEEK.working_days(first, last - timedelta(days=1))


def test_exception_wins_over_dated_week_and_this_over_the_week():
    summer = DatedWeek(date(2026, 7, 1), date(2026, 8, 31), weekly((420, 840)))
    calendar = WorkingCalendar(
        "été", STANDARD.week, dated_weeks=(summer,), exceptions={date(2026, 7, 4): ((600, 660),), date(2026, 7, 21): ()}
    )
    clock = WorkingClock(calendar)
    assert clock.next_start(at("2026-07-03 14:00")) == at("2026-07-04 10:00")
    assert clock.next_start(at("2026-07-20 14:00")) == at("2026-07-22 07:00")
    assert clock.add(at("2026-08-31 13:00"), 120) == at("2026-09-01 09:00")


def test_shift_through_midnight_is_one_stretch_of_work():
    night = WorkingClock(WorkingCalendar("nuit", weekly((0, 360), (1320, 1440), days=range(7))))
    assert night.add(at("2026-11-20 22:00"), 480) == at("2026-11-21 06:00")
    assert night.next_start(at("2026-11-21 00:00")) == at("2026-11-21 00:00")


def test_plan_of_another_century_can_be_reckoned():
    assert CLOCKS["standard"].add(at("1998-03-02 08:00"), 960) == at("1998-03-03 17:00")
    assert CLOCKS["standard"].add(at("2061-03-01 08:00"), 480) == at("2061-03-01 17:00")


def test_calendar_without_working_time_is_refused_when_work_is_asked():
    with pytest.raises(NoWorkingTimeError):
        WorkingClock(WorkingCalendar("vide", weekly())).add(at("2026-11-20 08:00"), 1)


@pytest.mark.parametrize("shifts", [((720, 480),), ((480, 480),), ((480, 720), (700, 900)), ((0, 1441),), ((-1, 10),)])
def test_calendar_refuses_what_is_no_shift(shifts):
    with pytest.raises(InvalidCalendarError):
        WorkingCalendar("faux", weekly(*shifts))


def test_holidays_have_their_names_in_the_language_asked():
    assert legal_holidays(date(2026, 7, 1), date(2026, 7, 31)) == {date(2026, 7, 21): "Fête nationale"}
    assert legal_holidays(date(2026, 7, 1), date(2026, 7, 31), "nl") == {date(2026, 7, 21): "Nationale feestdag"}
