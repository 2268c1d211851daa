"""What the plan says of the project's milestones: forecast and reached dates, never an approved one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from config.clock import BRUSSELS
from people.models.user import User
from people.services import audit
from portfolio.engines.tabular import normalise_label
from portfolio.enums import ActivityKind
from portfolio.models.milestone import Milestone
from portfolio.models.plan import Activity, Plan
from portfolio.services.versioned import plain

FED = ("forecast", "actual")
Moves = dict[str, dict[str, list[Any]]]


def link_by_name(plan: Plan) -> int:
    """Join milestones of the plan and of the project that bear the same name, where neither is joined yet."""
    free = {_key(row.name): row for row in Milestone.objects.filter(project=plan.project, activity__isnull=True)}
    loose = plan.activities.filter(kind=ActivityKind.MILESTONE, milestone__isnull=True, is_active=True)
    joined = []
    for activity in loose.order_by("position") if free else ():
        milestone = free.pop(_key(activity.name), None)
        if milestone is not None:
            activity.milestone = milestone
            joined.append(activity)
    Activity.objects.bulk_update(joined, ["milestone"])
    return len(joined)


def feed_milestones(plan: Plan, *, by: User | None, now: datetime) -> Moves:
    """Give the joined milestones the dates of their activities; answers what moved, by name, each old and new."""
    today = now.astimezone(BRUSSELS).date()
    moved: Moves = {}
    changed = []
    joined = plan.activities.filter(milestone__isnull=False, finish__isnull=False, is_active=True)
    for activity in joined.select_related("milestone"):
        milestone = activity.milestone
        if milestone is None or activity.finish is None:
            continue
        reached = activity.actual_finish.date() if activity.actual_finish else None
        if reached is not None and reached > today:
            reached = None
        reached = reached or milestone.actual
        wanted = {"forecast": milestone.forecast if reached else activity.finish.date(), "actual": reached}
        changes = {name: [plain(getattr(milestone, name)), plain(value)] for name, value in wanted.items()}
        changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
        if changes:
            for name, value in wanted.items():
                setattr(milestone, name, value)
            milestone.version, milestone.updated_at = milestone.version + 1, now
            changed.append(milestone)
            moved[milestone.name] = changes
    Milestone.objects.bulk_update(changed, [*FED, "version", "updated_at"])
    if moved:
        audit.record(
            by=by, verb="plan.milestones_fed", target=plan, data={"project": plan.project.code, "moved": moved}
        )
    return moved


def _key(name: str) -> str:
    return normalise_label(name).casefold()
