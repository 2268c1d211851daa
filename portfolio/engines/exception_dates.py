"""Recurring exceptions of a calendar to the dates they fall on.

Types and codes are those of the MSPDI schema: daily (1, 7), yearly by day (2) or by position (3), monthly by day (4)
or by position (5), weekly (6), every n weekdays (8).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MAX_DATES = 4_000
LAST_POSITION = 4
_DAY, _WEEKDAY, _WEEKEND = 0, 1, 2
_WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`weekdays` is a mask, Sunday 1 to Saturday 64; `month` counts from 0, `position` 0 first to 4 last.

    `item` is 0 any day, 1 weekday, 2 day of the weekend, 3 Sunday to 9 Saturday.
    """

    kind: int
    first: date
    last: date
    period: int = 1
    occurrences: int | None = None
    weekdays: int = 0
    item: int = 0
    position: int = 0
    month: int = 0
    month_day: int = 1


class TooManyDatesError(ValueError):
    """A recurrence that never ends."""


def dates_of(rule: Recurrence) -> list[tuple[date, date]]:
    """Spans of consecutive dates, both ends included, in order."""
    if rule.kind in (1, 7) and rule.period <= 1:
        last = rule.last
        return [(rule.first, last)] if last >= rule.first else []
    found: list[tuple[date, date]] = []
    for count, day in enumerate(_days(rule), 1):
        if day > rule.last or (rule.occurrences and count > rule.occurrences):
            break
        if count > MAX_DATES:
            raise TooManyDatesError
        if found and found[-1][1] + timedelta(days=1) == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _days(rule: Recurrence) -> Iterator[date]:
    """Every date the rule names from its first one on; it may go past the last one."""
    period = max(1, rule.period)
    if rule.kind in (2, 3):
        yield from _monthly(rule, period * 12, rule.month)
    elif rule.kind in (4, 5):
        yield from _monthly(rule, period, rule.first.month - 1)
    elif rule.kind == 6:
        yield from _weekly(rule, period)
    elif rule.kind == 8:
        yield from (day for day in _daily(rule, period) if day.weekday() < _WORKDAYS)
    else:
        yield from _daily(rule, period)


def _daily(rule: Recurrence, period: int) -> Iterator[date]:
    day = rule.first
    while day <= rule.last:
        yield day
        day += timedelta(days=period)


def _weekly(rule: Recurrence, period: int) -> Iterator[date]:
    day, sunday = rule.first, _sunday(rule.first)
    while day <= rule.last:
        weeks = (_sunday(day) - sunday).days // 7
        if weeks % period == 0 and rule.weekdays >> ((day.weekday() + 1) % 7) & 1:
            yield day
        day += timedelta(days=1)


def _sunday(day: date) -> date:
    return day - timedelta(days=(day.weekday() + 1) % 7)


def _monthly(rule: Recurrence, step: int, month: int) -> Iterator[date]:
    index = rule.first.year * 12 + month
    while date(index // 12, index % 12 + 1, 1) <= rule.last:
        day = _by_position(index, rule) if rule.kind in (3, 5) else _by_day(index, rule.month_day)
        if day and rule.first <= day:
            yield day
        index += step


def _by_day(index: int, day: int) -> date | None:
    year, month = index // 12, index % 12 + 1
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def _by_position(index: int, rule: Recurrence) -> date | None:
    year, month = index // 12, index % 12 + 1
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    fitting = [day for day in days if _fits(day, rule.item)]
    if rule.position >= LAST_POSITION:
        return fitting[-1]
    return fitting[rule.position] if rule.position < len(fitting) else None


def _fits(day: date, item: int) -> bool:
    if item == _DAY:
        return True
    if item in (_WEEKDAY, _WEEKEND):
        return (day.weekday() < _WORKDAYS) is (item == _WEEKDAY)
    return (day.weekday() + 1) % 7 == item - 3
