"""Products: their life from planned to accepted, what quality reviews decide, what is due, what a description lacks.

docs/formulas/products.md.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from portfolio.engines.deviation import milestone_rag, milestone_slip
from portfolio.engines.machine import Machine

K = TypeVar("K", bound=Hashable)

HORIZON = timedelta(days=28)
"""What is due for acceptance within four weeks asks for attention."""

PRODUCT = Machine(
    "product",
    "planned",
    (
        ("start", "planned", "in_progress"),
        ("submit", "in_progress", "in_review"),
        ("submit", "rework", "in_review"),
        ("deliver", "in_progress", "ready"),
        ("deliver", "rework", "ready"),
        ("pass", "in_review", "ready"),
        ("pass_with_follow_ups", "in_review", "follow_up"),
        ("fail", "in_review", "rework"),
        ("settle", "follow_up", "ready"),
        ("accept", "ready", "accepted"),
        ("refuse", "ready", "rework"),
        ("withdraw", "accepted", "rework"),
        ("cancel", "planned", "cancelled"),
        ("cancel", "in_progress", "cancelled"),
        ("cancel", "in_review", "cancelled"),
        ("cancel", "follow_up", "cancelled"),
        ("cancel", "rework", "cancelled"),
        ("cancel", "ready", "cancelled"),
        ("resume", "cancelled", "planned"),
    ),
)
"""A product; `deliver` hands over what no review waits for, `submit` what one does."""

OVER = frozenset({"accepted", "cancelled"})


class Outcome(enum.StrEnum):
    """What a quality review found."""

    PASSED = "passed"
    FOLLOW_UPS = "follow_ups"
    FAILED = "failed"


class Attention(enum.StrEnum):
    """Why a product asks for somebody, the gravest first."""

    FAILED = "failed"
    LATE = "late"
    DUE = "due"
    NONE = "none"


class Element(enum.StrEnum):
    """What a complete product description holds."""

    PURPOSE = "purpose"
    PRODUCER = "producer"
    ACCEPTOR = "acceptor"
    CRITERIA = "criteria"
    METHODS = "methods"
    TOLERANCES = "tolerances"
    PLANNED = "planned"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Dates:
    """When the product was to be accepted, is expected to be, and was."""

    planned: date | None
    forecast: date | None
    accepted: date | None

    @property
    def expected(self) -> date | None:
        return self.accepted or self.forecast or self.planned


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a product; each criterion is (has a method, has a tolerance)."""

    purpose: bool
    producer: bool
    acceptor: bool
    planned: bool
    place: bool
    criteria: tuple[tuple[bool, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody found about one criterion."""

    met: bool
    found: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict with its day, its reservations or reason, its evidence, and a finding per criterion number."""

    verdict: str
    on: date
    findings: Mapping[int, Finding]
    note: str = ""
    evidence: str = ""


def hand_over(results: Sequence[str]) -> str | None:
    """The act that hands a product over, from its reviews in order ("" is not held): None when one must be planned.

    After a failed review only a new one leads on.
    """
    if "" in results:
        return "submit"
    return None if results and results[-1] == Outcome.FAILED else "deliver"


def after_review(result: str, others_waiting: int, open_actions: int) -> str | None:
    """The act that follows from one review: a failed one at once, the others when none is left to hold."""
    if result == Outcome.FAILED:
        return "fail"
    if others_waiting:
        return None
    return "pass_with_follow_ups" if open_actions else "pass"


def slip(dates: Dates, today: date) -> int | None:
    """Calendar days after the planned acceptance; one that is overdue has slipped to today at least."""
    if dates.planned is None:
        return None
    return milestone_slip(
        baseline=dates.planned, forecast=dates.forecast or dates.planned, actual=dates.accepted, today=today
    )


def is_late(state: str, dates: Dates, today: date) -> bool:
    """Expected before today, and neither accepted nor cancelled."""
    return state not in OVER and dates.expected is not None and dates.expected < today


def attention(state: str, dates: Dates, today: date) -> Attention:
    """The gravest reason to look at the product; what is to be done again has failed its review or its acceptance."""
    if state in OVER:
        return Attention.NONE
    if state == "rework":
        return Attention.FAILED
    if is_late(state, dates, today):
        return Attention.LATE
    return Attention.DUE if dates.expected is not None and dates.expected <= today + HORIZON else Attention.NONE


def colour(state: str, dates: Dates, today: date) -> str:
    """The state of the glyph: red when failed, by its slip while it runs, closed when over, none without a date."""
    if state in OVER:
        return "closed" if state == "accepted" else "paused"
    if state == "rework":
        return "red"
    days = slip(dates, today)
    if days is None:
        return "amber" if is_late(state, dates, today) else "none"
    return milestone_rag(days, overdue=is_late(state, dates, today)).value


def missing(description: Description) -> tuple[Element, ...]:
    """The elements a description lacks, in order; methods and tolerances count only where there are criteria."""
    there = {
        Element.PURPOSE: description.purpose,
        Element.PRODUCER: description.producer,
        Element.ACCEPTOR: description.acceptor,
        Element.CRITERIA: bool(description.criteria),
        Element.METHODS: bool(description.criteria) and all(method for method, _tolerance in description.criteria),
        Element.TOLERANCES: bool(description.criteria) and all(room for _method, room in description.criteria),
        Element.PLANNED: description.planned,
        Element.PLACE: description.place,
    }
    return tuple(element for element, present in there.items() if not present)


def completeness(description: Description) -> int:
    """Percent of the eight elements that are there, rounded down."""
    return 100 * (len(Element) - len(missing(description))) // len(Element)


def natural_key(identifier: str) -> tuple[tuple[int, int | str], ...]:
    """Sorts 1.2 before 1.10, and words after numbers."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in re.findall(r"\d+|[^\d.]+", identifier))


def outline(rows: Iterable[tuple[K, K | None, str]]) -> list[tuple[K, int]]:
    """(key, depth) depth first from (key, parent, identifier); a row whose parent is unknown stands at the top."""
    known = list(rows)
    keys = {key for key, _parent, _identifier in known}
    below: dict[K | None, list[tuple[K, str]]] = {}
    for key, parent, identifier in known:
        below.setdefault(parent if parent in keys else None, []).append((key, identifier))
    found: list[tuple[K, int]] = []
    stack = [(key, 1) for key, _name in _ordered(below.get(None, []), reverse=True)]
    while stack:
        key, depth = stack.pop()
        found.append((key, depth))
        stack += [(child, depth + 1) for child, _name in _ordered(below.get(key, []), reverse=True)]
    return found


def _ordered(rows: list[tuple[K, str]], *, reverse: bool) -> list[tuple[K, str]]:
    return sorted(rows, key=lambda row: natural_key(row[1]), reverse=reverse)


def makes_cycle(parents: Mapping[K, K | None], child: K, parent: K | None) -> bool:
    """Whether `parent` lies below `child`, or is it."""
    seen: set[K] = set()
    while parent is not None and parent not in seen:
        if parent == child:
            return True
        seen.add(parent)
        parent = parents.get(parent)
    return False
