"""Days to pixels, and the two rows of ticks that fit: years and quarters, years and months, or months and weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from config.web import formats

DAY = timedelta(days=1)
NARROWEST = 30


@dataclass(frozen=True, slots=True)
class Tick:
    """A period that begins at `x`: `label` on its row, `major` for the upper one."""

    x: float
    label: str
    major: bool


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """`first` is drawn at `left`; a day is `per_day` wide."""

    first: date
    last: date
    left: float
    per_day: float

    @property
    def right(self) -> float:
        return self.left + ((self.last - self.first).days + 1) * self.per_day

    def at(self, moment: date) -> float:
        """Where a day begins, or a moment of it lies."""
        if not isinstance(moment, datetime):
            return self.left + (moment - self.first).days * self.per_day
        whole = (moment.date() - self.first).days + (moment.hour * 60 + moment.minute) / 1440
        return self.left + whole * self.per_day

    def ticks(self) -> list[Tick]:
        if self.per_day * 7 >= NARROWEST:
            return [*self._months(major=True), *self._weeks()]
        if self.per_day * 30 >= NARROWEST:
            return [*self._years(), *self._months(major=False)]
        if self.per_day * 91 >= NARROWEST:
            return [*self._years(), *self._quarters()]
        return list(self._years())

    def _weeks(self) -> Iterator[Tick]:
        day = self.first - timedelta(days=self.first.weekday())
        while day <= self.last:
            if day >= self.first:
                yield Tick(self.at(day), formats.week(day), major=False)
            day += timedelta(days=7)

    def _months(self, *, major: bool) -> Iterator[Tick]:
        names = formats.notation().months_short
        for day in _firsts(self.first, self.last, 1):
            name = names[day.month - 1]
            yield Tick(self.at(max(day, self.first)), f"{name} {day.year}" if major else name, major=major)

    def _quarters(self) -> Iterator[Tick]:
        for day in _firsts(self.first, self.last, 3):
            name = gettext("T%(number)s") % {"number": (day.month + 2) // 3}
            yield Tick(self.at(max(day, self.first)), name, major=False)

    def _years(self) -> Iterator[Tick]:
        for day in _firsts(self.first, self.last, 12):
            yield Tick(self.at(max(day, self.first)), str(day.year), major=True)


def axis_over(first: date, last: date, *, left: float, width: float, per_day: float | None = None) -> TimeAxis:
    """With some room on both sides; as wide as the width allows unless a day has its own."""
    room = max((last - first).days // 40, 2)
    first, last = first - room * DAY, last + room * DAY
    return TimeAxis(first, last, left, per_day or (width - left) / ((last - first).days + 1))


def _firsts(first: date, last: date, months: int) -> Iterator[date]:
    """First days of every period of so many months that touches the span."""
    month = (first.month - 1) // months * months
    year = first.year
    day = date(year, month + 1, 1)
    while day <= last:
        yield day
        month += months
        day = date(year + month // 12, month % 12 + 1, 1)
