"""Durations as planners type them: `5j`, `2,5 sem`, `8h`, `90 min`, `3je`; days where nothing is said.

Units: j, d (days), s, sem, w (weeks), h, min, mn, m (minutes), mo, mois (months); je, ed, he, eh, mine, em are time of
the clock. What is written reads back to the same duration.
"""

from __future__ import annotations

import re
from decimal import Decimal

from portfolio.engines.mspdi_values import plain
from portfolio.engines.schedule_file import ProjectHeader, Span, TimeUnit

MAX_MINUTES = 10_000_000
_UNITS = {
    **dict.fromkeys(("", "j", "d"), (TimeUnit.DAYS, False)),
    **dict.fromkeys(("s", "sem", "w"), (TimeUnit.WEEKS, False)),
    **dict.fromkeys(("mo", "mois"), (TimeUnit.MONTHS, False)),
    **dict.fromkeys(("min", "mn", "m"), (TimeUnit.MINUTES, False)),
    "h": (TimeUnit.HOURS, False),
    **dict.fromkeys(("je", "ed"), (TimeUnit.DAYS, True)),
    **dict.fromkeys(("he", "eh"), (TimeUnit.HOURS, True)),
    **dict.fromkeys(("mine", "em"), (TimeUnit.MINUTES, True)),
}
_WRITTEN = {
    TimeUnit.DAYS: "j",
    TimeUnit.WEEKS: "sem",
    TimeUnit.MONTHS: "mois",
    TimeUnit.HOURS: "h",
    TimeUnit.MINUTES: "min",
}
_DURATION = re.compile(r"([0-9]{1,7}(?:[.,][0-9]{1,4})?)\s*([a-z]*)", re.IGNORECASE)


class DurationError(ValueError):
    """This is no duration."""


def read_duration(text: str, header: ProjectHeader) -> Span:
    match = _DURATION.fullmatch(text.strip())
    if match is None or match[2].lower() not in _UNITS:
        raise DurationError(text)
    unit, is_elapsed = _UNITS[match[2].lower()]
    minutes = Decimal(match[1].replace(",", ".")) * _size(unit, header, is_elapsed=is_elapsed)
    if minutes > MAX_MINUTES:
        raise DurationError(text)
    return Span(plain(minutes), unit, is_elapsed)


def write_duration(span: Span, header: ProjectHeader) -> str:
    unit = span.unit if span.unit in _WRITTEN else TimeUnit.DAYS
    amount = span.amount / _size(unit, header, is_elapsed=span.is_elapsed)
    if plain(amount) * _size(unit, header, is_elapsed=span.is_elapsed) != span.amount:
        unit, amount = TimeUnit.MINUTES, span.amount
    written = f"{plain(amount):f}".replace(".", ",")
    return f"{written}{_WRITTEN[unit]}{'e' if span.is_elapsed else ''}"


def _size(unit: TimeUnit, header: ProjectHeader, *, is_elapsed: bool) -> int:
    day = 1440 if is_elapsed else header.minutes_per_day
    week = 7 * 1440 if is_elapsed else header.minutes_per_week
    sizes = {TimeUnit.MINUTES: 1, TimeUnit.HOURS: 60, TimeUnit.DAYS: day, TimeUnit.WEEKS: week}
    return sizes.get(unit, day * header.days_per_month)
