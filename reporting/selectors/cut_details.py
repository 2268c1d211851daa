"""The rows that hang from projects and bodies at a cut, one statement per table, grouped by project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Count, F

from config.clock import BRUSSELS
from governance.enums import Publication
from governance.models import Body, Confidence, Decision, DecisionRequest, FollowUp, ProjectException, Sitting
from portfolio.enums import BaselineState
from portfolio.models import BudgetLine, Milestone, PlanBaseline, Risk, Tolerance
from reporting.engines.edition import BodyFacts, BudgetFacts, MilestoneFacts, Names, RiskFacts, ToleranceFacts
from reporting.engines.edition_decisions import (
    DecisionFacts,
    EffectFacts,
    ExceptionFacts,
    FollowUpFacts,
    OptionFacts,
    RequestFacts,
)

SETTLED_DAYS = 14
CLOSED_RISK_DAYS = 14
SITTINGS_SHOWN = 3
Row = TypeVar("Row")


def _grouped(pairs: Iterable[tuple[int, Row]]) -> dict[int, tuple[Row, ...]]:
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return {key: tuple(rows) for key, rows in groups.items()}


def milestones() -> dict[int, tuple[MilestoneFacts, ...]]:
    rows = Milestone.objects.order_by("project_id", "baseline", "pk").values_list(
        "project_id", "name", "kind", "first_approved", "baseline", "forecast", "actual"
    )
    return _grouped((row[0], MilestoneFacts(*row[1:])) for row in rows)


def budgets() -> dict[int, tuple[BudgetFacts, ...]]:
    rows = BudgetLine.objects.order_by("project_id", "year", "nature").values_list(
        "project_id", "year", "nature", "approved", "actual", "forecast", "actual_source", "actual_on"
    )
    return _grouped((row[0], BudgetFacts(*row[1:])) for row in rows)


def rebaselined() -> dict[int, int]:
    """How many times the baseline of each project has been replaced."""
    replaced = PlanBaseline.objects.filter(state=BaselineState.REPLACED).order_by()
    return dict(replaced.values_list("project").annotate(times=Count("pk")))


def tolerances() -> dict[int, tuple[ToleranceFacts, ...]]:
    rows = Tolerance.objects.order_by("project_id", "target").values_list(
        "project_id", "target", "minus", "plus", "unit", "measure"
    )
    return _grouped((row[0], ToleranceFacts(*row[1:])) for row in rows)


def risks(today: date) -> dict[int, tuple[RiskFacts, ...]]:
    """Open risks, and those closed so recently that the pack may tell it."""
    rows = (
        Risk.objects.exclude(closed_on__lt=today - timedelta(days=CLOSED_RISK_DAYS))
        .order_by("project_id", "number")
        .values_list(
            "project_id",
            "owner__first_name",
            "owner__last_name",
            "number",
            "title",
            "cause",
            "event",
            "effect",
            "probability",
            "impact",
            "impact_amount",
            "response",
            "response_action",
            "proximity",
            "raised_on",
            "closed_on",
        )
    )
    return _grouped((row[0], _risk(_full_name(row[1], row[2]), *row[3:])) for row in rows)


def _risk(owner: str, *values: object) -> RiskFacts:
    names = ("number", "title", "cause", "event", "effect", "probability", "impact", "amount")
    more = ("response", "action", "proximity", "raised_on", "closed_on")
    return RiskFacts(owner=owner, **dict(zip((*names, *more), values, strict=True)))  # type: ignore[arg-type]


def requests(today: date) -> tuple[RequestFacts, ...]:
    """Open requests, and those settled or withdrawn in the last two weeks."""
    rows = (
        DecisionRequest.objects.exclude(closed_on__lt=today - timedelta(days=SETTLED_DAYS))
        .select_related("project", "body", "owner")
        .order_by("needed_on", "number")
    )
    return tuple(_request(row) for row in rows)


def decisions(today: date) -> tuple[DecisionFacts, ...]:
    """The decisions of the last two weeks that readers of the portfolio may read, latest first."""
    rows = (
        Decision.objects.filter(taken_on__gt=today - timedelta(days=SETTLED_DAYS), taken_on__lte=today)
        .filter(publication=Publication.PORTFOLIO)
        .select_related("project", "body", "request")
        .prefetch_related("effects")
        .order_by("-taken_on", "body__code", "serial")
    )
    return tuple(
        DecisionFacts(
            number=row.number,
            project=row.project.code if row.project else "",
            body=row.body.code,
            verdict=str(row.verdict),
            text=row.text,
            taken_on=row.taken_on,
            request=row.request.number if row.request else "",
            effects=tuple(EffectFacts(str(effect.kind), effect.before, effect.after) for effect in row.effects.all()),
        )
        for row in rows
    )


def follow_ups(today: date) -> tuple[FollowUpFacts, ...]:
    """What decisions still ask for, and what was closed in the last two weeks, soonest due first."""
    rows = (
        FollowUp.objects.exclude(closed_on__lt=today - timedelta(days=SETTLED_DAYS))
        .filter(decision__publication=Publication.PORTFOLIO, decision__taken_on__lte=today)
        .select_related("decision__project", "decision__body", "owner")
        .order_by("due", "pk")
    )
    return tuple(
        FollowUpFacts(
            number=f"{row.decision.number}-{row.pk}",
            decision=row.decision.number,
            project=row.decision.project.code if row.decision.project else "",
            body=row.decision.body.code,
            kind=str(row.kind),
            text=row.text,
            owner=row.owner.full_name,
            due=row.due,
            state=str(row.state),
            closed_on=row.closed_on,
        )
        for row in rows
    )


def exceptions() -> tuple[ExceptionFacts, ...]:
    """The open exceptions, the oldest deadline first."""
    rows = (
        ProjectException.objects.filter(closed_on__isnull=True)
        .select_related("project")
        .order_by(F("due_on").asc(nulls_last=True), "number")
    )
    return tuple(
        ExceptionFacts(
            number=row.number,
            project=row.project.code,
            level=row.level,
            state=str(row.state),
            raised_on=row.raised_on,
            due_on=row.due_on,
            escalated=row.escalated_on is not None,
            cause=row.cause,
            recommendation=row.recommendation,
        )
        for row in rows
    )


def confidences(today: date) -> dict[int, dict[str, Any]]:
    """The delivery confidence in force of each project that was given one."""
    rows = (
        Confidence.objects.filter(given_on__lte=today)
        .order_by("project_id", "-given_on", "-pk")
        .distinct("project_id")
        .values_list("project_id", "level", "given_on")
    )
    return {project: {"confidence": str(level), "confidence_on": given_on} for project, level, given_on in rows}


def _request(row: DecisionRequest) -> RequestFacts:
    return RequestFacts(
        number=row.number,
        project=row.project.code,
        body=row.body.code,
        needed_on=row.needed_on,
        question=row.question,
        state="open" if row.is_open else str(row.state),
        amount=row.amount,
        options=tuple(
            OptionFacts(
                label=str(option.get("label", "")),
                consequence=str(option.get("consequence", "")),
                recommended=bool(option.get("recommended", False)),
            )
            for option in row.options
        ),
        recommendation=row.recommendation,
        cost_of_waiting=row.cost_of_waiting,
        owner=row.owner.full_name if row.owner else "",
        asked_on=row.created_at.astimezone(BRUSSELS).date(),
        closed_on=row.closed_on,
    )


def bodies(now: datetime) -> tuple[BodyFacts, ...]:
    """Active bodies, highest first, each with its next sittings."""
    dates: defaultdict[int, list[datetime]] = defaultdict(list)
    upcoming = Sitting.objects.filter(starts_at__gte=now).order_by("starts_at").values_list("body_id", "starts_at")
    for body, starts_at in upcoming:
        dates[body].append(starts_at)
    return tuple(
        BodyFacts(
            code=row.code,
            names=Names(row.name_fr, row.name_nl, row.name_en),
            kind=str(row.kind),
            level=row.level,
            sittings=tuple(dates[row.pk][:SITTINGS_SHOWN]),
        )
        for row in Body.objects.filter(active=True).order_by("-level", "code")
    )


def _full_name(first: str | None, last: str | None) -> str:
    return f"{first} {last}" if last else ""
