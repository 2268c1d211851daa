"""ISO weeks and the instants of the weekly reporting cycle.

A week is the pair (ISO year, ISO week) of ISO 8601: Monday first, week 1 holds
4 January. Local wall times become UTC instants by the rule of RFC 5545 §3.3.5:
a time that does not exist (spring gap) is read with the offset before the gap,
a time that happens twice (autumn) is its first occurrence. Each instant of a
week therefore exists exactly once. See docs/formulas/reporting_calendar.md.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")

_WEEK_PATTERN = re.compile(r"(?P<year>[0-9]{4})-W(?P<week>[0-9]{2})")


class InvalidWeekError(ValueError):
    """The text or pair names no ISO week."""


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """One ISO week; sorts in time order and prints as `2026-W47`."""

    year: int
    week: int

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9998 or not 1 <= self.week <= weeks_in_year(self.year):
            raise InvalidWeekError(f"{self.year}-W{self.week:02d}")

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

    @classmethod
    def parse(cls, text: str) -> IsoWeek:
        """Read `2026-W47`; anything else raises InvalidWeekError."""
        match = _WEEK_PATTERN.fullmatch(text)
        if match is None:
            raise InvalidWeekError(text)
        return cls(int(match["year"]), int(match["week"]))

    @classmethod
    def of(cls, day: date) -> IsoWeek:
        calendar = day.isocalendar()
        return cls(calendar.year, calendar.week)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def sunday(self) -> date:
        return date.fromisocalendar(self.year, self.week, 7)

    def day(self, weekday: int) -> date:
        """The date of ISO weekday 1 (Monday) to 7 (Sunday)."""
        return date.fromisocalendar(self.year, self.week, weekday)

    def plus(self, weeks: int) -> IsoWeek:
        return IsoWeek.of(self.monday + timedelta(weeks=weeks))

    @property
    def next(self) -> IsoWeek:
        return self.plus(1)

    @property
    def previous(self) -> IsoWeek:
        return self.plus(-1)

    def weeks_since(self, other: IsoWeek) -> int:
        """Signed number of weeks from `other` to this one."""
        return (self.monday - other.monday).days // 7

    def last(self, count: int) -> tuple[IsoWeek, ...]:
        """The `count` weeks that end with this one, oldest first."""
        return tuple(self.plus(offset) for offset in range(1 - count, 1))


def weeks_in_year(year: int) -> int:
    """52 or 53: 28 December always lies in the last ISO week of its year."""
    return date(year, 12, 28).isocalendar().week


@dataclass(frozen=True, slots=True)
class Slot:
    """A local wall time in a reporting week, or `week_offset` weeks after it."""

    weekday: int
    at: time
    week_offset: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise ValueError(f"weekday {self.weekday} is not in 1..7")
        if self.at.tzinfo is not None:
            raise ValueError("a slot holds a local wall time without time zone")

    @property
    def position(self) -> tuple[int, int, time]:
        return (self.week_offset, self.weekday, self.at)


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """The weekly rhythm; the five slots must not go back in time."""

    opens: Slot
    due: Slot
    data_cut: Slot
    freeze: Slot
    publication: Slot
    tz: ZoneInfo = BRUSSELS

    def __post_init__(self) -> None:
        slots = (self.opens, self.due, self.data_cut, self.freeze, self.publication)
        positions = [slot.position for slot in slots]
        if positions != sorted(positions) or positions[0] == positions[1]:
            raise ValueError("slots must follow: opens < due <= data cut <= freeze <= publication")


@dataclass(frozen=True, slots=True)
class CycleTimes:
    """The planned instants of one week's cycle, aware UTC."""

    week: IsoWeek
    opens: datetime
    due: datetime
    data_cut: datetime
    freeze: datetime
    publication: datetime


class CycleState(enum.StrEnum):
    """Where a cycle stands; `FROZEN` and `PUBLISHED` are acts, not clock times."""

    PLANNED = "planned"
    OPEN = "open"
    DUE = "due"
    FROZEN = "frozen"
    PUBLISHED = "published"


def to_utc(day: date, at: time, tz: ZoneInfo = BRUSSELS) -> datetime:
    """The UTC instant of a local wall time, by the rule of the module docstring."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=tz).astimezone(UTC)


def slot_instant(week: IsoWeek, slot: Slot, tz: ZoneInfo = BRUSSELS) -> datetime:
    return to_utc(week.plus(slot.week_offset).day(slot.weekday), slot.at, tz)


def cycle_times(rule: CalendarRule, week: IsoWeek, closed: Collection[date] = frozenset()) -> CycleTimes:
    """The five planned instants of `week`; none but the opening falls on a day of `closed`.

    The due instant and the data cut move to the working day before, the freeze and the publication to the
    working day after. A week without a working day left before the deadline keeps its deadline.
    """
    opens = slot_instant(week, rule.opens, rule.tz)
    due = _moved(week, rule.due, closed, -1, rule.tz)
    data_cut = _moved(week, rule.data_cut, closed, -1, rule.tz)
    if due <= opens:
        due, data_cut = slot_instant(week, rule.due, rule.tz), slot_instant(week, rule.data_cut, rule.tz)
    freeze = _moved(week, rule.freeze, closed, 1, rule.tz)
    publication = max(_moved(week, rule.publication, closed, 1, rule.tz), freeze)
    return CycleTimes(
        week=week,
        opens=opens,
        due=due,
        data_cut=max(data_cut, due),
        freeze=max(freeze, data_cut),
        publication=publication,
    )


def _moved(week: IsoWeek, slot: Slot, closed: Collection[date], step: int, tz: ZoneInfo) -> datetime:
    """The slot's wall time on its own day, or on the nearest working day in that direction when the day is closed."""
    day = week.plus(slot.week_offset).day(slot.weekday)
    if day in closed:
        while day in closed or day.isoweekday() > 5:
            day += timedelta(days=step)
    return to_utc(day, slot.at, tz)


def current_week(now: datetime, tz: ZoneInfo = BRUSSELS) -> IsoWeek:
    """The ISO week of the local date at `now`."""
    return IsoWeek.of(now.astimezone(tz).date())


def reporting_week(rule: CalendarRule, now: datetime) -> IsoWeek:
    """The latest week whose cycle has opened: the one a status is written for."""
    week = current_week(now, rule.tz).next
    while cycle_times(rule, week).opens > now:
        week = week.previous
    return week
