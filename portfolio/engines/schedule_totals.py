"""The figures of a plan by which an import can be checked at a glance.

The row of the project itself is not a task. Start, finish, work and baselines are the file's; what is critical and how
many working days the plan spans is reckoned. See docs/schedules.md.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from portfolio.engines.critical_path import Schedule
from portfolio.engines.network import LinkType
from portfolio.engines.schedule_file import ScheduleFile, Task
from portfolio.engines.schedule_mapping import Plan
from portfolio.engines.working_calendar import WorkingClock, instant

DAY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ScheduleTotals:
    tasks: int
    summaries: int
    milestones: int
    dependencies: int
    dependency_types: dict[str, int]
    with_lag: int
    with_lead: int
    resources: int
    assignments: int
    with_baseline: int
    with_progress: int
    start: datetime | None
    finish: datetime | None
    work_hours: Decimal
    minutes_per_day: int
    critical_tasks: int
    critical_path_working_days: Decimal

    def as_json(self) -> dict[str, Any]:
        """The totals of the import report; amounts as text, as everywhere in it."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return found | {
            "start": self.start.isoformat() if self.start else None,
            "finish": self.finish.isoformat() if self.finish else None,
            "work_hours": str(self.work_hours),
            "critical_path_working_days": str(self.critical_path_working_days),
        }


def totals_of(file: ScheduleFile, plan: Plan, schedule: Schedule) -> ScheduleTotals:
    tasks = [task for task in file.tasks if not task.is_project_row]
    links = [link for task in tasks for link in task.links]
    kinds = Counter(link.kind for link in links)
    start, finish = _span(file, tasks)
    return ScheduleTotals(
        tasks=len(tasks),
        summaries=sum(task.is_summary for task in tasks),
        milestones=sum(task.is_milestone for task in tasks),
        dependencies=len(links),
        dependency_types={kind.value: kinds[kind] for kind in LinkType},
        with_lag=sum(link.lag.amount > 0 for link in links),
        with_lead=sum(link.lag.amount < 0 for link in links),
        resources=len(file.resources),
        assignments=len(file.assignments),
        with_baseline=sum(bool(task.baselines) for task in tasks),
        with_progress=sum(
            task.progress.percent_complete > 0 or task.progress.actual_start is not None for task in tasks
        ),
        start=start,
        finish=finish,
        work_hours=_hours(file, tasks),
        minutes_per_day=file.header.minutes_per_day,
        critical_tasks=sum(row.critical for row in schedule.activities.values() if not row.is_summary),
        critical_path_working_days=_working_days(file, plan, start, finish),
    )


def _span(file: ScheduleFile, tasks: list[Task]) -> tuple[datetime | None, datetime | None]:
    starts = [task.start for task in tasks if task.start]
    finishes = [task.finish for task in tasks if task.finish]
    return min(starts, default=file.header.start), max(finishes, default=file.header.finish)


def _hours(file: ScheduleFile, tasks: list[Task]) -> Decimal:
    whole = next((task.work for task in file.tasks if task.is_project_row), None)
    parts = sum((task.work for task in tasks if task.work and not task.is_summary), Decimal(0))
    return ((whole or parts) / 60).quantize(DAY)


def _working_days(file: ScheduleFile, plan: Plan, start: datetime | None, finish: datetime | None) -> Decimal:
    if start is None or finish is None:
        return Decimal("0.00")
    minutes = WorkingClock(plan.calendars[""]).between(instant(start), instant(finish))
    return (Decimal(minutes) / file.header.minutes_per_day).quantize(DAY)
