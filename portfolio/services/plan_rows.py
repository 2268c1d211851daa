"""A schedule as rows: what each activity, link, calendar, resource and assignment says, in columns and details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from portfolio.engines.critical_path import Schedule, ScheduledActivity
from portfolio.engines.network import ConstraintType
from portfolio.engines.record_codec import encoded
from portfolio.engines.schedule_file import (
    Assignment,
    Calendar,
    Link,
    Resource,
    ResourceKind,
    ScheduleFile,
    Span,
    Task,
    TimeUnit,
)
from portfolio.engines.schedule_mapping import Departure, Plan
from portfolio.engines.working_calendar import moment
from portfolio.enums import ActivityKind

Values = dict[str, Any]
TEN_THOUSANDTH = Decimal("0.0001")


def calendar_values(item: Calendar) -> Values:
    return {"name": item.name, "definition": encoded(replace(item, uid=0, row=0, name=""))}


def resource_values(item: Resource) -> Values:
    return {
        "name": item.name,
        "email": item.email,
        "is_work": item.kind is ResourceKind.WORK,
        "details": encoded(replace(item, uid=0, row=0, name="", email="")),
    }


def assignment_values(item: Assignment, activities: Mapping[int, int], resources: Mapping[int, int]) -> Values:
    return {
        "activity_id": activities[item.task],
        "resource_id": None if item.resource is None else resources[item.resource],
        "details": encoded(replace(item, row=0)),
    }


def link_values(item: Link) -> Values:
    return {
        "kind": item.kind.value,
        "lag": item.lag.amount.quantize(TEN_THOUSANDTH),
        "lag_unit": item.lag.unit.value,
        "is_elapsed": item.lag.is_elapsed,
    }


def activity_values(file: ScheduleFile, plan: Plan, schedule: Schedule, calendars: Mapping[int, int]) -> list[Values]:
    """One per task, in order; dates and floats are those our engine gives."""
    departures: dict[int, list[str]] = {}
    for uid, reason in plan.departures:
        departures.setdefault(uid, []).append(Departure(reason).value)
    return [
        {
            **_stated(task, calendars),
            **_reckoned(task, schedule.activities.get(str(task.uid))),
            "departures": departures.get(task.uid, []),
        }
        for task in file.tasks
    ]


def _stated(task: Task, calendars: Mapping[int, int]) -> Values:
    progress, baseline = task.progress, task.baseline
    return {
        "number": task.number,
        "name": task.name,
        "outline_level": task.outline_level,
        "wbs": task.wbs,
        "kind": kind_of(task),
        "is_manual": task.is_manual,
        "is_active": task.is_active,
        "duration": None if task.duration is None else max(task.duration.amount, Decimal(0)).quantize(TEN_THOUSANDTH),
        "duration_unit": (task.duration.unit if task.duration else TimeUnit.DAYS).value,
        "is_elapsed": bool(task.duration and task.duration.is_elapsed),
        "remaining": _minutes(progress.remaining_duration),
        "percent_complete": progress.percent_complete,
        "constraint": task.constraint.value,
        "constraint_date": task.constraint_date,
        "deadline": task.deadline,
        "actual_start": progress.actual_start,
        "actual_finish": progress.actual_finish,
        "calendar_id": None if task.calendar is None else calendars.get(task.calendar),
        "baseline_start": baseline.start if baseline else None,
        "baseline_finish": baseline.finish if baseline else None,
        "details": encoded(_rest(task)),
    }


def kind_of(task: Task) -> str:
    if task.is_project_row:
        return ActivityKind.PROJECT.value
    if task.is_summary:
        return ActivityKind.SUMMARY.value
    return ActivityKind.MILESTONE.value if is_milestone(task) else ActivityKind.TASK.value


def is_milestone(task: Task) -> bool:
    return task.is_milestone or task.duration == Span(
        Decimal(0), task.duration.unit if task.duration else TimeUnit.DAYS
    )


def _rest(task: Task) -> Task:
    """The task without what stands in columns."""
    progress = replace(
        task.progress, percent_complete=0, actual_start=None, actual_finish=None, remaining_duration=None
    )
    return replace(
        task,
        uid=0,
        row=0,
        number=0,
        name="",
        outline_level=1,
        wbs="",
        parent=None,
        is_manual=False,
        is_active=True,
        duration=None,
        constraint=ConstraintType.ASAP,
        constraint_date=None,
        deadline=None,
        calendar=None,
        links=(),
        progress=progress,
    )


def _reckoned(task: Task, row: ScheduledActivity | None) -> Values:
    """What takes no part keeps the dates it was given."""
    if row is None:
        nothing: Sequence[str] = ("early_start", "early_finish", "late_start", "late_finish", "total_float")
        return {
            "start": task.start,
            "finish": task.finish,
            **dict.fromkeys(nothing),
            "free_float": None,
            "is_critical": False,
        }
    dates: dict[str, datetime] = {
        name: moment(getattr(row, name))
        for name in ("start", "finish", "early_start", "early_finish", "late_start", "late_finish")
    }
    return {
        **dates,
        "total_float": row.total_float,
        "free_float": row.free_float,
        "is_critical": row.critical and not row.is_summary,
    }


def _minutes(value: Decimal | None) -> Decimal | None:
    return None if value is None else max(value, Decimal(0)).quantize(TEN_THOUSANDTH)
