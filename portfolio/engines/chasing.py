"""When the reminders of a reporting week fall due, and which one is due now.

Each reminder is an instant counted in hours from the deadline or from the freeze, with an end after which it
says nothing true any more. Of several that were missed only the latest is sent: the earlier ones are written
off, so that a scheduler that comes back never sends a burst. See docs/formulas/chasing.md.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


class Step(enum.StrEnum):
    """In the order in which they follow each other at the same instant."""

    OPENING = "opening"
    FIRST = "first"
    SECOND = "second"
    OVERDUE = "overdue"
    PROGRAMME = "programme"
    CENTRE = "centre"


TO_MANAGER = frozenset({Step.FIRST, Step.SECOND, Step.OVERDUE})
_ORDER = tuple(Step)


@dataclass(frozen=True, slots=True)
class ChaseRule:
    """Hours before the deadline (first, second), after it (overdue), before the freeze (programme, centre)."""

    first: int
    second: int
    overdue: int
    programme: int
    centre: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder from `at` until just before `until`."""

    step: Step
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reminder: `sent`, `late`, `due`, `missed` or `coming`."""

    planned: Planned
    state: str


LATE_AFTER = timedelta(minutes=15)


def chase_plan(rule: ChaseRule, *, opens: datetime, due: datetime, freeze: datetime) -> tuple[Planned, ...]:
    """The reminders of a week in time order; nothing before the opening, no escalation before the deadline.

    One that would fall at or after its own end is left out.
    """
    wanted = (
        Planned(Step.OPENING, opens, due),
        Planned(Step.FIRST, max(opens, due - timedelta(hours=rule.first)), due),
        Planned(Step.SECOND, max(opens, due - timedelta(hours=rule.second)), due),
        Planned(Step.OVERDUE, due + timedelta(hours=rule.overdue), freeze),
        Planned(Step.PROGRAMME, max(due, freeze - timedelta(hours=rule.programme)), freeze),
        Planned(Step.CENTRE, max(due, freeze - timedelta(hours=rule.centre)), freeze),
    )
    kept = (one for one in wanted if one.at < one.until)
    return tuple(sorted(kept, key=lambda one: (one.at, _ORDER.index(one.step))))


def due_step(
    plan: Sequence[Planned], now: datetime, *, done: Collection[Step], possible: Collection[Step] = _ORDER
) -> Step | None:
    """The one reminder to send at `now`: the latest whose instant has passed, unless done or over.

    `possible` are the steps that have somebody to go to; the others count as if they were not planned.
    """
    latest = _latest(plan, now, possible)
    if latest is None or now >= latest.until or latest.step in done:
        return None
    return latest.step


def outcome_of(planned: Planned, plan: Sequence[Planned], now: datetime, sent_at: datetime | None) -> Outcome:
    """How a reminder of the week went, given when it was first sent."""
    if sent_at is not None:
        return Outcome(planned, "late" if sent_at - planned.at > LATE_AFTER else "sent")
    if now < planned.at:
        return Outcome(planned, "coming")
    return Outcome(planned, "due" if due_step(plan, now, done=()) == planned.step else "missed")


def _latest(plan: Sequence[Planned], now: datetime, possible: Collection[Step]) -> Planned | None:
    passed = [one for one in plan if one.at <= now and one.step in possible]
    return passed[-1] if passed else None
