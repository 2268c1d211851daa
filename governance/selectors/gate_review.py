"""Gate reviews: who may know of them, the checklist in force, the figures of the stage, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from governance.engines.gate_review import (
    Criterion,
    Gap,
    Missing,
    checklist_method,
    missing_before_submission,
    needs_investment_decision,
    readiness,
)
from governance.enums import BodyKind, DecisionState, Verdict
from governance.models import Decision, GateCriterion, GateReview, GateRules
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.enums import StageState
from portfolio.models import Milestone, Project, Stage, Standing
from portfolio.selectors.product_counts import products_between
from portfolio.selectors.project import visible_projects

_ADOPTED = (DecisionState.IN_FORCE, DecisionState.EXECUTED)


def visible_reviews(user: User) -> QuerySet[GateReview]:
    """The reviews of projects `user` may know of, and those he has been asked to read over."""
    reach = Q(project__in=visible_projects(user).values("pk"))
    if has_permission(user, Permission.CONFIDENCE_GIVE):
        reach |= Q(reviewer__user=user)
    return (
        GateReview.objects.filter(reach)
        .select_related("project__manager", "project__programme__manager", "stage", "reviewer", "submitted_by")
        .order_by("planned_on", "number")
    )


def get_review(user: User, number: str) -> GateReview:
    review = visible_reviews(user).filter(number=number).first()
    if review is None:
        raise Http404
    return review


def criteria_on(gate: str, method: str, day: date) -> list[GateCriterion]:
    """The checklist of a gate on a day: of the project's method, else of PRINCE2."""
    valid = GateCriterion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), gate=gate, valid_from__lte=day
    ).order_by("position", "pk")
    known = frozenset(row.method for row in valid)
    wanted = checklist_method(method, known)
    return [row for row in valid if row.method == wanted]


def rules_on(day: date) -> GateRules:
    """The rules of the day; before the first ones, five levels and no limit."""
    row = GateRules.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    return row or GateRules(valid_from=day)


def stage_figures(project: Project, stage: Stage | None) -> dict[str, Any]:
    """The portfolio's figures an end stage report begins with; every amount as text, every day as ISO."""
    standing = Standing.objects.filter(project=project).first() or Standing(project=project)
    due = Milestone.objects.filter(project=project)
    if stage is not None and stage.planned_end is not None:
        due = due.filter(baseline__lte=stage.planned_end)
    if stage is not None and stage.start is not None:
        due = due.filter(baseline__gte=stage.start)
    accepted, products = products_between(project, stage.start if stage else None, stage.planned_end if stage else None)
    return {
        "stage": "" if stage is None else str(stage),
        "stage_start": _iso(stage.start if stage else None),
        "stage_end": _iso(stage.planned_end if stage else None),
        "milestones_due": due.count(),
        "milestones_met": due.filter(actual__isnull=False).count(),
        "products_due": products,
        "products_accepted": accepted,
        "bac": _text(standing.bac),
        "eac": _text(standing.eac),
        "actual": _text(standing.actual),
        "baseline_end": _iso(standing.baseline_end),
        "forecast_end": _iso(standing.forecast_end),
        "slip_days": standing.end_slip_days,
        "open_risks": standing.open_risks,
        "high_risks": standing.high_risks,
        "declared": standing.declared_overall,
        "computed": standing.computed_overall,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


@dataclass(frozen=True, slots=True)
class Figures:
    """The same figures typed again, to be shown."""

    stage: str
    stage_end: date | None
    milestones_due: int
    milestones_met: int
    products_due: int
    products_accepted: int
    bac: Decimal | None
    eac: Decimal | None
    actual: Decimal | None
    baseline_end: date | None
    forecast_end: date | None
    slip_days: int | None
    open_risks: int
    high_risks: int

    @property
    def over(self) -> Decimal | None:
        return None if self.bac is None or self.eac is None else self.eac - self.bac

    @property
    def remaining(self) -> Decimal | None:
        """What is still to be spent."""
        return None if self.eac is None or self.actual is None else max(self.eac - self.actual, Decimal(0))


def read_figures(data: Mapping[str, Any]) -> Figures:
    def day(name: str) -> date | None:
        return date.fromisoformat(data[name]) if data.get(name) else None

    def amount(name: str) -> Decimal | None:
        return Decimal(data[name]) if data.get(name) is not None else None

    return Figures(
        stage=data.get("stage", ""),
        stage_end=day("stage_end"),
        milestones_due=data.get("milestones_due", 0),
        milestones_met=data.get("milestones_met", 0),
        products_due=data.get("products_due", 0),
        products_accepted=data.get("products_accepted", 0),
        bac=amount("bac"),
        eac=amount("eac"),
        actual=amount("actual"),
        baseline_end=day("baseline_end"),
        forecast_end=day("forecast_end"),
        slip_days=data.get("slip_days"),
        open_risks=data.get("open_risks") or 0,
        high_risks=data.get("high_risks") or 0,
    )


def figures_of(review: GateReview) -> Figures:
    """Those of the submission, or of today while the review is being prepared."""
    return read_figures(review.figures or stage_figures(review.project, review.stage))


def lines_of(review: GateReview) -> list[Criterion]:
    rows = review.answers.select_related("criterion")
    return [Criterion(row.pk, row.criterion.mandatory, row.reply, row.evidence, row.comment) for row in rows]


def missing_in(review: GateReview) -> list[Missing]:
    """What stands between the review and its submission."""
    lessons = [(row.pk, row.reply, row.words) for row in review.lessons.all()]
    return missing_before_submission(
        lines_of(review),
        lessons,
        performance=review.performance,
        forecast=review.forecast,
        business_case=review.business_case,
    )


def readiness_of(review: GateReview) -> Decimal | None:
    """In percent."""
    share = readiness(lines_of(review))
    return None if share is None else share * 100


def gap_words(missing: list[Missing]) -> list[str]:
    """One sentence per nature of gap, with how many."""
    counts = {gap: sum(1 for item in missing if item.gap == gap) for gap in Gap}
    words = {
        Gap.ANSWER: _("critères obligatoires sans réponse : %(count)d"),
        Gap.EVIDENCE: _("critères sans preuve : %(count)d"),
        Gap.COMMENT: _("réponses à expliquer : %(count)d"),
        Gap.LESSON: _("leçons proposées sans réponse, ou sans dire comment ni pourquoi : %(count)d"),
        Gap.REPORT: _("le rapport de fin de séquence est incomplet"),
        Gap.CASE: _("la justification économique n’est pas jugée"),
    }
    return [words[gap] % {"count": counts[gap]} for gap in Gap if counts[gap]]


def cost_of(project: Project) -> Decimal | None:
    """What the project costs: the approved budget or the estimate at completion, whichever is more."""
    standing = Standing.objects.filter(project=project).values_list("bac", "eac").first() or (None, None)
    known = [amount for amount in (*standing, project.first_approved_cost) if amount is not None]
    return max(known, default=None)


def awaits_investment(review: GateReview, on: date) -> Decimal | None:
    """The limit of the day when the Investment Committee has to decide first and has not; else None."""
    limit = rules_on(on).investment_limit
    if not needs_investment_decision(review.gate, cost_of(review.project), limit):
        return None
    decided = Decision.objects.filter(
        project=review.project, body__kind=BodyKind.INVESTMENT, verdict=Verdict.ADOPTED, state__in=_ADOPTED
    )
    return None if decided.exists() else limit


def running_stage_of(project: Project) -> Stage | None:
    return Stage.objects.filter(project=project, state=StageState.RUNNING).first()
