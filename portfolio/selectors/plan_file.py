"""The stored plan as the neutral schedule it came from: what is compared, reckoned, changed and written out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
from portfolio.models.plan import Activity, ActivityLink, Plan, PlanAssignment, PlanCalendar, PlanResource
from portfolio.models.project import Project


def plan_of_project(project: Project) -> Plan | None:
    return Plan.objects.filter(project=project).first()


def stored_file(plan: Plan) -> ScheduleFile:
    """Five statements, whatever the size of the plan."""
    return stored_files([plan])[plan.pk]


def stored_files(plans: Sequence[Plan]) -> dict[int, ScheduleFile]:
    """Several plans by their keys, in as many statements as one."""
    rows = _Rows(plans)
    return {plan.pk: rows.file(plan) for plan in plans}


class _Rows:
    """The rows of some plans, each kind read once."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.calendars = self.of(PlanCalendar, plans)
        self.activities = self.of(Activity, plans)
        self.links: dict[int, list[ActivityLink]] = defaultdict(list)
        for link in ActivityLink.objects.filter(plan__in=plans).order_by("position", "pk"):
            self.links[link.successor_id].append(link)
        self.resources = self.of(PlanResource, plans)
        self.work: dict[int, list[Assignment]] = defaultdict(list)
        work = PlanAssignment.objects.filter(plan__in=plans).order_by("position").values_list("plan_id", "details")
        for key, raw in work:
            self.work[key].append(decoded(Assignment, raw))

    @staticmethod
    def of(model: type[Any], plans: Sequence[Plan]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in model.objects.filter(plan__in=plans).order_by("position"):
            found[row.plan_id].append(row)
        return found

    def file(self, plan: Plan) -> ScheduleFile:
        calendars = {row.pk: row.uid for row in self.calendars[plan.pk]}
        uids = {row.pk: row.uid for row in self.activities[plan.pk]}
        return ScheduleFile(
            format=plan.source_format or "cadran",
            header=header_of(plan),
            calendars=tuple(
                replace(decoded(Calendar, row.definition), uid=row.uid, name=row.name)
                for row in self.calendars[plan.pk]
            ),
            tasks=placed(
                [
                    task_of(row, calendars, [link_of(link, uids) for link in self.links[row.pk]])
                    for row in self.activities[plan.pk]
                ]
            ),
            resources=tuple(
                replace(decoded(Resource, row.details), uid=row.uid, name=row.name, email=row.email)
                for row in self.resources[plan.pk]
            ),
            assignments=tuple(self.work[plan.pk]),
        )


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
