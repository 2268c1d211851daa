"""Life cycle of a project as one table of moves.

idea -> mandate -> preparation -G0-> initiation -G1-> stage -Gn-> stage -Gc->
closing -> closed -> benefits_tracking -> archived, with the side states
exception, on_hold and cancelled, and the ways back to a phase before an earlier
gate. Source: domain reference A2 (PRINCE2 7 mapped to PM2 3.1);
docs/formulas/lifecycle.md.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class InvalidMoveError(ValueError):
    """The table holds no move between the two phases."""


class Phase(enum.StrEnum):
    """Where a project stands in its life."""

    IDEA = "idea"
    MANDATE = "mandate"
    PREPARATION = "preparation"
    INITIATION = "initiation"
    STAGE = "stage"
    CLOSING = "closing"
    CLOSED = "closed"
    BENEFITS_TRACKING = "benefits_tracking"
    ARCHIVED = "archived"
    EXCEPTION = "exception"
    ON_HOLD = "on_hold"
    CANCELLED = "cancelled"


class Gate(enum.StrEnum):
    """A decision point; in PM2 words G0 is RfP, G1 is RfE, Gc is RfC."""

    G0 = "G0"
    G1 = "G1"
    GN = "Gn"
    GC = "Gc"


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move; a gate needs the decision of the competent body.

    `back_to` names the earlier gate that has to be passed again after a move backwards.
    """

    source: Phase
    target: Phase
    gate: Gate | None = None
    needs_reason: bool = False
    back_to: Gate | None = None


_ACTIVE = (Phase.PREPARATION, Phase.INITIATION, Phase.STAGE, Phase.CLOSING)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Phase.IDEA, Phase.MANDATE),
    Transition(Phase.MANDATE, Phase.PREPARATION),
    Transition(Phase.PREPARATION, Phase.INITIATION, Gate.G0),
    Transition(Phase.INITIATION, Phase.STAGE, Gate.G1),
    Transition(Phase.STAGE, Phase.STAGE, Gate.GN),
    Transition(Phase.STAGE, Phase.CLOSING, Gate.GC),
    Transition(Phase.CLOSING, Phase.CLOSED),
    Transition(Phase.CLOSED, Phase.BENEFITS_TRACKING),
    Transition(Phase.CLOSED, Phase.ARCHIVED),
    Transition(Phase.BENEFITS_TRACKING, Phase.ARCHIVED),
    Transition(Phase.STAGE, Phase.EXCEPTION, needs_reason=True),
    Transition(Phase.EXCEPTION, Phase.STAGE, needs_reason=True),
    Transition(Phase.EXCEPTION, Phase.CLOSING, Gate.GC, needs_reason=True),
    Transition(Phase.INITIATION, Phase.PREPARATION, needs_reason=True, back_to=Gate.G0),
    *(
        Transition(source, target, needs_reason=True, back_to=gate)
        for source in (Phase.STAGE, Phase.EXCEPTION, Phase.CLOSING)
        for target, gate in ((Phase.PREPARATION, Gate.G0), (Phase.INITIATION, Gate.G1))
    ),
    Transition(Phase.CLOSING, Phase.STAGE, needs_reason=True, back_to=Gate.GC),
    *(Transition(phase, Phase.ON_HOLD, needs_reason=True) for phase in (*_ACTIVE, Phase.EXCEPTION)),
    *(Transition(Phase.ON_HOLD, phase, needs_reason=True) for phase in (*_ACTIVE, Phase.EXCEPTION)),
    *(
        Transition(phase, Phase.CANCELLED, needs_reason=True)
        for phase in (Phase.IDEA, Phase.MANDATE, *_ACTIVE, Phase.EXCEPTION, Phase.ON_HOLD)
    ),
    Transition(Phase.CANCELLED, Phase.ARCHIVED),
)

_BY_PAIR = {(move.source, move.target): move for move in TRANSITIONS}

REPORTING_PHASES = frozenset({*_ACTIVE, Phase.EXCEPTION})
"""A project in one of these owes a status every week."""

CLOSED_PHASES = frozenset({Phase.CLOSED, Phase.BENEFITS_TRACKING, Phase.ARCHIVED, Phase.CANCELLED})


def can_move(source: Phase, target: Phase) -> bool:
    return (source, target) in _BY_PAIR


def transition(source: Phase, target: Phase) -> Transition:
    """The move between two phases, or InvalidMoveError."""
    try:
        return _BY_PAIR[source, target]
    except KeyError:
        raise InvalidMoveError(f"{source} -> {target}") from None


def moves_from(source: Phase) -> tuple[Transition, ...]:
    """The allowed moves out of `source`, in table order."""
    return tuple(move for move in TRANSITIONS if move.source is source)


def gates_ahead(source: Phase) -> dict[Gate, Phase]:
    """The gates that may be asked for in a phase, with the phase behind each."""
    return {move.gate: move.target for move in moves_from(source) if move.gate is not None}


def gates_behind(source: Phase) -> dict[Gate, Phase]:
    """The earlier gates a project may be sent back to, with the phase before each."""
    return {move.back_to: move.target for move in moves_from(source) if move.back_to is not None}
