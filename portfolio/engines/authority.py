"""What only a decision changes once a project is authorised (passed G1), and which moves along its life need one.

Before that, preparing a project is free. A project taken over by an import may begin authorised with
holes; a hole is filled once, not changed. The database holds the same rule (ADR 0016): domain reference A2
and F (every gate is a decision, prioritisation and stages are the bodies').
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from portfolio.engines.lifecycle import Phase


class Matter(enum.StrEnum):
    """What is decided; the values are those of the effects of a decision."""

    BUDGET = "budget"
    BASELINE = "baseline"
    TOLERANCE = "tolerance"
    RANK = "rank"
    MANAGER = "manager"
    PHASE = "phase"


AUTHORISED = frozenset(
    {
        Phase.STAGE,
        Phase.EXCEPTION,
        Phase.CLOSING,
        Phase.CLOSED,
        Phase.BENEFITS_TRACKING,
        Phase.ARCHIVED,
        Phase.ON_HOLD,
        Phase.CANCELLED,
    }
)

SHEET: Mapping[str, Matter] = {
    "manager": Matter.MANAGER,
    "priority_rank": Matter.RANK,
    "planned_end": Matter.BASELINE,
    "first_approved_end": Matter.BASELINE,
    "first_approved_cost": Matter.BUDGET,
}
"""The fields of the project sheet that a decision sets."""

BOUNDS = frozenset({"minus", "plus", "unit"})
"""The fields of a tolerance that a decision sets."""

_FREE_MOVES = frozenset(
    {
        (Phase.STAGE, Phase.EXCEPTION),
        (Phase.CLOSING, Phase.CLOSED),
        (Phase.CLOSED, Phase.BENEFITS_TRACKING),
        (Phase.CLOSED, Phase.ARCHIVED),
        (Phase.BENEFITS_TRACKING, Phase.ARCHIVED),
        (Phase.CANCELLED, Phase.ARCHIVED),
    }
)


def is_authorised(phase: str) -> bool:
    return phase in AUTHORISED


def move_needs_decision(source: str, target: str) -> bool:
    """Whether the move waits for a body: everything after G1 but an exception raised and the tidying up at the end."""
    if (source, target) in _FREE_MOVES:
        return False
    if source in AUTHORISED:
        return True
    return target in AUTHORISED - {Phase.ON_HOLD, Phase.CANCELLED}
