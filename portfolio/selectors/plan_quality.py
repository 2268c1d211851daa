"""The fourteen checks of a plan before its dates are proposed, with the activities each of them means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from portfolio.engines.network import Mode
from portfolio.engines.schedule_mapping import clocks_of, plan_of
from portfolio.engines.schedule_quality import CheckResult, PlanToCheck, assess, may_be_proposed
from portfolio.engines.working_calendar import instant
from portfolio.models.plan import Plan
from portfolio.selectors.plan_file import stored_file


@dataclass(frozen=True, slots=True)
class Quality:
    """`names` gives number and name of the activities that findings mean, by UID as text."""

    results: tuple[CheckResult, ...]
    names: dict[str, str]

    @property
    def passed(self) -> bool:
        return may_be_proposed(self.results)

    def as_json(self) -> list[dict[str, object]]:
        return [
            {
                "check": one.check.value,
                "passed": one.passed,
                "value": None if one.value is None else round(one.value, 4),
                "limit": one.limit,
                "counted": one.counted,
                "findings": [finding.activity for finding in one.findings],
            }
            for one in self.results
        ]


def quality_of(plan: Plan, today: date) -> Quality | None:
    """None for a plan without activities."""
    file = stored_file(plan)
    mapped = plan_of(file)
    if not any(one.mode is not Mode.INACTIVE for one in mapped.activities):
        return None
    status = file.header.status_date or datetime.combine(today, time(17))
    results = assess(
        PlanToCheck(
            activities=mapped.activities,
            links=mapped.links,
            clocks=clocks_of(mapped),
            rules=mapped.rules,
            data_date=instant(status),
            minutes_per_day=plan.minutes_per_day,
            baseline={
                str(row.uid): instant(row.baseline_finish)
                for row in plan.activities.exclude(baseline_finish=None)
                if row.baseline_finish is not None
            },
            resourced={str(item.task) for item in file.assignments},
        )
    )
    return Quality(results, {str(task.uid): f"{task.number} {task.name}".strip() for task in file.tasks})
