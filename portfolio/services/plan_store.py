"""Keep a schedule as the plan of a project: only rows that changed are written, in as many statements for ten rows as
for a thousand. What Cadran alone knows of a row (its milestone, its estimates, who a resource is) stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from portfolio.engines.critical_path import Schedule
from portfolio.engines.record_codec import encoded
from portfolio.engines.schedule_file import ScheduleFile
from portfolio.engines.schedule_mapping import Plan as ReckonedPlan
from portfolio.engines.working_calendar import moment
from portfolio.models.plan import Activity, ActivityLink, Plan, PlanAssignment, PlanCalendar, PlanResource
from portfolio.services.plan_baseline import baseline_dates
from portfolio.services.plan_rows import (
    Values,
    activity_values,
    assignment_values,
    calendar_values,
    link_values,
    resource_values,
)

M = TypeVar("M", bound=Model)
BATCH = 1000


def store_schedule(
    plan: Plan, file: ScheduleFile, reckoned: ReckonedPlan, schedule: Schedule, *, own: Iterable[int], now: datetime
) -> None:
    """Bring the rows of the saved, locked `plan` to `file`; `own` are the UIDs of tasks made here.

    The caller holds the transaction, saves `plan` itself and records the act.
    """
    describe(plan, file, schedule)
    calendars = _by_uid(PlanCalendar, plan, {item.uid: calendar_values(item) for item in file.calendars})
    made = set(own)
    rows = zip(file.tasks, activity_values(file, reckoned, schedule, calendars), strict=True)
    approved = baseline_dates(plan.project)
    wanted = {
        task.uid: {**values, "is_own": task.uid in made, **(_approved(approved.get(task.uid)) if approved else {})}
        for task, values in rows
    }
    activities = _by_uid(Activity, plan, wanted, now=now)
    _store_links(plan, file, activities)
    resources = _by_uid(PlanResource, plan, {item.uid: resource_values(item) for item in file.resources})
    _by_uid(
        PlanAssignment,
        plan,
        {item.uid: assignment_values(item, activities, resources) for item in file.assignments},
    )


def _approved(row: Mapping[str, Any] | None) -> Values:
    """The dates of the baseline in force, where there is one, weigh more than those a file carries."""
    return {f"baseline_{name}": datetime.fromisoformat(row[name]) if row else None for name in ("start", "finish")}


def describe(plan: Plan, file: ScheduleFile, schedule: Schedule) -> None:
    """The columns of the plan itself."""
    header = file.header
    plan.start, plan.status_date = header.start, header.status_date
    plan.minutes_per_day, plan.minutes_per_week = header.minutes_per_day, header.minutes_per_week
    plan.header = encoded(replace(header, start=None, status_date=None, minutes_per_day=480, minutes_per_week=2400))
    plan.finish = moment(schedule.finish) if schedule.activities else header.finish


def _by_uid(model: type[M], plan: Plan, wanted: Mapping[int, Values], *, now: datetime | None = None) -> dict[int, int]:
    """Rows of the plan by UID, brought to `wanted` in its order; answers their keys."""
    manager = model._default_manager
    stored: dict[int, Any] = {row.uid: row for row in manager.filter(plan=plan)}  # type: ignore[attr-defined]
    gone = [row.pk for uid, row in stored.items() if uid not in wanted]
    if gone:
        manager.filter(pk__in=gone).delete()
    changed = [
        row
        for place, (uid, values) in enumerate(wanted.items())
        if (row := _changed(model, plan, stored.get(uid), uid, {"position": place, **values}, now)) is not None
    ]
    if not changed:
        return {uid: row.pk for uid, row in stored.items() if uid in wanted}
    names = list(next(iter(wanted.values())))
    manager.bulk_create(
        changed,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["plan", "uid"],
        update_fields=["position", *names, *(("version", "updated_at") if now else ())],
    )
    return dict(manager.filter(plan=plan).values_list("uid", "pk"))


def _changed(model: type[M], plan: Plan, row: Any, uid: int, values: Values, now: datetime | None) -> M | None:
    """The row with its new values, None when it has them already."""
    if row is None:
        row = model(plan=plan, uid=uid, **values)
        return row  # type: ignore[no-any-return]
    if all(getattr(row, name) == value for name, value in values.items()):
        return None
    for name, value in values.items():
        setattr(row, name, value)
    if now is not None:
        row.version, row.updated_at = row.version + 1, now
    return row  # type: ignore[no-any-return]


def _store_links(plan: Plan, file: ScheduleFile, activities: Mapping[int, int]) -> None:
    wanted: dict[tuple[int, int], Values] = {}
    for task in file.tasks:
        for place, link in enumerate(task.links):
            ends = (activities[link.predecessor], activities[task.uid])
            wanted[ends] = {"position": place, **link_values(link)}
    stored = {(row.predecessor_id, row.successor_id): row for row in plan.links.all()}
    gone = [row.pk for ends, row in stored.items() if ends not in wanted]
    if gone:
        ActivityLink.objects.filter(pk__in=gone).delete()
    changed = []
    for ends, values in wanted.items():
        row = stored.get(ends) or ActivityLink(plan=plan, predecessor_id=ends[0], successor_id=ends[1])
        if row.pk is None or any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    if changed:
        ActivityLink.objects.bulk_create(
            changed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["successor", "predecessor"],
            update_fields=["position", "kind", "lag", "lag_unit", "is_elapsed"],
        )
