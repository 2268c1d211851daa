"""One pass over several projects with links between them: what each plan says alone, and what the others make of it.

Every project keeps its start and its own finish; a link from one to the other moves early dates forward and takes
float away backward, with the same passes as a single plan. Source: docs/formulas/critical_path.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from portfolio.engines.critical_path import Rules, Schedule, schedule
from portfolio.engines.network import NO_LAG, Activity, Lag, Link, LinkType, build_network
from portfolio.engines.working_calendar import Clock

Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A plan as its project keeps it; ids are unique inside it."""

    code: str
    start: int
    activities: Sequence[Activity]
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class CrossLink:
    """A dependency between two projects, each end (project, activity)."""

    predecessor: Key
    successor: Key
    type: LinkType = LinkType.FS
    lag: Lag = NO_LAG


@dataclass(frozen=True, slots=True)
class Shift:
    """An activity that another project moves, in working minutes of its calendar."""

    project: str
    activity: str
    by: int


@dataclass(frozen=True, slots=True)
class PortfolioSchedule:
    """Each project within the portfolio, and by itself; `shifts` are later finishes, `squeezed` floats lost."""

    projects: Mapping[str, Schedule]
    alone: Mapping[str, Schedule]
    shifts: tuple[Shift, ...]
    squeezed: tuple[Shift, ...]


def portfolio_schedule(
    plans: Sequence[ProjectPlan], links: Sequence[CrossLink], clocks: Mapping[str, Clock], rules: Rules
) -> PortfolioSchedule:
    """Schedule all of them together; a cycle through several projects is refused with its path, `code/activity`."""
    alone = {
        plan.code: schedule(build_network(plan.activities, plan.links), clocks, replace(rules, start=plan.start))
        for plan in plans
    }
    activities = [_within(plan.code, one) for plan in plans for one in plan.activities]
    all_links = [
        Link(_name(plan.code, link.predecessor), _name(plan.code, link.successor), link.type, link.lag)
        for plan in plans
        for link in plan.links
    ]
    all_links += [Link(_name(*link.predecessor), _name(*link.successor), link.type, link.lag) for link in links]
    starts = {plan.code: plan.start for plan in plans}
    joint = schedule(build_network(activities, all_links), clocks, replace(rules, starts=starts))
    together = {plan.code: _part(plan, joint) for plan in plans}
    shifts, squeezed = [], []
    for plan in plans:
        for one in plan.activities:
            before, after = alone[plan.code].activities.get(one.id), together[plan.code].activities.get(one.id)
            if before is None or after is None or after.is_summary:
                continue
            moved = clocks[one.calendar].between(before.finish, after.finish)
            lost = before.total_float - after.total_float
            shifts += [Shift(plan.code, one.id, moved)] if moved > 0 else []
            squeezed += [Shift(plan.code, one.id, lost)] if lost > 0 else []
    return PortfolioSchedule(together, alone, tuple(shifts), tuple(squeezed))


def _name(code: str, activity: str) -> str:
    return f"{code}/{activity}"


def _within(code: str, one: Activity) -> Activity:
    parent = None if one.parent is None else _name(code, one.parent)
    return replace(one, id=_name(code, one.id), parent=parent, project=code)


def _part(plan: ProjectPlan, joint: Schedule) -> Schedule:
    """The rows of one project under its own names."""
    rows = {}
    for one in plan.activities:
        row = joint.activities.get(_name(plan.code, one.id))
        if row is not None:
            rows[one.id] = replace(row, id=one.id)
    begin = min((row.start for row in rows.values()), default=plan.start)
    finish = max((row.finish for row in rows.values()), default=plan.start)
    broken = set(joint.out_of_logic)
    out_of_logic = tuple(one.id for one in plan.activities if _name(plan.code, one.id) in broken)
    return Schedule(rows, begin, finish, out_of_logic)
