"""The stored plan as the neutral schedule it came from: what is compared, reckoned, changed and written out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from portfolio.engines.mspdi_values import plain
from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.record_codec import decoded
from portfolio.engines.schedule_file import (
    Assignment,
    Calendar,
    Link,
    ProjectHeader,
    Resource,
    ScheduleFile,
    Span,
    Task,
    TimeUnit,
)
from portfolio.engines.schedule_merge import placed
from portfolio.models.plan import Activity, ActivityLink, Plan
from portfolio.models.project import Project


def plan_of_project(project: Project) -> Plan | None:
    return Plan.objects.filter(project=project).first()


def stored_file(plan: Plan) -> ScheduleFile:
    """Five statements, whatever the size of the plan."""
    calendars = {row.pk: row for row in plan.calendars.order_by("position")}
    calendar_uids = {key: row.uid for key, row in calendars.items()}
    activities = list(plan.activities.order_by("position"))
    uids = {row.pk: row.uid for row in activities}
    links: dict[int, list[Link]] = defaultdict(list)
    for row in plan.links.order_by("position", "pk"):
        links[row.successor_id].append(link_of(row, uids))
    return ScheduleFile(
        format=plan.source_format or "cadran",
        header=header_of(plan),
        calendars=tuple(
            replace(decoded(Calendar, row.definition), uid=row.uid, name=row.name) for row in calendars.values()
        ),
        tasks=placed([task_of(row, calendar_uids, links[row.pk]) for row in activities]),
        resources=tuple(
            replace(decoded(Resource, row.details), uid=row.uid, name=row.name, email=row.email)
            for row in plan.resources.order_by("position")
        ),
        assignments=tuple(decoded(Assignment, raw) for raw in _assignments(plan)),
    )


def _assignments(plan: Plan) -> Iterable[dict[str, Any]]:
    return plan.assignments.order_by("position").values_list("details", flat=True)


def header_of(plan: Plan) -> ProjectHeader:
    return replace(
        decoded(ProjectHeader, plan.header),
        start=plan.start,
        status_date=plan.status_date,
        minutes_per_day=plan.minutes_per_day,
        minutes_per_week=plan.minutes_per_week,
    )


def link_of(row: ActivityLink, uids: dict[int, int]) -> Link:
    return Link(
        uids[row.predecessor_id], LinkType(row.kind), Span(plain(row.lag), TimeUnit(row.lag_unit), row.is_elapsed)
    )


def task_of(row: Activity, calendars: dict[int, int], links: Iterable[Link]) -> Task:
    task = decoded(Task, {"uid": row.uid, "row": 0, **row.details})
    span = None
    if row.duration is not None:
        span = Span(plain(row.duration), TimeUnit(row.duration_unit), row.is_elapsed)
    return replace(
        task,
        uid=row.uid,
        number=row.number,
        name=row.name,
        outline_level=row.outline_level,
        wbs=row.wbs,
        is_manual=row.is_manual,
        is_active=row.is_active,
        duration=span,
        constraint=ConstraintType(row.constraint),
        constraint_date=row.constraint_date,
        deadline=row.deadline,
        calendar=None if row.calendar_id is None else calendars.get(row.calendar_id),
        links=tuple(links),
        progress=replace(
            task.progress,
            percent_complete=row.percent_complete,
            actual_start=row.actual_start,
            actual_finish=row.actual_finish,
            remaining_duration=None if row.remaining is None else plain(row.remaining),
        ),
    )
