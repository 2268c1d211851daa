"""What is left of a plan under what its people can give: who has too much in which week, and who could wait.

Times are minutes of the plan's calendar from now on. What has begun, what is placed by hand and what a hard constraint
holds stays where it is, whatever it uses. An activity that asks for more of somebody than there is counts for all there
is, and is named. Source: docs/formulas/levelling.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portfolio.engines.critical_path import Schedule
from portfolio.engines.levelling import Levelled, Task, TaskLink, level
from portfolio.engines.network import Network
from portfolio.engines.remaining_work import RemainingWork, remaining_work
from portfolio.engines.three_point import RiskLink
from portfolio.engines.working_calendar import Clock, midnight, moment

FULL = 100
SAMPLES, SAMPLED_UP_TO = 20, 150
WEEK = timedelta(days=7)
Demands = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class WeekLoad:
    """Minutes asked of a resource in the week of that Monday, and minutes it has."""

    resource: str
    monday: date
    asked: float
    there: float

    @property
    def percent(self) -> int:
        return round(100 * self.asked / self.there) if self.there else 0


@dataclass(frozen=True, slots=True)
class Move:
    """An activity that would begin later; `held` when no link but somebody's time keeps it back."""

    activity: str
    start: int
    was: int
    days: float
    held: bool


@dataclass(frozen=True, slots=True)
class LevellingProposal:
    """`finish` is when the plan would end, `free_finish` when nobody's time counted; instants."""

    result: Levelled
    moves: tuple[Move, ...]
    before: tuple[WeekLoad, ...]
    after: tuple[WeekLoad, ...]
    finish: int
    free_finish: int
    beyond: tuple[tuple[str, str], ...]


def levelling_proposal(
    network: Network,
    schedule: Schedule,
    clocks: Mapping[str, Clock],
    demands: Demands,
    capacities: Mapping[str, int],
    now: int,
    minutes_per_day: int,
) -> LevellingProposal | None:
    """`demands` of activities and `capacities` are percents of one person; None when nothing is left to do."""
    work = remaining_work(network, schedule, clocks, {}, now)
    if not work.activities:
        return None
    base = clocks[""]
    planned = {name: base.between(now, row.start) for name, row in schedule.activities.items()}
    found = _Levelling(network, work, planned, demands, capacities)
    result = level(
        found.tasks,
        found.links,
        capacities,
        samples=SAMPLES if len(found.tasks) <= SAMPLED_UP_TO else 0,
    )
    spans = {task.id: (result.starts[task.id], task.duration) for task in found.tasks}
    early = {task.id: (result.starts[task.id] - result.delays[task.id], task.duration) for task in found.tasks}
    return LevellingProposal(
        result=result,
        moves=found.moves(result, base, now, minutes_per_day),
        before=tuple(_overloads(early, demands, capacities, base, now)),
        after=tuple(_overloads(spans, demands, capacities, base, now)),
        finish=_finish(base, now, result.finish),
        free_finish=_finish(base, now, result.unlimited_finish),
        beyond=tuple(found.beyond),
    )


class _Levelling:
    def __init__(
        self,
        network: Network,
        work: RemainingWork,
        planned: Mapping[str, int],
        demands: Demands,
        capacities: Mapping[str, int],
    ) -> None:
        self.beyond: list[tuple[str, str]] = []
        places = network.places
        self.tasks: list[Task] = []
        self.links = [TaskLink(one.predecessor, one.successor, one.type, round(one.lag)) for one in work.links]
        self.incoming: dict[str, list[RiskLink]] = {}
        for link in work.links:
            self.incoming.setdefault(link.successor, []).append(link)
        for one in work.activities:
            stated = network.activities[places[one.id]]
            stays = stated.started or stated.fixed or stated.constraint.hard
            asked = dict(demands.get(one.id, {}))
            for name, units in asked.items():
                if name in capacities and units > capacities[name]:
                    self.beyond.append((one.id, name))
                    asked[name] = capacities[name]
            hard = stated.constraint.hard and not stated.started
            begin = planned[one.id] if hard else round(one.earliest)
            length = round(one.estimate.most_likely)
            self.tasks.append(Task(one.id, length, asked, max(begin, 0), begin if stays else None))
        self.by_id = {task.id: task for task in self.tasks}

    def moves(self, result: Levelled, base: Clock, now: int, minutes_per_day: int) -> tuple[Move, ...]:
        """What would begin later than nobody's time would have it, by the new start."""
        found = [
            Move(
                activity=name,
                start=_at(base, now, start),
                was=_at(base, now, start - result.delays[name]),
                days=result.delays[name] / minutes_per_day,
                held=self.is_held(name, result.starts),
            )
            for name, start in result.starts.items()
            if result.delays[name] > 0
        ]
        return tuple(sorted(found, key=lambda one: (one.start, one.activity)))

    def is_held(self, name: str, starts: Mapping[str, int]) -> bool:
        """Whether it begins later than its own floor and its links, with everybody where proposed, would let it."""
        task = self.by_id[name]
        bounds = [task.earliest]
        for link in self.incoming.get(name, ()):
            before = self.by_id[link.predecessor]
            since = starts[before.id] + (0 if link.type.from_start else before.duration) + round(link.lag)
            bounds.append(since - (0 if link.type.value in ("FS", "SS") else task.duration))
        return starts[name] > max(bounds)


def _at(base: Clock, now: int, minutes: int) -> int:
    """When work goes on after so many minutes."""
    return base.next_start(base.add(now, minutes))


def _finish(base: Clock, now: int, minutes: int) -> int:
    return base.last_finish(_at(base, now, minutes))


def _overloads(
    spans: Mapping[str, tuple[int, int]], demands: Demands, capacities: Mapping[str, int], base: Clock, now: int
) -> Iterator[WeekLoad]:
    """The weeks in which more is asked of somebody than there is, by resource and week."""
    asked: dict[tuple[str, date], float] = {}
    for name, (start, length) in spans.items():
        needs = {one: units for one, units in demands.get(name, {}).items() if one in capacities}
        if not needs or not length:
            continue
        for monday, minutes in _weeks(base, now, start, length):
            for one, units in needs.items():
                asked[one, monday] = asked.get((one, monday), 0) + minutes * units / FULL
    for (name, monday), total in sorted(asked.items()):
        there = _worked(base, monday) * capacities[name] / FULL
        if total > there + 1:
            yield WeekLoad(name, monday, total, there)


def _weeks(base: Clock, now: int, start: int, length: int) -> Iterator[tuple[date, int]]:
    """The working minutes of a span, by the Monday of their week."""
    first = base.position(now) + start
    last = first + length
    day = moment(_at(base, now, start)).date()
    monday = day - timedelta(days=day.weekday())
    while (begin := base.position(midnight(monday))) < last:
        end = base.position(midnight(monday + WEEK))
        if (minutes := min(end, last) - max(begin, first)) > 0:
            yield monday, minutes
        monday += WEEK


def _worked(base: Clock, monday: date) -> int:
    return base.between(midnight(monday), midnight(monday + WEEK))
