"""When a body meets: every so many weeks, or on the n-th weekday of the month.

A date that falls on a closed day moves to the working day after or before it, or
is left out, as the rule says. Two dates moved onto the same day are one session.
Local wall times become instants by the rule of the reporting calendar, so that
each session exists exactly once across both clock changes. Source: domain
reference F (cadence) and I (holidays); docs/formulas/recurrence.md.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from governance.engines.working_days import is_working, nearest_working
from portfolio.engines.reporting_calendar import IsoWeek, to_utc

LAST = -1
DRIFT = timedelta(days=14)


class Frequency(enum.StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Shift(enum.StrEnum):
    """What becomes of a date on a closed day."""

    NEXT = "next"
    PREVIOUS = "previous"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`weekday` is 1 (Monday) to 5. Weekly: every `every` weeks counted from the week of `since`.

    Monthly: the `nth` weekday of the month, 1 to 4, or LAST. Nothing before `since` or after `until`.
    """

    frequency: Frequency
    weekday: int
    at: time
    since: date
    until: date | None = None
    every: int = 1
    nth: int = 1
    shift: Shift = Shift.NEXT

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 5:
            raise ValueError("a session falls on a weekday from Monday to Friday")
        if self.every < 1:
            raise ValueError("the rhythm counts in whole weeks from one on")
        if self.nth != LAST and not 1 <= self.nth <= 4:
            raise ValueError("the n-th weekday of the month is 1 to 4, or the last")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A session: the day the rule names, the day it is held, and its instant."""

    planned: date
    day: date
    starts_at: datetime

    @property
    def moved(self) -> bool:
        return self.planned != self.day


def occurrences(rule: Recurrence, first: date, last: date, closed: Collection[date] = frozenset()) -> list[Occurrence]:
    """The sessions held from `first` to `last`, both included, in order; `closed` should reach two weeks further."""
    found: dict[date, Occurrence] = {}
    for planned in _planned(rule, first - DRIFT, last + DRIFT):
        day = _held(planned, rule.shift, closed)
        if day is not None and first <= day <= last:
            found.setdefault(day, Occurrence(planned, day, to_utc(day, rule.at)))
    return [found[day] for day in sorted(found)]


def _held(planned: date, shift: Shift, closed: Collection[date]) -> date | None:
    if is_working(planned, closed):
        return planned
    if shift is Shift.SKIP:
        return None
    return nearest_working(planned, 1 if shift is Shift.NEXT else -1, closed)


def _planned(rule: Recurrence, first: date, last: date) -> Iterator[date]:
    start = max(first, rule.since)
    end = last if rule.until is None else min(last, rule.until)
    days = _weekly(rule, start, end) if rule.frequency is Frequency.WEEKLY else _monthly(rule, start, end)
    return (day for day in days if start <= day <= end)


def _weekly(rule: Recurrence, start: date, end: date) -> Iterator[date]:
    origin = IsoWeek.of(rule.since)
    week = IsoWeek.of(start)
    week = week.plus(-week.weeks_since(origin) % rule.every)
    while week.monday <= end:
        yield week.day(rule.weekday)
        week = week.plus(rule.every)


def _monthly(rule: Recurrence, start: date, end: date) -> Iterator[date]:
    month = start.replace(day=1)
    while month <= end:
        yield nth_weekday(month.year, month.month, rule.weekday, rule.nth)
        month = (month + timedelta(days=31)).replace(day=1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The n-th (or last) Monday, Tuesday ... of a month."""
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.isoweekday()) % 7)
    if nth != LAST:
        return day + timedelta(weeks=nth - 1)
    while (day + timedelta(weeks=1)).month == month:
        day += timedelta(weeks=1)
    return day
