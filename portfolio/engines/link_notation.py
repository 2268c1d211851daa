"""Predecessors as planners type them: `12FS+3j; 14DD-50%; 7`, read and written.

A row number, then the type (FS, SS, FF, SF, or in French FD, DD, FF, DF; finish to start where nothing is said), then
the lag: + or -, a number, a unit. Units: j, d (days), s, sem, w (weeks), h, min, mn, m (minutes), % of the
predecessor's duration; je, ed, he, eh, mine, em for time of the clock; days where nothing is said. Links are parted by
a semicolon or a comma. Days and weeks are those of the calendar. See docs/formulas/critical_path.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portfolio.engines.network import NO_LAG, Lag, LagKind, LinkType

MAX_LAG = 10_000_000
_TYPES = {"FS": "FS", "SS": "SS", "FF": "FF", "SF": "SF", "FD": "FS", "DD": "SS", "DF": "SF"}
_UNITS = {
    **dict.fromkeys(("", "j", "d"), "day"),
    **dict.fromkeys(("s", "sem", "w"), "week"),
    **dict.fromkeys(("min", "mn", "m"), "minute"),
    "h": "hour",
    **dict.fromkeys(("je", "ed"), "elapsed day"),
    **dict.fromkeys(("he", "eh"), "elapsed hour"),
    **dict.fromkeys(("mine", "em"), "elapsed minute"),
    "%": "percent",
}
_LINK = re.compile(
    r"\s*(?P<row>[0-9]{1,9})\s*(?P<type>FS|SS|FF|SF|FD|DD|DF)?"
    r"\s*(?:(?P<sign>[+\-−])\s*(?:(?P<exact>[0-9]{1,9}(?:[.,][0-9]{1,6})?)\s*"
    r"(?P<unit>sem|mine|min|mn|em|je|ed|he|eh|j|d|s|w|m|h|%)(?![a-z])|(?P<plain>[0-9]{1,9})))?\s*(?:[;,]|$)",
    re.IGNORECASE,
)


class NotationError(ValueError):
    """What stands from there on is no link; `rest` begins with it."""

    def __init__(self, rest: str) -> None:
        super().__init__(rest)
        self.rest = rest


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A predecessor by its row number, as it was typed."""

    row: int
    type: LinkType = LinkType.FS
    lag: Lag = NO_LAG


def read_links(text: str, minutes_per_day: int = 480, minutes_per_week: int = 2400) -> tuple[TypedLink, ...]:
    """The links of a cell; an empty one has none. Raises NotationError where it cannot be read."""
    links, at, text = [], 0, text.strip().rstrip(";,")
    while at < len(text):
        match = _LINK.match(text, at)
        if match is None:
            raise NotationError(text[at:].strip())
        sign = -1 if match["sign"] in ("-", "−") else 1
        amount = Decimal((match["exact"] or match["plain"] or "0").replace(",", ".")) * sign
        lag = _lag(amount, _UNITS[(match["unit"] or "").lower()], minutes_per_day, minutes_per_week)
        if abs(lag.value) > MAX_LAG:
            raise NotationError(text[at:].strip())
        links.append(TypedLink(int(match["row"]), LinkType(_TYPES[(match["type"] or "FS").upper()]), lag))
        at = match.end()
    return tuple(links)


def _lag(amount: Decimal, unit: str, minutes_per_day: int, minutes_per_week: int) -> Lag:
    if unit == "percent":
        return Lag(round(amount), LagKind.PERCENT) if amount else NO_LAG
    if unit.startswith("elapsed"):
        minutes = amount * {"elapsed day": 1440, "elapsed hour": 60, "elapsed minute": 1}[unit]
        return Lag(round(minutes), LagKind.ELAPSED) if minutes else NO_LAG
    sizes = {"day": minutes_per_day, "week": minutes_per_week, "hour": 60, "minute": 1}
    return Lag(round(amount * sizes[unit]))


def write_links(links: Iterable[TypedLink], minutes_per_day: int = 480) -> str:
    """The shortest text that reads back to the same links, lags in the largest unit that is exact."""
    return "; ".join(_written(link, minutes_per_day) for link in links)


def _written(link: TypedLink, minutes_per_day: int) -> str:
    if not link.lag.value:
        return str(link.row) if link.type is LinkType.FS else f"{link.row}{link.type}"
    amount, unit = abs(link.lag.value), "%"
    if link.lag.kind is LagKind.WORKING:
        amount, unit = _in_units(amount, ((minutes_per_day, "j"), (60, "h"), (1, "min")))
    elif link.lag.kind is LagKind.ELAPSED:
        amount, unit = _in_units(amount, ((1440, "je"), (60, "he"), (1, "mine")))
    return f"{link.row}{link.type}{'-' if link.lag.value < 0 else '+'}{amount}{unit}"


def _in_units(minutes: int, units: tuple[tuple[int, str], ...]) -> tuple[int, str]:
    """The largest unit that is exact; the last one always is."""
    return next((minutes // size, unit) for size, unit in units if minutes % size == 0)
