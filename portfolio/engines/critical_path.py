"""Critical path of a plan with calendars, lags, constraints, deadlines, progress and cross-project links.

Forward pass to early dates, backward pass to late dates; an activity as late as possible is then put on its late dates
and the forward pass runs again. Total float = min(LS - ES, LF - EF); free float = the least gap on a link out and to
the project's finish; interfering float = total - free; all in working minutes of the activity's calendar. MS Project's
behaviour as MPXJ describes it: lags run on the successor's calendar, a milestone may stand at the end of a shift, what
has started keeps its start and is reckoned back by its remaining duration, what has finished binds nobody before it.
Source: domain reference C; docs/formulas/critical_path.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portfolio.engines.network import (
    Activity,
    ConstraintType,
    Edge,
    LagKind,
    LinkType,
    Mode,
    Network,
)
from portfolio.engines.working_calendar import Clock


@dataclass(frozen=True, slots=True)
class Rules:
    """Where a plan starts and how it is read.

    `starts` gives projects of a joint pass starts of their own. Without `honour_constraints` the logic wins over a
    date that would pull an activity before its predecessors; with it, as MS Project does by default, the date wins.
    `data_date` is the day up to which work is known: no work that is still open lies before it.
    """

    start: int = 0
    starts: Mapping[str, int] = field(default_factory=dict)
    critical_limit: int = 0
    honour_constraints: bool = True
    data_date: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduledActivity:
    """Where one activity stands; floats in working minutes of its calendar."""

    id: str
    start: int
    finish: int
    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    total_float: int
    free_float: int
    critical: bool
    is_summary: bool = False

    @property
    def interfering_float(self) -> int:
        return self.total_float - self.free_float


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every activity and summary that takes part, the span, and who was put before what the logic says."""

    activities: Mapping[str, ScheduledActivity]
    start: int
    finish: int
    out_of_logic: tuple[str, ...] = ()

    @property
    def critical_path(self) -> tuple[str, ...]:
        """Critical activities, summaries left out, in order of time."""
        found = [one for one in self.activities.values() if one.critical and not one.is_summary]
        return tuple(one.id for one in sorted(found, key=lambda one: (one.start, one.finish)))


def schedule(network: Network, clocks: Mapping[str, Clock], rules: Rules) -> Schedule:
    """Run the passes. `clocks` holds the calendars by the names the activities use, the plan's own under ""."""
    if not network.activities:
        return Schedule({}, rules.start, rules.start)
    return _Passes(network, clocks, rules).run()


class _Passes:
    """The early and late dates of one run, by place in the network's order."""

    def __init__(self, network: Network, clocks: Mapping[str, Clock], rules: Rules) -> None:
        self.network, self.rules = network, rules
        self.activities = network.activities
        self.clocks = [clocks[one.calendar] for one in self.activities]
        self.lengths = [_length(one, clock) for one, clock in zip(self.activities, self.clocks, strict=True)]
        count = len(self.activities)
        self.starts, self.finishes = [0] * count, [0] * count
        self.late_starts, self.late_finishes = [0] * count, [0] * count
        self.bounds = [0] * count
        self.pinned: dict[int, int] = {}
        self.out_of_logic: list[str] = []
        self.ends: dict[str, int] = {}

    def run(self) -> Schedule:
        self.forward()
        self.backward()
        early = (list(self.starts), list(self.finishes))
        late = [place for place, one in enumerate(self.activities) if _waits(one)]
        if late:
            self.pinned = {place: max(self.late_starts[place], self.starts[place]) for place in late}
            self.forward()
        rows = [self.row(place, *early) for place in range(len(self.activities))]
        found = {row.id: row for row in rows}
        found |= {name: _summary(name, [rows[place] for place in below]) for name, below in self._summaries()}
        return Schedule(found, min(self.starts), max(self.finishes), tuple(dict.fromkeys(self.out_of_logic)))

    def _summaries(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(name, below) for name, below in self.network.summaries.items() if below]

    def forward(self) -> None:
        for place, one in enumerate(self.activities):
            if one.fixed:
                self.starts[place], self.finishes[place] = one.start or 0, one.finish or 0
            elif one.actual_start is not None:
                self.starts[place], self.finishes[place] = one.actual_start, self.progressed(place, one)
            else:
                self.place_early(place, one)

    def progressed(self, place: int, one: Activity) -> int:
        """The finish of what has started: its own, or when the rest of its work is done."""
        if one.actual_finish is not None:
            return one.actual_finish
        clock, start = self.clocks[place], one.actual_start or 0
        rest = self.lengths[place]
        resumed = clock.add(start, max(one.duration - rest, 0))
        resumed = max(resumed, one.resume or resumed, self.rules.data_date or resumed)
        finish = clock.add(resumed, rest)
        if one.constraint is ConstraintType.FNET and one.constraint_date is not None:
            return max(finish, one.constraint_date)
        return finish

    def place_early(self, place: int, one: Activity) -> None:
        clock, length = self.clocks[place], self.lengths[place]
        logic = self.rules.starts.get(one.project, self.rules.start)
        for edge in self.network.incoming[place]:
            logic = max(logic, self.earliest(edge))
        if self.rules.data_date is not None:
            logic = max(logic, self.rules.data_date)
        logic = max(logic, self.network.floors.get(place, logic))
        logic = _settled(clock, logic, length)
        start = self.pinned[place] if place in self.pinned else self.constrained(one, clock, length, logic)
        if start < logic and clock.between(start, logic) > 0:
            self.out_of_logic.append(one.id)
        self.starts[place], self.finishes[place] = start, self.finish_by(place, clock.add(start, length))

    def finish_by(self, place: int, finish: int) -> int:
        """The same moment of work as `finish`; on an SF link Project says it as the start it waits for."""
        clock = self.clocks[place]
        for edge in self.network.incoming[place]:
            if edge.type is LinkType.SF:
                awaited = self.lagged(edge, min(self.starts[one] for one in edge.predecessors), 1)
                if awaited > finish and clock.between(finish, awaited) == 0:
                    return awaited
        return finish

    def earliest(self, edge: Edge) -> int:
        """The start of the successor that the link allows at the earliest."""
        clock, length = self.clocks[edge.successor], self.lengths[edge.successor]
        if edge.type.from_start:
            bound = min(self.starts[one] for one in edge.predecessors)
        else:
            bound = self.finishes[edge.predecessors[0]]
        if edge.type in (LinkType.FF, LinkType.SF):
            bound = clock.add(bound, -length)
        return self.lagged(edge, bound, 1)

    def lagged(self, edge: Edge, at: int, sign: int) -> int:
        """`at` with the lag of the link added (1) or taken off (-1)."""
        value = edge.lag.value * sign
        if value == 0:
            return at
        if edge.lag.kind is LagKind.ELAPSED:
            return at + value
        if edge.lag.kind is LagKind.PERCENT:
            value = round(self.activities[edge.predecessors[0]].duration * value / 100)
        return self.clocks[edge.successor].add(at, value)

    def constrained(self, one: Activity, clock: Clock, length: int, logic: int) -> int:
        """The start after the activity's own constraint."""
        if one.constraint_date is None or not one.constraint.dated:
            return logic
        kind = one.constraint
        if kind in (ConstraintType.SNET, ConstraintType.SNLT, ConstraintType.MSO):
            date = _settled(clock, one.constraint_date, length)
        else:
            date = clock.add(one.constraint_date, -length)
        if kind in (ConstraintType.SNET, ConstraintType.FNET):
            return max(logic, date)
        must = kind in (ConstraintType.MSO, ConstraintType.MFO)
        if not self.rules.honour_constraints:
            return max(logic, date) if must else logic
        return date if must else min(logic, date)

    def backward(self) -> None:
        self.ends = _ends(self.activities, self.finishes)
        for place in range(len(self.activities) - 1, -1, -1):
            one = self.activities[place]
            if one.completed or one.mode is Mode.EXTERNAL:
                self.late_starts[place], self.late_finishes[place] = self.starts[place], self.finishes[place]
                self.bounds[place] = self.starts[place]
                continue
            clock, length = self.clocks[place], self.lengths[place]
            finish = self.limited(one, clock, self.latest(place, self.ends[one.project]))
            if length:
                finish = clock.last_finish(finish)
            self.late_finishes[place] = finish
            self.bounds[place] = clock.add(finish, -length)
            self.late_starts[place] = one.actual_start if one.actual_start is not None else self.bounds[place]

    def latest(self, place: int, end: int) -> int:
        """The finish that the project's end, its summaries and the links to what is still open allow at the latest."""
        one, clock, length = self.activities[place], self.clocks[place], self.lengths[place]
        finish = min(end, self.network.ceilings.get(place, end))
        for edge in self.network.outgoing[place]:
            successor = self.activities[edge.successor]
            if successor.completed or not self.binds(place, edge):
                continue
            if edge.type is LinkType.FF:
                finish = min(finish, self.lagged(edge, self.late_finishes[edge.successor], -1))
            elif edge.type is LinkType.FS:
                finish = min(finish, self.lagged(edge, self.bounds[edge.successor], -1))
            elif not (one.started or (edge.type is LinkType.SS and successor.started)):
                late = (self.bounds if edge.type is LinkType.SS else self.late_finishes)[edge.successor]
                start = _settled(clock, self.lagged(edge, late, -1), length)
                finish = min(finish, clock.add(start, length))
        return finish

    def binds(self, place: int, edge: Edge) -> bool:
        """Of several predecessors only the one that starts first holds the successor."""
        return len(edge.predecessors) == 1 or place == min(edge.predecessors, key=self.starts.__getitem__)

    def limited(self, one: Activity, clock: Clock, finish: int) -> int:
        """The late finish after the activity's own constraint and deadline."""
        date, kind = one.constraint_date, one.constraint
        if date is not None and kind.hard:
            if kind in (ConstraintType.MSO, ConstraintType.SNLT):
                date = clock.add(_settled(clock, date, one.duration), one.duration)
            must = kind in (ConstraintType.MSO, ConstraintType.MFO) and self.rules.honour_constraints
            finish = date if must else min(finish, date)
        return finish if one.deadline is None else min(finish, one.deadline)

    def row(self, place: int, early_starts: list[int], early_finishes: list[int]) -> ScheduledActivity:
        one, clock = self.activities[place], self.clocks[place]
        total = 0
        if not one.completed:
            total = clock.between(self.finishes[place], self.late_finishes[place])
            if not one.started and not one.fixed:
                total = min(total, clock.between(self.starts[place], self.late_starts[place]))
        return ScheduledActivity(
            id=one.id,
            start=self.starts[place],
            finish=self.finishes[place],
            early_start=early_starts[place],
            early_finish=early_finishes[place],
            late_start=self.late_starts[place],
            late_finish=self.late_finishes[place],
            total_float=total,
            free_float=0 if one.completed else self.free_float(place),
            critical=not one.completed and total <= self.rules.critical_limit,
        )

    def free_float(self, place: int) -> int:
        """The least gap to a successor that is open, and to the end of the project."""
        clock, one = self.clocks[place], self.activities[place]
        gaps = [clock.between(self.finishes[place], self.ends[one.project])]
        for edge in self.network.outgoing[place]:
            if self.activities[edge.successor].started or not self.binds(place, edge):
                continue
            to_start = edge.type in (LinkType.FS, LinkType.SS)
            at = (self.starts if to_start else self.finishes)[edge.successor]
            own = (self.starts if edge.type.from_start else self.finishes)[place]
            gaps.append(clock.between(own, self.lagged(edge, at, -1)))
        return min(gaps)


def _length(one: Activity, clock: Clock) -> int:
    """The working minutes still to be placed."""
    if one.fixed:
        return clock.between(one.start or 0, one.finish or 0)
    if one.started and one.remaining is not None:
        return one.remaining
    return one.duration


def _settled(clock: Clock, at: int, length: int) -> int:
    """Where work can begin; a milestone may also stand where work has just ended."""
    start = clock.next_start(at)
    if start != at and not length and clock.last_finish(at) == at:
        return at
    return start


def _waits(one: Activity) -> bool:
    return one.constraint is ConstraintType.ALAP and not one.started and not one.fixed


def _ends(activities: tuple[Activity, ...], finishes: list[int]) -> dict[str, int]:
    """The last finish of each project."""
    ends: dict[str, int] = {}
    for one, finish in zip(activities, finishes, strict=True):
        ends[one.project] = max(ends.get(one.project, finish), finish)
    return ends


def _summary(name: str, below: list[ScheduledActivity]) -> ScheduledActivity:
    """A summary spans its activities and is as critical as the most critical of them."""
    return ScheduledActivity(
        id=name,
        start=min(row.start for row in below),
        finish=max(row.finish for row in below),
        early_start=min(row.early_start for row in below),
        early_finish=max(row.early_finish for row in below),
        late_start=min(row.late_start for row in below),
        late_finish=max(row.late_finish for row in below),
        total_float=min(row.total_float for row in below),
        free_float=min(row.free_float for row in below),
        critical=any(row.critical for row in below),
        is_summary=True,
    )
