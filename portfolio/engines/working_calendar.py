"""Working time as data: weeks, dated weeks, exceptions, holidays; exact arithmetic in working minutes.

Instants are whole minutes of local wall time since EPOCH, so that a plan is reckoned without time zones, as MS Project
does. The position of an instant is the number of working minutes before it: adding work is adding positions. The same
position ends one shift and begins the next; a finish takes the earlier of the two instants, a start the later.
Minutes per day and week only convert units of duration (MSPDI: 480 and 2400; the Belgian week of 38 h: 456 and 2280).
Source: domain reference C and I; docs/formulas/working_calendar.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from holidays import country_holidays

Shift: TypeAlias = tuple[int, int]
Shifts: TypeAlias = tuple[Shift, ...]
Week: TypeAlias = tuple[Shifts, Shifts, Shifts, Shifts, Shifts, Shifts, Shifts]

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 -- wall times of a plan carry no zone
DAY = 1440
MAX_YEARS_WITHOUT_WORK = 30
FIRST_YEAR, LAST_YEAR = 1800, 2400
# Community days besides the legal holidays: 27 September by decree, the other three by regulation.
COMMUNITY_DAYS = ((9, 27), (11, 2), (11, 15), (12, 26))
_SUNDAY_FEASTS = {"Easter Sunday", "Pentecost"}


class InvalidCalendarError(ValueError):
    """Shifts that overlap, go back in time or leave the day, or units of no length."""


class NoWorkingTimeError(ValueError):
    """Work was to be done in a calendar that has no working time there."""


@dataclass(frozen=True, slots=True)
class DatedWeek:
    """Another working week from `first` to `last`, both included."""

    first: date
    last: date
    week: Week


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """A week from Monday on as shifts in minutes of the day; exceptions win over dated weeks, these over the week."""

    name: str
    week: Week
    minutes_per_day: int = 480
    minutes_per_week: int = 2400
    dated_weeks: tuple[DatedWeek, ...] = ()
    exceptions: Mapping[date, Shifts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.minutes_per_day <= 0 or self.minutes_per_week <= 0:
            raise InvalidCalendarError(f"{self.name}: a day and a week need minutes")
        dated = (shifts for one in self.dated_weeks for shifts in one.week)
        for shifts in (*self.week, *dated, *self.exceptions.values()):
            bounds = [minute for shift in shifts for minute in shift]
            if bounds != sorted(bounds) or any(begin == end for begin, end in shifts):
                raise InvalidCalendarError(f"{self.name}: {shifts} are no shifts in order")
            if bounds and not (bounds[0] >= 0 and bounds[-1] <= DAY):
                raise InvalidCalendarError(f"{self.name}: {shifts} leave the day")

    def shifts_on(self, day: date) -> Shifts:
        """The shifts worked on that day, none on a day off."""
        if day in self.exceptions:
            return self.exceptions[day]
        for one in self.dated_weeks:
            if one.first <= day <= one.last:
                return one.week[day.weekday()]
        return self.week[day.weekday()]

    def works_on(self, day: date) -> bool:
        return bool(self.shifts_on(day))

    def working_days(self, first: date, last: date) -> int:
        """Days with working time from `first` to `last`, both included."""
        return sum(self.works_on(first + timedelta(days=offset)) for offset in range((last - first).days + 1))

    def without(self, days: Iterable[date]) -> WorkingCalendar:
        """The same calendar with these days off as well."""
        return replace(self, exceptions={**self.exceptions, **dict.fromkeys(days, ())})

    def overridden(self, exceptions: Mapping[date, Shifts]) -> WorkingCalendar:
        """The calendar of one person or task: this one, with exceptions of its own on top."""
        return replace(self, exceptions={**self.exceptions, **exceptions})

    def in_days(self, minutes: int) -> float:
        return minutes / self.minutes_per_day


def weekly(*shifts: Shift, days: Iterable[int] = range(5)) -> Week:
    """The same shifts on each weekday of `days`, Monday = 0."""
    working = set(days)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        shifts if day in working else () for day in range(7)
    )
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


STANDARD = WorkingCalendar("standard", weekly((480, 720), (780, 1020)))
BELGIAN_WEEK = WorkingCalendar("38 h", weekly((480, 720), (780, 996)), minutes_per_day=456, minutes_per_week=2280)
CONTINUOUS = WorkingCalendar("24 h", weekly((0, DAY), days=range(7)), minutes_per_day=DAY, minutes_per_week=7 * DAY)


def legal_holidays(first: date, last: date, language: str = "fr") -> dict[date, str]:
    """The ten legal holidays of Belgium (law of 4 January 1974) that fall from `first` to `last`, in order."""
    years = range(first.year, last.year + 1)
    known = country_holidays("BE", years=years, language="en_US")
    named = country_holidays("BE", years=years, language=language)
    legal = sorted(day for day, name in known.items() if name not in _SUNDAY_FEASTS)
    return {day: named[day] for day in legal if first <= day <= last}


def community_days(first: date, last: date) -> tuple[date, ...]:
    """The days off of the French Community from `first` to `last`, whatever weekday they fall on."""
    found = (date(year, *day) for year in range(first.year, last.year + 1) for day in COMMUNITY_DAYS)
    return tuple(day for day in found if first <= day <= last)


def instant(moment: datetime) -> int:
    """Whole minutes of wall time since EPOCH."""
    return (moment.replace(tzinfo=None) - EPOCH) // timedelta(minutes=1)


def moment(minutes: int) -> datetime:
    """The wall time of an instant."""
    return EPOCH + timedelta(minutes=minutes)


def midnight(day: date) -> int:
    return instant(datetime.combine(day, time()))


class WorkingClock:
    """Working minutes of one calendar; the table of its shifts grows by years as far as it is asked."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []
        self._first_year = self._next_year = 2025
        self._low = self._high = midnight(date(2025, 1, 1))

    def position(self, at: int) -> int:
        """Working minutes from a fixed origin to `at`; only differences mean something."""
        while at < self._low:
            self._grow_back()
        while at >= self._high:
            self._grow()
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return self._before[0] if self._before else 0
        return self._before[index] + min(at, self._ends[index]) - self._starts[index]

    def between(self, first: int, last: int) -> int:
        """Working minutes from one instant to the other, negative when `last` is the earlier."""
        return self.position(last) - self.position(first)

    def finish_at(self, position: int) -> int:
        """The earliest instant at that position: the end of a shift rather than the start of the next."""
        self._reach(position - 1)
        index = bisect_left(self._before, position) - 1
        return self._starts[index] + position - self._before[index]

    def start_at(self, position: int) -> int:
        """The latest instant at that position: the start of a shift rather than the end of the last."""
        self._reach(position)
        index = bisect_right(self._before, position) - 1
        return self._starts[index] + position - self._before[index]

    def add(self, at: int, work: int) -> int:
        """`at` after `work` minutes, which may be negative: a finish going forward, a start going back."""
        if work == 0:
            return at
        position = self.position(at) + work
        return self.finish_at(position) if work > 0 else self.start_at(position)

    def next_start(self, at: int) -> int:
        """`at` when work goes on there, else when it next begins."""
        return self.start_at(self.position(at))

    def last_finish(self, at: int) -> int:
        """`at` when work was going on up to it, else when it last ended."""
        return self.finish_at(self.position(at))

    def _reach(self, position: int) -> None:
        """Grow the table until the minute that begins at that position is in it."""
        grown = 0
        while not self._before or position >= self._before[-1] + self._ends[-1] - self._starts[-1]:
            count = len(self._before)
            self._grow()
            grown = 0 if len(self._before) > count else grown + 1
            self._check(grown)
        grown = 0
        while position < self._before[0]:
            count = len(self._before)
            self._grow_back()
            grown = 0 if len(self._before) > count else grown + 1
            self._check(grown)

    def _check(self, years: int) -> None:
        if years > MAX_YEARS_WITHOUT_WORK:
            raise NoWorkingTimeError(self.calendar.name)

    def _grow(self) -> None:
        self._require(self._next_year)
        total = self._before[-1] + self._ends[-1] - self._starts[-1] if self._before else 0
        for begin, end in self._shifts(self._next_year):
            self._starts.append(begin)
            self._ends.append(end)
            self._before.append(total)
            total += end - begin
        self._next_year += 1
        self._high = midnight(date(self._next_year, 1, 1))

    def _grow_back(self) -> None:
        self._first_year -= 1
        self._require(self._first_year)
        shifts = self._shifts(self._first_year)
        total = (self._before[0] if self._before else 0) - sum(end - begin for begin, end in shifts)
        before = []
        for begin, end in shifts:
            before.append(total)
            total += end - begin
        self._starts[:0] = [begin for begin, _end in shifts]
        self._ends[:0] = [end for _begin, end in shifts]
        self._before[:0] = before
        self._low = midnight(date(self._first_year, 1, 1))

    def _require(self, year: int) -> None:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise NoWorkingTimeError(self.calendar.name)

    def _shifts(self, year: int) -> list[Shift]:
        day, origin, found = date(year, 1, 1), midnight(date(year, 1, 1)), []
        while day.year == year:
            found += [(origin + begin, origin + end) for begin, end in self.calendar.shifts_on(day)]
            day += timedelta(days=1)
            origin += DAY
        return found


class PlainClock:
    """Time without a calendar: every minute, or whatever the unit is, is worked."""

    def position(self, at: int) -> int:
        return at

    def between(self, first: int, last: int) -> int:
        return last - first

    def add(self, at: int, work: int) -> int:
        return at + work

    def next_start(self, at: int) -> int:
        return at

    def last_finish(self, at: int) -> int:
        return at


Clock: TypeAlias = WorkingClock | PlainClock
