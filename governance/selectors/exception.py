"""Exceptions: who may know of them, oldest clock first, and what one shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, When
from django.http import Http404
from django.utils.translation import gettext as _

from governance.enums import OPEN_REQUESTS, ExceptionAnswer, ExceptionState, ToleranceLevel
from governance.models import DecisionRequest, ExceptionClock, ProjectException
from governance.selectors.decision_request import reachable_projects
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.engines.verdict import Verdict
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.enums import TargetChoice
from portfolio.models import Project
from portfolio.permissions import leads_project, stands_in_on_project
from portfolio.selectors.wording import rule_text

_BEFORE_A_BODY = (ExceptionState.SUBMITTED, ExceptionState.PLAN_SUBMITTED)


@dataclass(frozen=True, slots=True)
class BreachLine:
    """One target outside tolerance, in words."""

    target: str
    label: str
    use: Decimal | None
    rule: str


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """One exception of a list: what is outside, whose turn it is and until when."""

    row: ProjectException
    breaches: list[BreachLine]
    due: date | None
    is_late: bool
    at: str


def visible_exceptions(user: User) -> QuerySet[ProjectException]:
    """Those of projects `user` may know of, as far as his right to see decisions reaches."""
    waiting = DecisionRequest.objects.filter(exception=OuterRef("pk"), state__in=OPEN_REQUESTS).order_by("-pk")
    return (
        ProjectException.objects.filter(project__in=reachable_projects(user).values("pk"))
        .select_related("project__manager", "project__programme", "stage", "work_package", "author", "decision")
        .annotate(
            body_name=Subquery(waiting.values("body__name_fr")[:1]),
            due=Case(
                When(state__in=_BEFORE_A_BODY, then=Subquery(waiting.values("answer_by")[:1])),
                default=F("due_on"),
                output_field=DateField(),
            ),
        )
        .order_by(F("due").asc(nulls_last=True), "number")
    )


def open_exceptions(user: User, today: date, level: int | None = None) -> list[ExceptionLine]:
    rows = visible_exceptions(user).filter(closed_on__isnull=True)
    return lines_of(rows if level is None else rows.filter(level=level), today)


def closed_exceptions(user: User, today: date) -> list[ExceptionLine]:
    """The last ones that ended."""
    rows = visible_exceptions(user).filter(closed_on__isnull=False)
    return lines_of(rows.order_by("-closed_on", "number")[:20], today)


def project_exceptions(user: User, project: Project, today: date) -> list[ExceptionLine]:
    """Every exception of one project, open ones first."""
    found = lines_of(visible_exceptions(user).filter(project=project), today)
    return sorted(found, key=lambda line: not line.row.is_open)


def exceptions_to_report(user: User) -> QuerySet[ProjectException]:
    """Those of the projects the user leads whose next step is his."""
    mine = Q(project__manager__user=user) | Q(project__deputy__user=user)
    waits = Q(state__in=(ExceptionState.RAISED, ExceptionState.REPORT_DRAFTED)) | Q(
        state=ExceptionState.DECIDED, answer=ExceptionAnswer.PLAN
    )
    return ProjectException.objects.filter(mine & waits).order_by(F("due_on").asc(nulls_last=True), "number")


def lines_of(rows: QuerySet[ProjectException], today: date) -> list[ExceptionLine]:
    return [line_of(row, today) for row in rows]


def line_of(row: ProjectException, today: date) -> ExceptionLine:
    due: date | None = getattr(row, "due", row.due_on) if row.is_open else None
    return ExceptionLine(
        row=row,
        breaches=breaches_of(row),
        due=due,
        is_late=due is not None and due < today,
        at=(getattr(row, "body_name", "") or "") if row.state in _BEFORE_A_BODY else "",
    )


def breaches_of(row: ProjectException) -> list[BreachLine]:
    found = []
    for target in TargetChoice.values:
        if target in row.breaches:
            verdict = decode_verdict(row.breaches[target])
            named = Verdict(verdict.rag, verdict.rule, {**verdict.facts, "target": target}, verdict.use)
            plain = target in (TargetChoice.TIME, TargetChoice.COST)
            label = str(TargetChoice(target).label)
            found.append(BreachLine(target, label, verdict.use, rule_text(verdict if plain else named)))
    return found


def effect_rows(row: ProjectException) -> list[dict[str, Any]]:
    """Per target, then for the business case: what each option does to it."""
    rows = [
        {"label": str(label), "texts": [option.get("effects", {}).get(target, "") for option in row.options]}
        for target, label in TargetChoice.choices
    ]
    return [*rows, {"label": _("Justification du projet"), "texts": [one.get("case", "") for one in row.options]}]


def plan_tolerances(row: ProjectException) -> list[dict[str, Any]]:
    """The bounds the plan proposes, by target."""
    return [
        {
            "label": str(TargetChoice(target).label),
            "minus": Decimal(bounds["minus"]) if bounds.get("minus") else None,
            "plus": Decimal(bounds["plus"]) if bounds.get("plus") else None,
        }
        for target, bounds in row.plan_tolerances.items()
    ]


def get_exception(user: User, number: str) -> ProjectException:
    """The exception of that number, or 404."""
    row = visible_exceptions(user).filter(number=number).first()
    if row is None:
        raise Http404
    return row


def requests_of(row: ProjectException) -> list[DecisionRequest]:
    """Every request it was brought before a body with, first to last."""
    return list(DecisionRequest.objects.filter(exception=row).select_related("body").order_by("pk"))


def may_write(user: User, row: ProjectException) -> bool:
    """Who may edit the project writes the report and the plan."""
    return row.is_open and has_permission(user, Permission.PROJECT_EDIT, row)


def may_settle(user: User, row: ProjectException) -> bool:
    """The project manager, or who stands in for him, answers what only his own tolerance is about."""
    waits = row.state in (ExceptionState.RAISED, ExceptionState.REPORT_DRAFTED)
    is_manager = leads_project(user, row) or stands_in_on_project(user, row)
    return waits and row.level == ToleranceLevel.WORK_PACKAGE and is_manager


def clocks_in_force(today: date) -> list[ExceptionClock]:
    """The latest clock of each level that has begun."""
    rows = ExceptionClock.objects.filter(valid_from__lte=today).order_by("level", "-valid_from")
    found: dict[int, ExceptionClock] = {}
    for row in rows:
        found.setdefault(row.level, row)
    return list(found.values())
