"""How sure a finish is: seeded Monte Carlo over a network of three-point estimates.

Each run draws every duration (triangular, beta-PERT with alpha = 1 + 4(m - a)/(b - a), beta = 1 + 4(b - m)/(b - a),
uniform, or normal with sd (b - a)/6), adds the risk events that strike (Bernoulli) and walks the network once forward;
walking back along the links that drove each start tells who was critical in that run. Runs are columns of arrays, so a
link costs a few array operations for thousands of runs.
Source: domain reference C; docs/formulas/schedule_risk.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from portfolio.engines.longest_path import PlainLink
from portfolio.engines.network import LinkType
from portfolio.engines.three_point import (
    Distribution,
    Estimate,
    InvalidEstimateError,
    RiskActivity,
    RiskEvent,
    RiskLink,
    RiskModel,
    risk_model,
)

Floats: TypeAlias = npt.NDArray[np.float32]
Bools: TypeAlias = npt.NDArray[np.bool_]

MOST_RUNS = 1_000_000
RUNS_AT_ONCE = 10_000
CELLS_AT_ONCE = 10_000_000
ENDS_AT_FINISH = (LinkType.FF, LinkType.SF)


@dataclass(frozen=True, slots=True)
class Runs:
    """How to simulate; the same seed gives the same figures."""

    distribution: Distribution = Distribution.TRIANGULAR
    iterations: int = 10_000
    seed: int = 0
    target: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.iterations <= MOST_RUNS or self.seed < 0:
            raise InvalidEstimateError(f"{self.iterations} runs with seed {self.seed}")


@dataclass(frozen=True, slots=True)
class Simulation:
    """Finishes from the start of the plan. `percentiles` holds P1 to P99; shares are of all runs."""

    mean: float
    sd: float
    percentiles: tuple[float, ...]
    probability_of_target: float | None
    criticality: Mapping[str, float]
    sensitivity: Mapping[str, float]
    struck: Mapping[str, float]

    def percentile(self, number: int) -> float:
        return self.percentiles[number - 1]

    @property
    def contingency(self) -> float:
        """What lies between the date to steer by and the date to commit to."""
        return self.percentile(80) - self.percentile(50)


def simulate(
    activities: Sequence[RiskActivity], links: Iterable[RiskLink], runs: Runs, events: Iterable[RiskEvent] = ()
) -> Simulation:
    """Play the plan `runs.iterations` times; raises a NetworkError on a cycle or an unknown activity."""
    model = risk_model(activities, links, events)
    at_once = max(1, min(RUNS_AT_ONCE, CELLS_AT_ONCE // max(len(activities), 1)))
    block = _Block(model, runs, at_once)
    finishes, critical = [], np.zeros(len(model.activities), dtype=np.int64)
    for first in range(0, runs.iterations, at_once):
        count = min(at_once, runs.iterations - first)
        finishes.append(block.forward(count)[:count].copy())
        critical += block.critical(count)
    return _summed_up(model, runs, np.concatenate(finishes).astype(np.float64), critical, block.struck)


class _Block:
    """Some runs at once: a row for each activity, a column for each run; the arrays serve one block after another."""

    def __init__(self, model: RiskModel, runs: Runs, width: int) -> None:
        self.model, self.kind, self.width = model, runs.distribution, width
        self.generator = np.random.default_rng(runs.seed)
        shape = (len(model.activities), width)
        self.starts: Floats = np.empty(shape, dtype=np.float32)
        self.finishes: Floats = np.empty(shape, dtype=np.float32)
        self.last: Floats = np.empty(width, dtype=np.float32)
        self.two: Floats = np.empty((2, width), dtype=np.float32)
        ends = (link.successor for links in model.incoming for link in links if link.type in ENDS_AT_FINISH)
        self.durations: dict[int, Floats] = {place: np.empty(width, dtype=np.float32) for place in ends}
        held = {link.predecessor for links in model.incoming for link in links if _outlasts(link)}
        self.ending = [place for place in range(len(model.activities)) if place not in held]
        self.struck: dict[str, int] = dict.fromkeys((event.id for event, _places in model.events), 0)

    def forward(self, runs: int) -> Floats:
        """Draw and place every activity; the finish of each run, of which the first `runs` count."""
        extra = self.strike(runs)
        for place, one in enumerate(self.model.activities):
            finish, start = self.finishes[place], self.starts[place]
            duration = self.durations.get(place, finish)
            self.draw(one.estimate, duration)
            for impact in extra.get(place, ()):
                np.add(duration, impact, out=duration)
            if one.estimate.optimistic < 0 or place in extra:
                np.maximum(duration, 0, out=duration)
            floor: Floats | float = one.earliest
            for link in self.model.incoming[place]:
                floor = np.maximum(self.bound(link), floor, out=start)
            if not self.model.incoming[place]:
                start.fill(one.earliest)
            np.add(start, duration, out=finish)
        self.last.fill(0)
        for place in self.ending:
            np.maximum(self.last, self.finishes[place], out=self.last)
        return self.last

    def bound(self, link: PlainLink) -> Floats:
        """The start that the link allows at the earliest, in each run."""
        found: Floats = (self.starts if link.type.from_start else self.finishes)[link.predecessor]
        if link.lag:
            found = found + np.float32(link.lag)
        if link.type in ENDS_AT_FINISH:
            found = found - self.durations[link.successor]
        return found

    def critical(self, runs: int) -> npt.NDArray[np.int64]:
        """In how many of the first `runs` columns each activity stood on a path that set the finish."""
        on_path: Bools = np.zeros(self.finishes.shape, dtype=np.bool_)
        for place in self.ending:
            np.equal(self.finishes[place], self.last, out=on_path[place])
        drives: Bools = np.empty(self.width, dtype=np.bool_)
        for place in range(len(self.model.activities) - 1, -1, -1):
            for link in self.model.incoming[place]:
                np.equal(self.bound(link), self.starts[place], out=drives)
                np.logical_and(drives, on_path[place], out=drives)
                np.logical_or(on_path[link.predecessor], drives, out=on_path[link.predecessor])
        counts: npt.NDArray[np.int64] = np.count_nonzero(on_path[:, :runs], axis=1)
        return counts

    def strike(self, runs: int) -> dict[int, list[Floats]]:
        """What the events add to each activity they touch; counts how often each of them struck."""
        extra: dict[int, list[Floats]] = {}
        for event, places in self.model.events:
            hit = self.generator.random(self.width, dtype=np.float32) < event.probability
            self.struck[event.id] += int(np.count_nonzero(hit[:runs]))
            impact: Floats = np.empty(self.width, dtype=np.float32)
            self.draw(event.impact, impact)
            impact *= hit
            for place in places:
                extra.setdefault(place, []).append(impact)
        return extra

    def draw(self, estimate: Estimate, into: Floats) -> None:
        """Fill a row with durations of the estimate."""
        kind = estimate.distribution or self.kind
        if estimate.spread == 0:
            into.fill(estimate.most_likely)
        elif kind is Distribution.TRIANGULAR:
            self.triangular(estimate, into)
        elif kind is Distribution.BETA_PERT:
            low = 1 + 4 * (estimate.most_likely - estimate.optimistic) / estimate.spread
            into[:] = estimate.optimistic + estimate.spread * self.generator.beta(low, 6 - low, self.width)
        elif kind is Distribution.UNIFORM:
            self.generator.random(out=into, dtype=np.float32)
            into *= np.float32(estimate.spread)
            into += np.float32(estimate.optimistic)
        else:
            self.generator.standard_normal(out=into, dtype=np.float32)
            into *= np.float32(estimate.spread / 6)
            into += np.float32(estimate.most_likely)
            np.maximum(into, 0, out=into)

    def triangular(self, estimate: Estimate, into: Floats) -> None:
        """Of two uniform numbers the lesser by b - m, the greater by m - a, from a on: triangular, without a root."""
        a, m, b = estimate.optimistic, estimate.most_likely, estimate.pessimistic
        self.generator.random(out=self.two, dtype=np.float32)
        one, greater = self.two
        np.minimum(one, greater, out=into)
        np.maximum(one, greater, out=greater)
        into *= np.float32(b - m)
        greater *= np.float32(m - a)
        into += greater
        into += np.float32(a)


def _outlasts(link: PlainLink) -> bool:
    """Whether the successor never finishes before the predecessor."""
    return link.lag >= 0 and link.type in (LinkType.FS, LinkType.FF)


def _summed_up(
    model: RiskModel,
    runs: Runs,
    finishes: npt.NDArray[np.float64],
    critical: npt.NDArray[np.int64],
    struck: Mapping[str, int],
) -> Simulation:
    spread = float(finishes.std())
    shares = {
        one.id: float(count) / runs.iterations for one, count in zip(model.activities, critical.tolist(), strict=True)
    }
    spreads = {one.id: one.estimate.sd(one.estimate.distribution or runs.distribution) for one in model.activities}
    return Simulation(
        mean=float(finishes.mean()),
        sd=spread,
        percentiles=tuple(np.percentile(finishes, range(1, 100)).tolist()),
        probability_of_target=None if runs.target is None else float((finishes <= runs.target).mean()),
        criticality=shares,
        sensitivity={name: spreads[name] * share / spread if spread else 0.0 for name, share in shares.items()},
        struck={name: count / runs.iterations for name, count in struck.items()},
    )
