"""Three-point estimates on a network, and what PERT makes of them.

te = (a + 4m + b)/6, variance ((b - a)/6)^2, both summed along the critical path; the finish is taken for normal. That
is optimistic: where paths merge, the later one counts, and PERT sees one path only. `schedule_risk` simulates instead.
Source: domain reference C; docs/formulas/schedule_risk.md.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from portfolio.engines.longest_path import PlainLink
from portfolio.engines.network import DuplicateActivityError, LinkType, UnknownActivityError, topological_order


class Distribution(enum.StrEnum):
    TRIANGULAR = "triangular"
    BETA_PERT = "beta_pert"
    UNIFORM = "uniform"
    NORMAL = "normal"


class InvalidEstimateError(ValueError):
    """Three points out of order, a chance that is none, or a number of runs that cannot be made."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Three points in working time; equal points are certain."""

    optimistic: float
    most_likely: float
    pessimistic: float
    distribution: Distribution | None = None

    def __post_init__(self) -> None:
        if not self.optimistic <= self.most_likely <= self.pessimistic or not math.isfinite(self.spread):
            raise InvalidEstimateError(f"{self.optimistic}, {self.most_likely}, {self.pessimistic} are out of order")

    @property
    def spread(self) -> float:
        return self.pessimistic - self.optimistic

    @property
    def pert_mean(self) -> float:
        return (self.optimistic + 4 * self.most_likely + self.pessimistic) / 6

    @property
    def pert_variance(self) -> float:
        return (self.spread / 6) ** 2

    def sd(self, kind: Distribution) -> float:
        """The exact standard deviation of that distribution between these points."""
        low, high = self.most_likely - self.optimistic, self.pessimistic - self.most_likely
        return math.sqrt(
            {
                Distribution.TRIANGULAR: (self.spread**2 - low * high) / 18,
                Distribution.BETA_PERT: (5 * low + high) * (low + 5 * high) / 252,
                Distribution.UNIFORM: self.spread**2 / 12,
                Distribution.NORMAL: self.pert_variance,
            }[kind]
        )


@dataclass(frozen=True, slots=True)
class RiskActivity:
    """An activity with its estimate of what is left, not before `earliest` from the start of the plan."""

    id: str
    estimate: Estimate
    earliest: float = 0


@dataclass(frozen=True, slots=True)
class RiskLink:
    predecessor: str
    successor: str
    type: LinkType = LinkType.FS
    lag: float = 0


@dataclass(frozen=True, slots=True)
class RiskEvent:
    """A risk of the register: when it strikes, `impact` is added to each of the activities it touches."""

    id: str
    probability: float
    activities: tuple[str, ...]
    impact: Estimate

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise InvalidEstimateError(f"{self.id}: {self.probability} is no probability")


@dataclass(frozen=True, slots=True)
class PertResult:
    """The analytic answer, optimistic by construction."""

    mean: float
    variance: float
    probability_of_target: float | None


@dataclass(frozen=True, slots=True)
class RiskModel:
    """The network by places in topological order, with the links into each activity."""

    activities: tuple[RiskActivity, ...]
    incoming: tuple[tuple[PlainLink, ...], ...]
    events: tuple[tuple[RiskEvent, tuple[int, ...]], ...] = ()


def pert(activities: Sequence[RiskActivity], links: Iterable[RiskLink], target: float | None = None) -> PertResult:
    """te and variance summed along the critical path, of several the most uncertain one."""
    model = risk_model(activities, links)
    ends: list[tuple[float, float]] = []
    begins: list[tuple[float, float]] = []
    for one, incoming in zip(model.activities, model.incoming, strict=True):
        estimate = one.estimate
        start = (one.earliest, 0.0)
        for link in incoming:
            time, variance = (begins if link.type.from_start else ends)[link.predecessor]
            time += link.lag - (0 if link.type in (LinkType.FS, LinkType.SS) else estimate.pert_mean)
            start = max(start, (round(time, 9), variance))
        begins.append(start)
        ends.append((start[0] + estimate.pert_mean, start[1] + estimate.pert_variance))
    mean, variance = max(((round(time, 9), spread) for time, spread in ends), default=(0.0, 0.0))
    return PertResult(mean, variance, None if target is None else _chance(mean, variance, target))


def _chance(mean: float, variance: float, target: float) -> float:
    if variance == 0:
        return float(mean <= target)
    return NormalDist(mean, math.sqrt(variance)).cdf(target)


def risk_model(
    activities: Sequence[RiskActivity], links: Iterable[RiskLink], events: Iterable[RiskEvent] = ()
) -> RiskModel:
    places = {one.id: place for place, one in enumerate(activities)}
    if len(places) < len(activities):
        raise DuplicateActivityError(next(one.id for place, one in enumerate(activities) if places[one.id] != place))

    def place(name: str) -> int:
        if name not in places:
            raise UnknownActivityError(name)
        return places[name]

    plain = [PlainLink(place(one.predecessor), place(one.successor), one.type, one.lag) for one in links]
    order = topological_order(len(activities), [(one.predecessor, one.successor) for one in plain], list(places))
    rank = {old: new for new, old in enumerate(order)}
    incoming: list[list[PlainLink]] = [[] for _ in order]
    for one in plain:
        incoming[rank[one.successor]].append(PlainLink(rank[one.predecessor], rank[one.successor], one.type, one.lag))
    touched = tuple((event, tuple(rank[place(name)] for name in event.activities)) for event in events)
    return RiskModel(tuple(activities[old] for old in order), tuple(map(tuple, incoming)), touched)
