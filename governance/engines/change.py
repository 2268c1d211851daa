"""Change control: whether an impact fits what is left of a tolerance, who may answer, and by when.

A target's room is what its tolerance leaves once the present forecast is taken off; a side without a bound costs
nothing, a target without tolerance leaves no room to anybody below a body. The project manager answers problems and
concerns inside that room. The change authority answers anything whose cost its delegation and the change budget
still hold and whose other effects fit: the change budget stands apart from the cost tolerance. Source: domain
reference A1, docs/formulas/change.md.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
COST = "cost"


class Rank(enum.StrEnum):
    """Who answers an issue, from below."""

    MANAGER = "manager"
    AUTHORITY = "authority"
    BODY = "body"


class Why(enum.StrEnum):
    """Why it is for that rank."""

    INSIDE_TOLERANCE = "inside_tolerance"
    INSIDE_DELEGATION = "inside_delegation"
    NO_DELEGATION = "no_delegation"
    ABOVE_EACH = "above_each"
    ABOVE_TOTAL = "above_total"
    ABOVE_BUDGET = "above_budget"
    COST_UNKNOWN = "cost_unknown"
    BEYOND_TOLERANCE = "beyond_tolerance"
    PARTY = "party"


class Fit(enum.StrEnum):
    """An impact beside the room left: `NONE` for no impact, `UNKNOWN` where no tolerance was agreed."""

    NONE = "none"
    INSIDE = "inside"
    BEYOND = "beyond"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Room:
    """What a target may still move, each way, as positive numbers in its unit; None is without bound.

    A negative number says that the tolerance is already used up by that much.
    """

    minus: Decimal | None
    plus: Decimal | None


@dataclass(frozen=True, slots=True)
class Power:
    """A change authority's delegation on a day, and what the change budget still holds."""

    each: Decimal
    left: Decimal
    budget_left: Decimal
    is_party: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers; `overrun` are the targets whose room the impacts exceed."""

    rank: Rank
    why: Why
    overrun: tuple[str, ...] = ()

    @property
    def exceeds_project(self) -> bool:
        """Whether the project's own tolerance is used up, and not only a stage's."""
        return bool(self.overrun)


def room_left(minus: Decimal | None, plus: Decimal | None, deviation: Decimal) -> Room:
    """Bounds on the scale of the target, less where the forecast already stands."""
    return Room(None if minus is None else minus + deviation, None if plus is None else plus - deviation)


def fit(amount: Decimal | None, room: Room | None) -> Fit:
    """One impact beside the room of its target."""
    if not amount:
        return Fit.NONE
    if room is None:
        return Fit.UNKNOWN
    side = room.plus if amount > 0 else room.minus
    return Fit.INSIDE if side is None or abs(amount) <= side else Fit.BEYOND


def overrun(impacts: Mapping[str, Decimal | None], rooms: Mapping[str, Room | None]) -> tuple[str, ...]:
    """The targets that an answer below the bodies may not touch that far."""
    fits = {target: fit(amount, rooms.get(target)) for target, amount in impacts.items()}
    return tuple(target for target, one in fits.items() if one in (Fit.BEYOND, Fit.UNKNOWN))


def route(
    *,
    manager_may: bool,
    cost: Decimal | None,
    impacts: Mapping[str, Decimal | None],
    rooms: Mapping[str, Room | None],
    power: Power | None,
) -> Route:
    """The lowest rank that may answer. `manager_may`: the kind of issue is one a project manager answers himself."""
    used = {**impacts, COST: impacts.get(COST) or cost}
    over = overrun(used, rooms)
    if manager_may and not over and cost is not None:
        return Route(Rank.MANAGER, Why.INSIDE_TOLERANCE)
    refusal = _refusal(power, cost, [target for target in over if target != COST])
    if refusal is None:
        return Route(Rank.AUTHORITY, Why.INSIDE_DELEGATION)
    return Route(Rank.BODY, refusal, over)


def _refusal(power: Power | None, cost: Decimal | None, over: Iterable[str]) -> Why | None:
    """Why the change authority may not answer; None when it may."""
    if power is None:
        return Why.NO_DELEGATION
    if power.is_party:
        return Why.PARTY
    if cost is None:
        return Why.COST_UNKNOWN
    if any(over):
        return Why.BEYOND_TOLERANCE
    limits = ((power.each, Why.ABOVE_EACH), (power.left, Why.ABOVE_TOTAL), (power.budget_left, Why.ABOVE_BUDGET))
    return next((why for limit, why in limits if cost > limit), None)


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """Working days for a step at a severity, in force from a day."""

    severity: int
    step: str
    days: int
    valid_from: date


PROPOSED: Mapping[str, tuple[int, int, int, int, int]] = {
    "assess": (15, 10, 5, 3, 2),
    "decide": (30, 20, 15, 10, 5),
    "implement": (120, 90, 60, 40, 20),
}
"""Proposed working days by severity 1 to 5, where no row says otherwise."""


def clock_days(severity: int, step: str, on: date, rows: Iterable[ClockFacts]) -> int:
    """The days of the latest row in force on `on`, else the proposed ones."""
    valid = [row for row in rows if (row.severity, row.step) == (severity, step) and row.valid_from <= on]
    return max(valid, key=lambda row: row.valid_from).days if valid else PROPOSED[step][severity - 1]
