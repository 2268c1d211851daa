"""What is left of a plan on one day, as the simulation sees it: minutes of the plan's calendar from that day on.

What is done is over; what is under way has its remaining duration and waits for nobody; what has not begun lies at its
earliest today. An activity with a calendar of its own counts as long as it lasts on the plan's. Three points are of the
whole duration: of what is under way the remaining share counts. Without three points a duration is certain.
Source: docs/formulas/schedule_risk.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portfolio.engines.critical_path import Schedule
from portfolio.engines.network import Activity, ConstraintType, Edge, Lag, LagKind, LinkType, Network
from portfolio.engines.three_point import Estimate, RiskActivity, RiskLink
from portfolio.engines.working_calendar import Clock

WEEK_OF_THE_CLOCK = 7 * 1440
FROM_START = (ConstraintType.SNET, ConstraintType.MSO)
FROM_FINISH = (ConstraintType.FNET, ConstraintType.MFO)
Points = tuple[float, float, float]


@dataclass(slots=True)
class RemainingWork:
    """Open activities and the links between them; `estimated` are those with three points."""

    activities: list[RiskActivity] = field(default_factory=list)
    links: list[RiskLink] = field(default_factory=list)
    estimated: set[str] = field(default_factory=set)


def remaining_work(
    network: Network, schedule: Schedule, clocks: Mapping[str, Clock], points: Mapping[str, Points], now: int
) -> RemainingWork:
    """`points` are minutes of the activity's own calendar, by id; `now` is an instant."""
    return _Remaining(network, schedule, clocks, points, now).run()


class _Remaining:
    def __init__(
        self, network: Network, schedule: Schedule, clocks: Mapping[str, Clock], points: Mapping[str, Points], now: int
    ) -> None:
        self.network, self.schedule, self.clocks, self.points = network, schedule, clocks, points
        self.base = clocks[""]
        self.zero = self.base.position(now)
        week = self.base.between(now, now + 4 * WEEK_OF_THE_CLOCK) / 4
        self.worked_share = week / WEEK_OF_THE_CLOCK

    def run(self) -> RemainingWork:
        found = RemainingWork()
        for place, one in enumerate(self.network.activities):
            if one.completed:
                continue
            estimate, is_estimated = self.estimate(one)
            earliest = self.floor(place, one, estimate.most_likely)
            if not one.started and not one.fixed:
                links, bound = self.links(place, estimate.most_likely)
                found.links += links
                earliest = max(earliest, bound)
            found.activities.append(RiskActivity(one.id, estimate, earliest))
            found.estimated |= {one.id} if is_estimated else set()
        return found

    def at(self, instant: int) -> float:
        return self.base.position(instant) - self.zero

    def estimate(self, one: Activity) -> tuple[Estimate, bool]:
        """What is left of the duration on the plan's calendar, and whether somebody estimated it."""
        row = self.schedule.activities[one.id]
        if one.fixed:
            length = self.at(row.finish) - self.at(row.start)
            return Estimate(length, length, length), False
        own = self.clocks[one.calendar].between(row.start, row.finish)
        scale = self.base.between(row.start, row.finish) / own if one.calendar and own else 1.0
        left = one.duration if one.remaining is None or not one.started else one.remaining
        stated = self.points.get(one.id)
        if stated is None or not one.duration:
            return Estimate(left * scale, left * scale, left * scale), False
        share = scale * left / one.duration
        low, likely, high = (point * share for point in stated)
        return Estimate(low, likely, high), low < high

    def floor(self, place: int, one: Activity, likely: float) -> float:
        if one.fixed:
            return self.at(self.schedule.activities[one.id].start)
        if one.started:
            return max(0.0, self.at(one.resume)) if one.resume is not None else 0.0
        bounds = [0.0]
        if one.constraint_date is not None and one.constraint in FROM_START:
            bounds.append(self.at(one.constraint_date))
        if one.constraint_date is not None and one.constraint in FROM_FINISH:
            bounds.append(self.at(one.constraint_date) - likely)
        if place in self.network.floors:
            bounds.append(self.at(self.network.floors[place]))
        return max(bounds)

    def links(self, place: int, likely: float) -> tuple[list[RiskLink], float]:
        """Links from what is open, and how far what is over or has begun still holds this one back."""
        found, bound = [], 0.0
        for edge in self.network.incoming[place]:
            before = self.network.activities[self.first_of(edge)]
            lag = self.lag(edge.lag, before)
            if not (before.completed or (before.started and edge.type.from_start)):
                found.append(RiskLink(before.id, self.network.activities[place].id, edge.type, lag))
                continue
            row = self.schedule.activities[before.id]
            since = self.at(row.start if edge.type.from_start else row.finish) + lag
            bound = max(bound, since - (likely if edge.type in (LinkType.FF, LinkType.SF) else 0))
        return found, bound

    def first_of(self, edge: Edge) -> int:
        """Of several predecessors, the leaves of one summary, the one planned to begin first."""
        places: Sequence[int] = edge.predecessors
        return min(places, key=lambda place: self.schedule.activities[self.network.activities[place].id].start)

    def lag(self, lag: Lag, before: Activity) -> float:
        if lag.kind is LagKind.PERCENT:
            return before.duration * lag.value / 100
        return lag.value * self.worked_share if lag.kind is LagKind.ELAPSED else float(lag.value)
