"""Baselines of a plan: proposed by its manager, in force through a decision, the one before kept for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from config import clock
from people.models.user import User
from people.services import audit
from portfolio.enums import ActivityKind, BaselineState
from portfolio.models.milestone import Milestone
from portfolio.models.plan import Activity, Plan
from portfolio.models.plan_baseline import PlanBaseline
from portfolio.models.project import Project
from portfolio.selectors.plan_quality import quality_of


@transaction.atomic
def propose_baseline(*, project: Project, reason: str, version: int, by: User, now: datetime) -> PlanBaseline:
    """The dates of the plan as they stand in that `version`, with what the fourteen checks say of them."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    plan = Plan.objects.filter(project=project).first()
    if plan is None or plan.version != version:
        raise ValidationError(_("Le plan a changé depuis que ses contrôles ont été montrés : relisez-les."))
    rows = _rows(plan)
    if not rows:
        raise ValidationError(_("Le plan n’a pas d’activité datée."))
    if PlanBaseline.objects.filter(project=project, state=BaselineState.PROPOSED).exists():
        raise ValidationError(_("Une référence est déjà proposée : retirez-la d’abord."))
    quality = quality_of(plan, clock.today())
    last = PlanBaseline.objects.filter(project=project).order_by("-number").values_list("number", flat=True).first()
    row = PlanBaseline(
        project=project,
        number=(last or 0) + 1,
        reason=reason,
        finish=max(date.fromisoformat(one["finish"][:10]) for one in rows.values()),
        rows=rows,
        quality=quality.as_json() if quality else [],
        proposed_by=by,
        proposed_at=now,
    )
    row.full_clean()
    row.save(force_insert=True)
    data = {"project": project.code, "number": row.number, "finish": row.finish.isoformat(), "reason": reason}
    audit.record(by=by, verb="plan_baseline.proposed", target=row, data=data)
    return row


@transaction.atomic
def withdraw_baseline(*, baseline: PlanBaseline, by: User) -> None:
    changed = PlanBaseline.objects.filter(pk=baseline.pk, state=BaselineState.PROPOSED).update(
        state=BaselineState.WITHDRAWN
    )
    if changed:
        data = {"project": baseline.project.code, "number": baseline.number}
        audit.record(by=by, verb="plan_baseline.withdrawn", target=baseline, data=data)


def adopt_proposed(project: Project, *, by: User, today: date) -> PlanBaseline | None:
    """Put the proposed baseline in force, inside the transaction that carries out a decision on the project's end.

    Activities and the milestones they feed take its dates as their baseline; nothing where nothing is proposed.
    """
    row = PlanBaseline.objects.select_for_update().filter(project=project, state=BaselineState.PROPOSED).first()
    number = _decision()
    if row is None or not number:
        return None
    PlanBaseline.objects.filter(project=project, state=BaselineState.IN_FORCE).update(state=BaselineState.REPLACED)
    row.state, row.decision, row.effective_on = BaselineState.IN_FORCE, number, today
    row.save(update_fields=["state", "decision", "effective_on"])
    activities = list(Activity.objects.filter(plan__project=project).select_related("milestone"))
    milestones = []
    for one in activities:
        stated = row.rows.get(str(one.uid))
        one.baseline_start = datetime.fromisoformat(stated["start"]) if stated else None
        one.baseline_finish = datetime.fromisoformat(stated["finish"]) if stated else None
        if one.milestone is not None and one.baseline_finish is not None:
            one.milestone.baseline = one.baseline_finish.date()
            one.milestone.version += 1
            milestones.append(one.milestone)
    Activity.objects.bulk_update(activities, ["baseline_start", "baseline_finish"], batch_size=500)
    Milestone.objects.bulk_update(milestones, ["baseline", "version"])
    data = {"project": project.code, "number": row.number, "decision": number, "milestones": len(milestones)}
    audit.record(by=by, verb="plan_baseline.in_force", target=row, data=data)
    return row


def baseline_dates(project: Project) -> dict[int, dict[str, Any]]:
    """The rows of the baseline in force by UID; empty where none ever was."""
    found = PlanBaseline.objects.filter(project=project, state=BaselineState.IN_FORCE).values_list("rows", flat=True)
    return {int(uid): row for rows in found for uid, row in rows.items()}


def _rows(plan: Plan) -> dict[str, dict[str, Any]]:
    dated = plan.activities.exclude(kind=ActivityKind.PROJECT).filter(start__isnull=False, finish__isnull=False)
    return {
        str(row.uid): {
            "number": row.number,
            "name": row.name,
            "start": row.start.isoformat(),
            "finish": row.finish.isoformat(),
            "minutes": None if row.duration is None else str(row.duration),
        }
        for row in dated.filter(is_active=True).order_by("position")
    }


def _decision() -> str:
    """The decision this transaction carries out, as `decided.name_decision` told the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('cadran.decision_id', true), '')")
        found = cursor.fetchone()
    return str(found[0])[:40] if found else ""
