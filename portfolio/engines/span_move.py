"""What if a project ended on another day: what has not begun moves as a block, and the others feel it.

What has begun or is over stays. Each open activity keeps its place in the block, by working time of its own calendar;
milestones that nothing feeds move along. Nothing is written. Source: docs/formulas/critical_path.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from portfolio.engines.critical_path import schedule
from portfolio.engines.cross_schedule import CrossProject, CrossSchedule, Tie, cross_schedule, plain_calendar
from portfolio.engines.network import Activity, ConstraintType, Mode, build_network
from portfolio.engines.schedule_mapping import Plan, clocks_of
from portfolio.engines.working_calendar import Clock, WorkingClock, instant, moment

EVENING = time(17)


@dataclass(frozen=True, slots=True)
class SpanEffect:
    """A project that feels the move: working days its end goes back (negative: comes forward), and rows that move."""

    project: str
    end_days: float
    rows: tuple[tuple[str, float], ...]


def span_effects(
    projects: Sequence[CrossProject], ties: Sequence[Tie], code: str, since: date, until: date
) -> tuple[SpanEffect, ...]:
    """What the others feel when the project ends `until` instead of `since`, the hardest hit first."""
    before = cross_schedule(projects, ties)
    after = cross_schedule([_moved(one, since, until) if one.code == code else one for one in projects], ties)
    found = [_effect(one.code, before, after) for one in projects if one.code != code]
    felt = [one for one in found if one.rows]
    return tuple(sorted(felt, key=lambda one: (-abs(one.end_days), -abs(one.rows[0][1]), one.project)))


def _effect(code: str, before: CrossSchedule, after: CrossSchedule) -> SpanEffect:
    was, now = ({hit.activity: hit.days for hit in one.hits if hit.project == code} for one in (before, after))
    moved = {name: now.get(name, 0) - was.get(name, 0) for name in was.keys() | now.keys()}
    rows = sorted(((name, days) for name, days in moved.items() if abs(days) > 0.01), key=lambda one: -abs(one[1]))
    return SpanEffect(code, after.ends[code] - before.ends[code], tuple(rows))


def _moved(project: CrossProject, since: date, until: date) -> CrossProject:
    base: Clock
    plan = project.plan
    clocks: Mapping[str, Clock] = {} if plan is None else clocks_of(plan)
    base = WorkingClock(plain_calendar(project)) if plan is None else clocks[""]
    minutes = base.between(_at(since), _at(until))
    loose = tuple(
        one if one.reached else replace(one, day=moment(base.last_finish(base.add(_at(one.day), minutes))).date())
        for one in project.milestones
    )
    return replace(project, milestones=loose, plan=None if plan is None else _moved_plan(plan, clocks, minutes))


def _moved_plan(plan: Plan, clocks: Mapping[str, Clock], minutes: int) -> Plan:
    dates = schedule(build_network(plan.activities, plan.links), clocks, plan.rules)
    holders = {one.parent for one in plan.activities}
    base = clocks[""]

    def moved(one: Activity) -> Activity:
        row = dates.activities.get(one.id)
        if row is None or one.started or one.id in holders:
            return one
        start = base.add(row.start, minutes)
        length = clocks[one.calendar].between(row.start, row.finish)
        return replace(
            one,
            mode=Mode.MANUAL,
            constraint=ConstraintType.ASAP,
            constraint_date=None,
            start=start,
            finish=clocks[one.calendar].add(start, length) if length else start,
        )

    return replace(plan, activities=tuple(moved(one) for one in plan.activities))


def _at(day: date) -> int:
    return instant(datetime.combine(day, EVENING))
