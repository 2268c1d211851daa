"""Resource levelling of one project: serial schedule generation by priority rules, then justification to and fro.

The serial scheme takes activities one by one, the most urgent eligible one first, and gives each the earliest start at
which its predecessors allow it and its resources suffice throughout. Every rule gives a schedule; each is pushed to the
right and back to the left (double justification, which never lengthens it), and the shortest wins. A heuristic: it does
not prove that no shorter plan exists. Times are working units of one calendar.
Source: Kolisch 1996, Valls et al. 2005; domain reference C; docs/formulas/levelling.md.
"""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from typing import TypeAlias

from portfolio.engines.longest_path import PathLengths, PlainLink, ordered_edges, typed_path
from portfolio.engines.network import LinkType, NetworkError, UnknownActivityError, topological_order

Edge: TypeAlias = tuple[int, int, int]
SPREAD = 0.3


class PriorityRule(enum.StrEnum):
    """What makes an activity urgent among those that may be placed."""

    LATEST_FINISH = "latest_finish"
    LATEST_START = "latest_start"
    LEAST_FLOAT = "least_float"
    MOST_SUCCESSORS = "most_successors"
    GREATEST_RANK = "greatest_rank"
    SAMPLED = "sampled"


class OverDemandError(NetworkError):
    """An activity asks for more of a resource than there is."""

    def __init__(self, activity: str, resource: str) -> None:
        super().__init__(f"{activity} needs more of {resource} than there is")
        self.activity, self.resource = activity, resource


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be placed; `start` fixes what has begun, whatever it uses, `earliest` holds back what has not."""

    id: str
    duration: int
    demands: Mapping[str, int] = field(default_factory=dict)
    earliest: int = 0
    start: int | None = None


@dataclass(frozen=True, slots=True)
class TaskLink:
    predecessor: str
    successor: str
    type: LinkType = LinkType.FS
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Levelled:
    """A plan that no resource forbids; `unlimited_finish` is the critical path's answer, which looks at none."""

    starts: Mapping[str, int]
    finish: int
    unlimited_finish: int
    delays: Mapping[str, int]
    rule: PriorityRule
    finish_by_rule: Mapping[PriorityRule, int]


@dataclass(frozen=True, slots=True)
class _Problem:
    """The plan by places; an edge is (predecessor, successor, offset between starts)."""

    durations: Sequence[int]
    demands: Sequence[Sequence[int]]
    capacities: Sequence[int]
    earliest: Sequence[int]
    fixed: Mapping[int, int]
    incoming: Sequence[Sequence[tuple[int, int]]]
    outgoing: Sequence[Sequence[int]]

    def finish(self, starts: Sequence[int]) -> int:
        return max(map(int.__add__, starts, self.durations), default=0)


def level(
    tasks: Sequence[Task],
    links: Iterable[TaskLink],
    capacities: Mapping[str, int],
    *,
    samples: int = 0,
    seed: int = 0,
) -> Levelled:
    """The shortest schedule that the rules find within the capacities; a resource without one is unlimited.

    `samples` more schedules put the latest finishes at random a little out of order; the same seed, the same plan.
    """
    plain, edges = _edges(tasks, links)
    problem = _problem(tasks, edges, capacities)
    lengths = typed_path([task.duration for task in tasks], plain)
    movable = not problem.fixed and not any(problem.earliest)
    reverse = _reversed(problem, edges) if movable else None
    plain_rules = [rule for rule in PriorityRule if rule is not PriorityRule.SAMPLED]
    keys: list[tuple[PriorityRule, list[float]]]
    keys = [(rule, _urgency(rule, tasks, plain, lengths)) for rule in plain_rules]
    keys += [(PriorityRule.SAMPLED, one) for one in _shaken(keys[0][1], samples, seed)]
    found: dict[PriorityRule, list[int]] = {}
    for rule, urgency in keys:
        starts = _serial(problem, urgency)
        if reverse is not None:
            starts = _justified(problem, reverse, starts)
        if rule not in found or problem.finish(starts) < problem.finish(found[rule]):
            found[rule] = starts
    best = min(found, key=lambda rule: problem.finish(found[rule]))
    early = _serial(_problem(tasks, edges, {}), [0] * len(tasks))
    return Levelled(
        starts={task.id: start for task, start in zip(tasks, found[best], strict=True)},
        finish=problem.finish(found[best]),
        unlimited_finish=problem.finish(early),
        delays={task.id: start - free for task, start, free in zip(tasks, found[best], early, strict=True)},
        rule=best,
        finish_by_rule={rule: problem.finish(starts) for rule, starts in found.items()},
    )


def _edges(tasks: Sequence[Task], links: Iterable[TaskLink]) -> tuple[list[PlainLink], list[Edge]]:
    places = {task.id: place for place, task in enumerate(tasks)}
    plain = []
    for link in links:
        for end in (link.predecessor, link.successor):
            if end not in places:
                raise UnknownActivityError(end)
        plain.append(PlainLink(places[link.predecessor], places[link.successor], link.type, link.lag))
    pairs = [(link.predecessor, link.successor) for link in plain]
    topological_order(len(tasks), pairs, [task.id for task in tasks])
    edges = ordered_edges([task.duration for task in tasks], plain)
    return plain, [(before, then, int(gap)) for before, then, gap in edges]


def _problem(tasks: Sequence[Task], edges: Iterable[Edge], capacities: Mapping[str, int]) -> _Problem:
    incoming: list[list[tuple[int, int]]] = [[] for _ in tasks]
    outgoing: list[list[int]] = [[] for _ in tasks]
    for before, then, gap in edges:
        incoming[then].append((before, gap))
        outgoing[before].append(then)
    for task in tasks:
        for resource, demand in task.demands.items():
            if resource in capacities and demand > capacities[resource] and task.start is None and task.duration:
                raise OverDemandError(task.id, resource)
    return _Problem(
        durations=[task.duration for task in tasks],
        demands=[[task.demands.get(resource, 0) for resource in capacities] for task in tasks],
        capacities=list(capacities.values()),
        earliest=[task.earliest for task in tasks],
        fixed={place: task.start for place, task in enumerate(tasks) if task.start is not None},
        incoming=incoming,
        outgoing=outgoing,
    )


def _urgency(
    rule: PriorityRule, tasks: Sequence[Task], links: Sequence[PlainLink], lengths: PathLengths
) -> list[float]:
    """The key of each activity, the least being the most urgent."""
    by_rule: dict[PriorityRule, Callable[[int], float]] = {
        PriorityRule.LATEST_FINISH: lambda place: lengths.late_starts[place] + tasks[place].duration,
        PriorityRule.LATEST_START: lambda place: lengths.late_starts[place],
        PriorityRule.LEAST_FLOAT: lengths.slack,
    }
    if rule in by_rule:
        return [by_rule[rule](place) for place in range(len(tasks))]
    after: list[set[int]] = [set() for _ in tasks]
    for link in links:
        after[link.predecessor].add(link.successor)
    if rule is PriorityRule.GREATEST_RANK:
        ranks = [task.duration + sum(tasks[then].duration for then in after[place]) for place, task in enumerate(tasks)]
        return [-rank for rank in ranks]
    pairs = [(link.predecessor, link.successor) for link in links]
    reach: list[set[int]] = [set() for _ in tasks]
    for place in reversed(topological_order(len(tasks), pairs, [task.id for task in tasks])):
        reach[place] = after[place].union(*(reach[then] for then in after[place]))
    return [-len(below) for below in reach]


def _shaken(keys: Sequence[float], samples: int, seed: int) -> list[list[float]]:
    rng = Random(seed)  # noqa: S311 -- a heuristic, not a secret
    return [[key * (1 + SPREAD * rng.random()) for key in keys] for _ in range(samples)]


def _serial(problem: _Problem, keys: Sequence[float]) -> list[int]:
    """One schedule: of the activities whose predecessors are placed, always the one with the least key."""
    profile = _Profile(problem.capacities)
    starts = [0] * len(keys)
    for place, start in problem.fixed.items():
        starts[place] = start
        profile.use(start, problem.durations[place], problem.demands[place])
    waiting = [len(incoming) for incoming in problem.incoming]
    ready = [(key, place) for place, key in enumerate(keys) if not waiting[place]]
    ready.sort()
    while ready:
        _key, place = heappop(ready)
        if place not in problem.fixed:
            bounds = (starts[before] + gap for before, gap in problem.incoming[place])
            at = max((problem.earliest[place], *bounds))
            duration, demands = problem.durations[place], problem.demands[place]
            starts[place] = profile.fit(at, duration, demands)
            profile.use(starts[place], duration, demands)
        for then in problem.outgoing[place]:
            waiting[then] -= 1
            if not waiting[then]:
                heappush(ready, (keys[then], then))
    return starts


def _justified(problem: _Problem, reverse: _Problem, starts: list[int]) -> list[int]:
    """The schedule pushed to its end and back to its start, as long as that shortens it."""
    while True:
        finish = problem.finish(starts)
        back = _serial(reverse, [finish - start - problem.durations[place] for place, start in enumerate(starts)])
        end = reverse.finish(back)
        right = [end - start - problem.durations[place] for place, start in enumerate(back)]
        left = _serial(problem, right)
        if problem.finish(left) >= finish:
            return starts
        starts = left


def _reversed(problem: _Problem, edges: Iterable[Edge]) -> _Problem:
    """The same plan with time running backwards."""
    durations = problem.durations
    incoming: list[list[tuple[int, int]]] = [[] for _ in durations]
    outgoing: list[list[int]] = [[] for _ in durations]
    for before, then, gap in edges:
        incoming[before].append((then, gap + durations[then] - durations[before]))
        outgoing[then].append(before)
    return _Problem(durations, problem.demands, problem.capacities, problem.earliest, {}, incoming, outgoing)


class _Profile:
    """What is left of each resource over time, as steps: from `times[i]` on, `free[i]`."""

    def __init__(self, capacities: Sequence[int]) -> None:
        self.times = [-(10**15)]
        self.free = [list(capacities)]

    def fit(self, at: int, duration: int, demands: Sequence[int]) -> int:
        """The earliest start from `at` on at which the demand is free throughout."""
        if duration == 0 or not any(demands):
            return at
        step = first = bisect_right(self.times, at) - 1
        while step < len(self.times) and (step == first or self.times[step] < at + duration):
            if any(free < demand for free, demand in zip(self.free[step], demands, strict=True)):
                first = step + 1
                at = self.times[first]
            step += 1
        return at

    def use(self, start: int, duration: int, demands: Sequence[int]) -> None:
        if duration == 0 or not any(demands):
            return
        first, last = self.cut(start), self.cut(start + duration)
        for step in range(first, last):
            self.free[step] = [free - demand for free, demand in zip(self.free[step], demands, strict=True)]

    def cut(self, at: int) -> int:
        """The step that begins exactly then, made if there was none."""
        step = bisect_right(self.times, at) - 1
        if self.times[step] == at:
            return step
        self.times.insert(step + 1, at)
        self.free.insert(step + 1, self.free[step])
        return step + 1
