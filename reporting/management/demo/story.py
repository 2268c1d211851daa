"""Where a project goes: how much of each tolerance it uses week after week, and what its people say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from portfolio.enums import AskKind, MilestoneKind

Curve = tuple[tuple[int, float], ...]
"""Share of a tolerance used, by weeks before the current one; straight lines between the points."""
CALM: Curve = ((0, 0.0),)


class Fixed(NamedTuple):
    """A milestone of a scripted project: its baseline lies `after` days from the simulated today."""

    name: str
    kind: MilestoneKind
    after: int


@dataclass(frozen=True, slots=True)
class Ask:
    """What a status asks for. A decision names its body and the fields the committee reads."""

    text: str
    body: str = ""
    kind: AskKind = AskKind.DECISION
    amount: int | None = None
    options: tuple[tuple[str, str, bool], ...] = ()
    recommendation: str = ""
    cost_of_waiting: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One project's course. `lines` and `asks` are by weeks ago; an ask stands until its `last` week."""

    time: Curve = CALM
    cost: Curve = CALM
    scope: Curve = CALM
    risk: Curve = CALM
    resources: Curve = CALM
    optimist: int = 0
    """Declared greener than computed during that many last weeks."""
    pessimist: bool = False
    silent: frozenset[int] = frozenset()
    lines: Mapping[int, str] = field(default_factory=dict)
    causes: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    asks: Mapping[tuple[int, int], Ask] = field(default_factory=dict)
    """(first, last) weeks ago of each ask, first >= last."""
    milestones: tuple[Fixed, ...] = ()
    threat: tuple[str, str, str, str] | None = None
    """Title, cause, event and effect of the leading risk."""
    progress: float | None = None

    def use(self, dimension: str, ago: int) -> float:
        curve: Curve = getattr(self, dimension)
        return level(curve, ago)

    def ask(self, ago: int) -> Ask | None:
        return next((ask for (first, last), ask in self.asks.items() if last <= ago <= first), None)


def level(curve: Curve, ago: int) -> float:
    """The value of `curve` at `ago`: interpolated, flat outside its points."""
    earlier = curve[0]
    if ago >= earlier[0]:
        return earlier[1]
    for later in curve[1:]:
        if ago >= later[0]:
            share = (earlier[0] - ago) / (earlier[0] - later[0])
            return earlier[1] + share * (later[1] - earlier[1])
        earlier = later
    return earlier[1]


_DRIVERS = ("time", "cost", "resources", "time", "scope", "risk", "time", "cost")
_MIX = ("red",) * 3 + ("amber",) * 3 + ("green",) * 21
"""Of the projects that tell themselves; the scripted ones bring more reds."""


def courses(count: int, rng: Random) -> list[Story]:
    """`count` invented courses in the proportions of the portfolio, in random order."""
    outcomes = [_MIX[index % len(_MIX)] for index in range(count)]
    rng.shuffle(outcomes)
    return [_course(outcome, index, rng) for index, outcome in enumerate(outcomes)]


def _course(outcome: str, index: int, rng: Random) -> Story:
    driver = _DRIVERS[index % len(_DRIVERS)]
    curves = {name: _quiet(rng) for name in ("time", "cost", "scope", "risk", "resources")}
    onset = rng.randint(1, 9)
    if outcome == "green":
        if rng.random() < 0.6:
            curves[driver] = _episode(rng, rng.randint(1, 21))
    elif outcome == "amber":
        curves[driver] = ((onset + 4, rng.uniform(0.05, 0.3)), (onset, 0.62), (0, rng.uniform(0.65, 0.9)))
        if rng.random() < 0.3:
            curves["resources"] = ((onset, 0.2), (max(onset - 1, 0), 0.75), (0, 0.75))
    else:
        red = rng.randint(1, 5)
        curves[driver] = ((red + 9, 0.2), (red + 6, 0.65), (red + 1, 0.9), (red, 1.15), (0, rng.uniform(1.2, 1.6)))
        if driver != "risk":
            curves["risk"] = ((red + 4, 0.3), (red + 3, 0.7), (0, 0.75))
    if outcome != "green" and rng.random() < 0.6:
        curves["cost" if driver == "scope" else "scope"] = _episode(rng, rng.randint(14, 21))
    return Story(
        time=curves["time"],
        cost=curves["cost"],
        scope=curves["scope"],
        risk=curves["risk"],
        resources=curves["resources"],
    )


def _quiet(rng: Random) -> Curve:
    return ((26, rng.uniform(-0.1, 0.1)), (12, rng.uniform(-0.2, 0.3)), (0, rng.uniform(-0.25, 0.32)))


def _episode(rng: Random, end: int) -> Curve:
    """Trouble that was over `end` weeks ago: amber for some weeks, sometimes red, then back to green."""
    length = rng.randint(3, 7)
    peak = 1.2 if rng.random() < 0.25 else 0.8
    return (
        (end + length + 3, 0.1),
        (end + length, 0.65),
        (end + length // 2, peak),
        (end + 1, 0.62),
        (end, 0.3),
        (0, 0.2),
    )
