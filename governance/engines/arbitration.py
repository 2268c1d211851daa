"""Arbitration: the clock of each step, who has the ball, and what each option does to each project.

A step is due so many working days after it was entered, or at the body's next
session if that comes first. Steps that share a clock share its end. An option is
judged by the portfolio's own tolerances: the forecast end moved by its days, the
estimate at completion by its euros. Source: domain reference F (arbitration,
escalation ladder); docs/formulas/arbitration.md.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from governance.engines.working_days import add_working_days
from portfolio.engines.health import ProjectFacts
from portfolio.engines.tolerance import days_allowed, judge
from portfolio.engines.vocabulary import Rag, Target

ZERO = Decimal(0)


class Clock(enum.StrEnum):
    ADMISSIBILITY = "admissibility"
    ANALYSIS = "analysis"
    DECISION = "decision"
    NOTIFICATION = "notification"
    FOLLOW_UP = "follow_up"
    REACTION = "reaction"


class Holder(enum.StrEnum):
    """Who has the ball."""

    PSO = "pso"
    ANALYST = "analyst"
    BODY = "body"
    MANAGERS = "managers"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days; with `next_session` the body's next session ends them earlier."""

    days: int
    next_session: bool = False


DEFAULT_PACES: Mapping[Clock, Pace] = {
    Clock.ADMISSIBILITY: Pace(2),
    Clock.ANALYSIS: Pace(5),
    Clock.DECISION: Pace(15, next_session=True),
    Clock.NOTIFICATION: Pace(1),
    Clock.FOLLOW_UP: Pace(10),
}
DEFAULT_REACTIONS: Mapping[str, Pace] = {
    "project_committee": Pace(2),
    "project_board": Pace(5),
    "programme_board": Pace(10),
}
"""By nature of body; the bodies above answer at their next session."""
SESSION_REACTION = Pace(15, next_session=True)

_STEPS: Mapping[str, tuple[Clock | None, Holder]] = {
    "requested": (Clock.ADMISSIBILITY, Holder.PSO),
    "rejected": (None, Holder.NOBODY),
    "admissible": (Clock.ANALYSIS, Holder.ANALYST),
    "analysis": (Clock.ANALYSIS, Holder.ANALYST),
    "options": (Clock.ANALYSIS, Holder.PSO),
    "on_agenda": (Clock.DECISION, Holder.BODY),
    "deferred": (Clock.DECISION, Holder.BODY),
    "escalated": (Clock.DECISION, Holder.BODY),
    "decided": (Clock.NOTIFICATION, Holder.PSO),
    "notified": (Clock.FOLLOW_UP, Holder.MANAGERS),
    "executing": (None, Holder.MANAGERS),
    "verified": (None, Holder.PSO),
    "closed": (None, Holder.NOBODY),
}


def clock_of(state: str) -> Clock | None:
    return _STEPS[state][0]


def holder_of(state: str) -> Holder:
    return _STEPS[state][1]


def default_pace(clock: Clock, body_kind: str = "") -> Pace:
    if clock is Clock.REACTION:
        return DEFAULT_REACTIONS.get(body_kind, SESSION_REACTION)
    return DEFAULT_PACES[clock]


def due_on(since: date, pace: Pace, closed: Collection[date], session: date | None = None) -> date:
    """The last day of the step; it is late from the day after."""
    limit = add_working_days(since, pace.days, closed)
    if pace.next_session and session is not None and since < session < limit:
        return session
    return limit


def is_late(due: date | None, today: date) -> bool:
    return due is not None and today > due


@dataclass(frozen=True, slots=True)
class Impact:
    """What an option adds to one project."""

    days: int = 0
    cost: Decimal = ZERO
    capacity: Decimal = ZERO
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One project under one option: where it would end and what it would cost, and how that uses its tolerances."""

    impact: Impact
    end: date | None
    end_rag: Rag
    cost: Decimal | None
    cost_rag: Rag

    @property
    def beyond(self) -> bool:
        """A tolerance would be exceeded."""
        return Rag.RED in (self.end_rag, self.cost_rag)


@dataclass(frozen=True, slots=True)
class Total:
    """One option over all projects: sums, the longest delay, and how many projects leave their tolerance."""

    cost: Decimal = ZERO
    capacity: Decimal = ZERO
    broken: int = 0
    longest: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """`cells` by (option, project); `totals` by option; `best` breaks least, then leaves least, then costs least."""

    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict)
    totals: Mapping[int, Total] = field(default_factory=dict)
    best: int | None = None


def compare(
    options: Sequence[int], projects: Mapping[int, ProjectFacts], impacts: Mapping[tuple[int, int], Impact]
) -> Comparison:
    """Each option against each project; an effect not given yet leaves its cell out."""
    cells = {
        (option, project): _cell(projects[project], impacts[option, project])
        for option in options
        for project in projects
        if (option, project) in impacts
    }
    totals = {option: _total([cell for (one, _), cell in cells.items() if one == option]) for option in options}
    whole = [option for option in options if all((option, project) in cells for project in projects)]
    best = min(whole, key=lambda one: _ruin(totals[one]), default=None)
    return Comparison(cells, totals, best)


def _ruin(total: Total) -> tuple[int, int, Decimal, int]:
    return total.beyond, total.broken, total.cost, total.longest


def _cell(facts: ProjectFacts, impact: Impact) -> Cell:
    forecast = facts.forecast_end or facts.baseline_end
    end = None if forecast is None else forecast + timedelta(days=impact.days)
    estimate = facts.eac if facts.eac is not None else facts.bac
    cost = None if estimate is None else estimate + impact.cost
    return Cell(impact, end, _end_rag(facts, end), cost, _cost_rag(facts, cost))


def _end_rag(facts: ProjectFacts, end: date | None) -> Rag:
    tolerance = facts.tolerances.get(Target.TIME)
    if tolerance is None or end is None or facts.baseline_end is None:
        return Rag.UNKNOWN
    in_days = days_allowed(tolerance, facts.planned_days)
    return judge(in_days, baseline=ZERO, forecast=Decimal((end - facts.baseline_end).days)).rag


def _cost_rag(facts: ProjectFacts, cost: Decimal | None) -> Rag:
    return judge(facts.tolerances.get(Target.COST), baseline=facts.bac, forecast=cost).rag


def _total(cells: Sequence[Cell]) -> Total:
    return Total(
        cost=sum((cell.impact.cost for cell in cells), ZERO),
        capacity=sum((cell.impact.capacity for cell in cells), ZERO),
        broken=sum(cell.impact.broken for cell in cells),
        longest=max((cell.impact.days for cell in cells), default=0),
        beyond=sum(1 for cell in cells if cell.beyond),
    )
