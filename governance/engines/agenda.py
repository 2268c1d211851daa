"""The order and the timetable of an agenda.

Order: what the body asked and nobody did comes first, then what must be decided
(the earliest deadline first, the larger amount between equals), then discussion,
then information. Each item has a time box; the timetable adds them up from the
start of the session. Source: ux 3.8, product "follow-up"; docs/formulas/agenda.md.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal


class ItemKind(enum.StrEnum):
    FOLLOW_UP = "follow_up"
    DECISION = "decision"
    DISCUSSION = "discussion"
    INFORMATION = "information"


_ORDER = {kind: position for position, kind in enumerate(ItemKind)}
_NEVER = date.max
DEFAULT_MINUTES = {
    ItemKind.FOLLOW_UP: 5,
    ItemKind.DECISION: 15,
    ItemKind.DISCUSSION: 10,
    ItemKind.INFORMATION: 5,
}


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """What the order and the timetable need to know of an item."""

    key: int
    kind: ItemKind
    minutes: int
    needed_on: date | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TimedEntry:
    key: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Timetable:
    """`spare` is what remains of the session, negative when the agenda is too long."""

    entries: tuple[TimedEntry, ...]
    total: int
    spare: int

    @property
    def excess(self) -> int:
        """The minutes by which the agenda is too long."""
        return max(-self.spare, 0)


def proposed_order(entries: Iterable[AgendaEntry]) -> list[int]:
    """The keys in the order the secretary is offered."""
    ordered = sorted(
        entries, key=lambda entry: (_ORDER[entry.kind], entry.needed_on or _NEVER, -(entry.amount or Decimal(0)))
    )
    return [entry.key for entry in ordered]


def timetable(starts_at: datetime, length: int, entries: Sequence[AgendaEntry]) -> Timetable:
    """When each item begins and ends if every time box is kept; `length` of the session in minutes."""
    moment, timed = starts_at, []
    for entry in entries:
        if entry.minutes < 1:
            raise ValueError("a time box lasts at least one minute")
        end = moment + timedelta(minutes=entry.minutes)
        timed.append(TimedEntry(entry.key, moment, end))
        moment = end
    total = sum(entry.minutes for entry in entries)
    return Timetable(tuple(timed), total, length - total)
