from datetime import UTC, date, datetime, time, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from governance.engines.recurrence import Frequency, Recurrence, Shift, nth_weekday, occurrences
from governance.engines.working_days import add_working_days
from tests.formula_tables import worked

CLOSED = frozenset(country_holidays("BE", years=(2025, 2026, 2027, 2028)))
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def rule_of(text: str, since: date) -> Recurrence:
    frequency, number, weekday, shift = text.split()
    count = {"every": int(number)} if frequency == "weekly" else {"nth": int(number)}
    return Recurrence(Frequency(frequency), DAYS.index(weekday) + 1, time(9, 0), since, shift=Shift(shift), **count)


@pytest.mark.parametrize("row", worked("recurrence", ""), ids=lambda row: f"{row['rule']} {row['from']}")
def test_worked_dates(row):
    first, last = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
    since = date(2026, 12, 9) if row["rule"].startswith("weekly 2") else date(2026, 1, 1)
    held = occurrences(rule_of(row["rule"], since), first, last, CLOSED)
    assert [item.day.isoformat() for item in held] == row["sessions"].split()


def test_worked_instants():
    rule = rule_of("weekly 1 Monday skip", date(2026, 10, 1))
    held = {
        item.day.isoformat(): item.starts_at.isoformat()
        for item in occurrences(rule, date(2026, 10, 1), date(2027, 4, 9), CLOSED)
    }
    for row in worked("recurrence", "instants"):
        assert held[row["day"]] == row["instant"]


def test_a_moved_session_says_where_it_came_from():
    rule = rule_of("monthly 1 Monday next", date(2026, 1, 1))
    (easter,) = occurrences(rule, date(2026, 4, 1), date(2026, 4, 30), CLOSED)
    assert (easter.planned, easter.day, easter.moved) == (date(2026, 4, 6), date(2026, 4, 7), True)


def test_the_rule_begins_and_ends_with_its_dates():
    rule = Recurrence(Frequency.WEEKLY, 2, time(9, 0), date(2026, 11, 10), date(2026, 11, 24))
    held = occurrences(rule, date(2026, 10, 1), date(2026, 12, 31))
    assert [item.day for item in held] == [date(2026, 11, 10), date(2026, 11, 17), date(2026, 11, 24)]


@given(
    st.sampled_from(Frequency),
    st.integers(1, 5),
    st.integers(1, 4),
    st.sampled_from(Shift),
    st.dates(date(2026, 1, 1), date(2027, 6, 1)),
)
def test_every_session_is_a_working_day_held_once_at_its_wall_time(frequency, weekday, count, shift, since):
    rule = Recurrence(frequency, weekday, time(14, 30), since, every=count, nth=count, shift=shift)
    held = occurrences(rule, since, since + timedelta(days=400), CLOSED)
    days = [item.day for item in held]
    assert days == sorted(set(days))
    for item in held:
        assert item.day.isoweekday() <= 5
        assert item.day not in CLOSED
        assert abs(item.day - item.planned) <= timedelta(days=6)
        assert item.starts_at.tzinfo is UTC
        assert isinstance(item.starts_at, datetime)


@pytest.mark.parametrize("wrong", [{"weekday": 6}, {"every": 0}, {"nth": 5}, {"nth": 0}])
def test_an_impossible_rule_is_refused(wrong):
    with pytest.raises(ValueError):
        Recurrence(**{"frequency": Frequency.MONTHLY, "weekday": 1, "at": time(9), "since": date(2026, 1, 1), **wrong})


def test_nth_and_last_weekday():
    assert nth_weekday(2026, 11, 1, 1) == date(2026, 11, 2)
    assert nth_weekday(2026, 11, 1, -1) == date(2026, 11, 30)
    assert nth_weekday(2027, 2, 5, -1) == date(2027, 2, 26)


def test_working_days_leave_out_weekends_and_holidays():
    assert add_working_days(date(2026, 12, 24), 2, CLOSED) == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 24), 0, CLOSED) == date(2026, 12, 24)
    with pytest.raises(ValueError):
        add_working_days(date(2026, 1, 1), -1)
