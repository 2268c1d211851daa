"""The life of a pack as one table: what it is, what may be done with it next, what it then is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move; nothing leads back."""

    verb: str
    source: str
    target: str


STEPS: tuple[Step, ...] = (
    Step("freeze", "draft", "frozen"),
    Step("render", "frozen", "rendered"),
    Step("approve", "rendered", "approved"),
    Step("publish", "approved", "published"),
    Step("distribute", "published", "distributed"),
)

_BY_VERB = {step.verb: step for step in STEPS}
ORDER: tuple[str, ...] = (STEPS[0].source, *(step.target for step in STEPS))
READABLE = frozenset({"published", "distributed"})
"""States in which who reads what is decided may read the pack."""


def step(verb: str) -> Step:
    """The move of that name; KeyError for any other word."""
    return _BY_VERB[verb]


def has_passed(state: str, wanted: str) -> bool:
    """Whether a pack in `state` has reached `wanted`, or gone beyond it."""
    return ORDER.index(state) >= ORDER.index(wanted)
