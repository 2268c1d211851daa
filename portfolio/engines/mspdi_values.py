"""The words of Microsoft's Project XML (MSPDI) and what they mean, both ways.

Source: the MSPDI schema as published by Microsoft (project file XML reference). Numbers of the file are codes; the
tables here are the only place that knows them.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import Decimal

from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.schedule_file import (
    MINUTES_OF_DAY,
    DayRanges,
    Range,
    ResourceKind,
    Span,
    TimeUnit,
    WorkType,
)

NAMESPACE = "http://schemas.microsoft.com/project"
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Lags and slack are written in tenths of a minute."""
CENTS = 100
"""Money is written in hundredths of the currency."""
UNASSIGNED = -65535
LONGEST_NUMBER = 30

LINK_TYPES = {0: LinkType.FF, 1: LinkType.FS, 2: LinkType.SF, 3: LinkType.SS}
CONSTRAINTS = {
    0: ConstraintType.ASAP,
    1: ConstraintType.ALAP,
    2: ConstraintType.MSO,
    3: ConstraintType.MFO,
    4: ConstraintType.SNET,
    5: ConstraintType.SNLT,
    6: ConstraintType.FNET,
    7: ConstraintType.FNLT,
}
WORK_TYPES = {0: WorkType.FIXED_UNITS, 1: WorkType.FIXED_DURATION, 2: WorkType.FIXED_WORK}
RESOURCE_KINDS = {0: ResourceKind.MATERIAL, 1: ResourceKind.WORK}
_UNIT_ORDER = (TimeUnit.MINUTES, TimeUnit.HOURS, TimeUnit.DAYS, TimeUnit.WEEKS, TimeUnit.MONTHS)
FORMATS: dict[int, tuple[TimeUnit, bool]] = {
    code: (unit, elapsed)
    for offset in (0, 32)
    for index, unit in enumerate(_UNIT_ORDER)
    for code, elapsed in ((3 + 2 * index + offset, False), (4 + 2 * index + offset, True))
} | {
    19: (TimeUnit.PERCENT, False),
    20: (TimeUnit.PERCENT, True),
    51: (TimeUnit.PERCENT, False),
    52: (TimeUnit.PERCENT, True),
}
"""Format codes of a duration; 32 more means that the duration is an estimate."""
FORMAT_CODES = {meaning: code for code, meaning in FORMATS.items() if code < 32}

_INSTANT = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII
)
_CLOCK = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", re.ASCII)
_DURATION = re.compile(
    r"(-)?P(?:(\d{1,7})D)?(?:T(?:(\d{1,9}(?:\.\d{1,6})?)H)?(?:(\d{1,9}(?:\.\d{1,6})?)M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?", re.ASCII)


class OutOfRangeError(ValueError):
    """A date that no plan of ours can hold."""


def parse_instant(text: str) -> datetime:
    """Local date and time; ValueError when it is none, `OutOfRangeError` when no plan holds it. A zone is dropped."""
    found = _INSTANT.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfRangeError(text)
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 -- times of a plan have no zone


def parse_minutes(text: str) -> Decimal:
    """`PT8H30M0S` is 510 minutes."""
    found = _DURATION.fullmatch(text)
    if not found or text.endswith(("P", "T")):
        raise ValueError(text)
    sign, days, hours, minutes, seconds = found.groups()
    total = Decimal(days or 0) * MINUTES_OF_DAY + Decimal(hours or 0) * 60 + Decimal(minutes or 0)
    total += Decimal(seconds or 0) / 60
    return plain(-total if sign else total)


def parse_number(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return plain(Decimal(text))


def parse_clock(text: str) -> int:
    """Minute of the day."""
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError(text)
    hours, minutes = int(found[1]), int(found[2])
    if hours > 24 or minutes > 59 or hours * 60 + minutes > MINUTES_OF_DAY:
        raise ValueError(text)
    return hours * 60 + minutes


def parse_range(start: str, end: str) -> Range:
    """Hours worked; an end at midnight is the end of the day."""
    first, last = parse_clock(start), parse_clock(end)
    last = last or MINUTES_OF_DAY
    if first >= last:
        raise ValueError(f"{start}-{end}")
    return first, last


def plain(value: Decimal) -> Decimal:
    """The shortest spelling of a number, to the ten-thousandth."""
    rounded = value.quantize(Decimal("0.0001")).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def instant_text(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%S")


def duration_text(minutes: Decimal) -> str:
    seconds = int((abs(minutes) * 60).to_integral_value())
    hours, rest = divmod(seconds, 3600)
    sign = "-" if minutes < 0 else ""
    return f"{sign}PT{hours}H{rest // 60}M{rest % 60}S"


def clock_text(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}:00"


def time_of(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


def number_text(value: Decimal) -> str:
    return f"{value:f}"


def span_of(minutes: Decimal, code: int | None) -> Span:
    unit, elapsed = FORMATS.get(code if code is not None else 0, (TimeUnit.DAYS, False))
    return Span(minutes, TimeUnit.DAYS if unit is TimeUnit.PERCENT else unit, elapsed)


def format_code(span: Span, *, is_estimated: bool = False) -> int:
    return FORMAT_CODES[span.unit, span.is_elapsed] + (32 if is_estimated else 0)


def merged(ranges: list[Range]) -> DayRanges:
    """Ranges in order; two that overlap or touch are one."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)
