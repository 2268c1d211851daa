"""A schedule network: activities, links with lags, constraints, summaries; checked and put in topological order.

Links on a summary stand for links on the activities below it: as a successor each of them is bound; as a predecessor a
link from its finish waits for all of them, a link from its start for the earliest. A start-no-earlier-than, a
finish-no-later-than or a deadline of a summary bounds all activities below it. Inactive activities take no part. A
cycle is refused with its path. Source: domain reference C; docs/formulas/critical_path.md.
"""

from __future__ import annotations

import enum
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


class LinkType(enum.StrEnum):
    """Which end of the predecessor binds which end of the successor."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"

    @property
    def from_start(self) -> bool:
        return self in (LinkType.SS, LinkType.SF)


class LagKind(enum.StrEnum):
    """Working minutes of the successor's calendar, minutes of the clock, or percent of the predecessor's duration."""

    WORKING = "working"
    ELAPSED = "elapsed"
    PERCENT = "percent"


class ConstraintType(enum.StrEnum):
    """The eight constraints of MS Project; a deadline is none of them."""

    ASAP = "ASAP"
    ALAP = "ALAP"
    SNET = "SNET"
    SNLT = "SNLT"
    FNET = "FNET"
    FNLT = "FNLT"
    MSO = "MSO"
    MFO = "MFO"

    @property
    def dated(self) -> bool:
        return self not in (ConstraintType.ASAP, ConstraintType.ALAP)

    @property
    def hard(self) -> bool:
        """Whether it can hold an activity back from what the logic says."""
        return self in (ConstraintType.SNLT, ConstraintType.FNLT, ConstraintType.MSO, ConstraintType.MFO)


class Mode(enum.StrEnum):
    """Manual and external activities keep the dates they were given; inactive ones do not count."""

    AUTO = "auto"
    MANUAL = "manual"
    EXTERNAL = "external"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Lag:
    """Minutes, or whole percents; negative is a lead."""

    value: int = 0
    kind: LagKind = LagKind.WORKING


NO_LAG = Lag()


@dataclass(frozen=True, slots=True)
class Link:
    """One dependency; both ends are ids of activities, summaries included."""

    predecessor: str
    successor: str
    type: LinkType = LinkType.FS
    lag: Lag = NO_LAG


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of a plan. Durations are working minutes of its calendar, instants minutes of `working_calendar`.

    `start` and `finish` are the given dates of a manual, external or inactive activity. `remaining` counts once
    `actual_start` is known; `resume` is when the rest of the work goes on, at the earliest.
    """

    id: str
    duration: int = 0
    calendar: str = ""
    parent: str | None = None
    constraint: ConstraintType = ConstraintType.ASAP
    constraint_date: int | None = None
    deadline: int | None = None
    mode: Mode = Mode.AUTO
    start: int | None = None
    finish: int | None = None
    actual_start: int | None = None
    actual_finish: int | None = None
    remaining: int | None = None
    resume: int | None = None
    project: str = ""

    def __post_init__(self) -> None:
        if self.duration < 0 or (self.remaining or 0) < 0:
            raise InvalidActivityError(self.id, "a duration cannot be negative")
        if self.constraint.dated and self.constraint_date is None:
            raise InvalidActivityError(self.id, f"{self.constraint} needs a date")
        if self.mode in (Mode.MANUAL, Mode.EXTERNAL) and (self.start is None or self.finish is None):
            raise InvalidActivityError(self.id, "a fixed activity needs its dates")
        if self.actual_finish is not None and self.actual_start is None:
            raise InvalidActivityError(self.id, "what has finished has started")

    @property
    def fixed(self) -> bool:
        return self.mode in (Mode.MANUAL, Mode.EXTERNAL)

    @property
    def started(self) -> bool:
        return self.actual_start is not None

    @property
    def completed(self) -> bool:
        return self.actual_finish is not None


class NetworkError(ValueError):
    """The activities and links are no network that can be scheduled."""


class InvalidActivityError(NetworkError):
    def __init__(self, activity: str, problem: str) -> None:
        super().__init__(f"{activity}: {problem}")
        self.activity = activity


class DuplicateActivityError(NetworkError):
    def __init__(self, activity: str) -> None:
        super().__init__(f"two activities are called {activity}")
        self.activity = activity


class UnknownActivityError(NetworkError):
    """A link or a parent names an activity that is not there."""

    def __init__(self, activity: str) -> None:
        super().__init__(f"there is no activity {activity}")
        self.activity = activity


class CycleError(NetworkError):
    """`path` begins and ends with the same activity, each being a predecessor of the next."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(" -> ".join(path))
        self.path = tuple(path)


@dataclass(frozen=True, slots=True)
class Edge:
    """A link between leaves by their places in the order; several predecessors: the earliest start of them binds."""

    predecessors: tuple[int, ...]
    successor: int
    type: LinkType
    lag: Lag


@dataclass(frozen=True, slots=True)
class Network:
    """The activities that are scheduled, in topological order, with their links both ways and their summaries.

    `floors` and `ceilings` are what the summaries above them say of their starts and finishes, where they say it.
    """

    activities: tuple[Activity, ...]
    incoming: tuple[tuple[Edge, ...], ...]
    outgoing: tuple[tuple[Edge, ...], ...]
    summaries: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    inactive: tuple[Activity, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    floors: Mapping[int, int] = field(default_factory=dict)
    ceilings: Mapping[int, int] = field(default_factory=dict)


def build_network(activities: Iterable[Activity], links: Iterable[Link]) -> Network:
    """Check and order; raises a NetworkError that names the activity, or the path of the cycle."""
    known = _by_id(activities)
    leaves = _leaves_below(known)
    scheduled = [one for one in known.values() if one.id not in leaves and one.mode is not Mode.INACTIVE]
    places = {one.id: place for place, one in enumerate(scheduled)}
    edges = [edge for link in links for edge in _expanded(link, known, leaves, places)]
    order = topological_order(
        len(scheduled), ((before, edge.successor) for edge in edges for before in edge.predecessors), list(places)
    )
    return _ordered(known, scheduled, edges, order, leaves)


def topological_order(count: int, pairs: Iterable[tuple[int, int]], names: Sequence[str]) -> list[int]:
    """Places so that each comes after its predecessors, in the given order where there is a choice."""
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for before, then in pairs:
        after[before].append(then)
        waiting[then] += 1
    ready = deque(place for place in range(count) if not waiting[place])
    order = []
    while ready:
        place = ready.popleft()
        order.append(place)
        for then in after[place]:
            waiting[then] -= 1
            if not waiting[then]:
                ready.append(then)
    if len(order) < count:
        raise CycleError([names[place] for place in _cycle(after, waiting)])
    return order


def _cycle(after: list[list[int]], waiting: list[int]) -> list[int]:
    """One cycle among the places that still wait: going back from any of them never ends."""
    before = {then: place for place, thens in enumerate(after) if waiting[place] for then in thens if waiting[then]}
    place, seen, walked = next(iter(before)), set(), []
    while place not in seen:
        seen.add(place)
        walked.append(place)
        place = before[place]
    path = walked[walked.index(place) :]
    path.reverse()
    first = path.index(min(path))
    return [*path[first:], *path[:first], path[first]]


def _by_id(activities: Iterable[Activity]) -> dict[str, Activity]:
    known: dict[str, Activity] = {}
    for one in activities:
        if one.id in known:
            raise DuplicateActivityError(one.id)
        known[one.id] = one
    return known


def _leaves_below(known: Mapping[str, Activity]) -> dict[str, list[str]]:
    """For each summary the leaves below it at any depth, in the order of the plan."""
    children = defaultdict(list)
    for one in known.values():
        if one.parent is not None:
            if one.parent not in known:
                raise UnknownActivityError(one.parent)
            children[one.parent].append(one.id)
    leaves: dict[str, list[str]] = {summary: [] for summary in children}
    for one in known.values():
        path, parent = [one.id], one.parent
        while parent is not None:
            if parent in path:
                raise CycleError([*reversed(path[path.index(parent) :]), path[path.index(parent)]][::-1])
            if one.id not in children:
                leaves[parent].append(one.id)
            path.append(parent)
            parent = known[parent].parent
    return leaves


def _expanded(
    link: Link, known: Mapping[str, Activity], leaves: Mapping[str, list[str]], places: Mapping[str, int]
) -> Iterable[Edge]:
    """The links between scheduled leaves that this one stands for."""
    for end in (link.predecessor, link.successor):
        if end not in known:
            raise UnknownActivityError(end)
    if link.predecessor == link.successor:
        raise CycleError([link.predecessor, link.successor])
    before = [places[one] for one in leaves.get(link.predecessor, [link.predecessor]) if one in places]
    after = [places[one] for one in leaves.get(link.successor, [link.successor]) if one in places]
    groups = [tuple(before)] if link.type.from_start and before else [(one,) for one in before]
    return [Edge(group, successor, link.type, link.lag) for group in groups for successor in after]


def _ordered(
    known: Mapping[str, Activity],
    scheduled: Sequence[Activity],
    edges: Iterable[Edge],
    order: Sequence[int],
    leaves: Mapping[str, list[str]],
) -> Network:
    """The network with every place replaced by its rank in the order."""
    rank = {place: number for number, place in enumerate(order)}
    incoming: list[list[Edge]] = [[] for _ in order]
    outgoing: list[list[Edge]] = [[] for _ in order]
    for edge in edges:
        moved = Edge(tuple(rank[one] for one in edge.predecessors), rank[edge.successor], edge.type, edge.lag)
        incoming[moved.successor].append(moved)
        for one in moved.predecessors:
            outgoing[one].append(moved)
    activities = tuple(scheduled[place] for place in order)
    places = {one.id: number for number, one in enumerate(activities)}
    summaries = {name: tuple(places[one] for one in below if one in places) for name, below in leaves.items()}
    return Network(
        activities=activities,
        incoming=tuple(map(tuple, incoming)),
        outgoing=tuple(map(tuple, outgoing)),
        summaries=summaries,
        inactive=tuple(one for one in known.values() if one.mode is Mode.INACTIVE),
        places=places,
        floors=_bounds(known, summaries, _floor, max),
        ceilings=_bounds(known, summaries, _ceiling, min),
    )


def _floor(summary: Activity) -> int | None:
    return summary.constraint_date if summary.constraint is ConstraintType.SNET else None


def _ceiling(summary: Activity) -> int | None:
    date = summary.constraint_date if summary.constraint is ConstraintType.FNLT else None
    return min((one for one in (date, summary.deadline) if one is not None), default=None)


def _bounds(
    known: Mapping[str, Activity],
    summaries: Mapping[str, tuple[int, ...]],
    bound_of: Callable[[Activity], int | None],
    tighter: Callable[[int, int], int],
) -> dict[int, int]:
    """The tightest bound of the summaries above each activity that has any."""
    bounds: dict[int, int] = {}
    for name, below in summaries.items():
        bound = bound_of(known[name])
        if bound is not None:
            bounds |= {place: tighter(bounds.get(place, bound), bound) for place in below}
    return bounds
