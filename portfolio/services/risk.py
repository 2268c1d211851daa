"""Raise, change, close and reopen risks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from config import clock
from people.models.person import Person
from people.models.user import User
from portfolio.enums import Proximity, RiskResponse, RiskState
from portfolio.models.project import Project
from portfolio.models.risk import Risk
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import create_row, write_changes

FIELDS = frozenset(
    {
        "title",
        "cause",
        "event",
        "effect",
        "probability",
        "impact",
        "impact_amount",
        "owner",
        "response",
        "response_action",
        "proximity",
    }
)
_CLOSING = frozenset({"state", "closed_on", "confirmed_on"})


@transaction.atomic
def raise_risk(
    *,
    project: Project,
    by: User,
    title: str,
    cause: str,
    event: str,
    effect: str,
    probability: int,
    impact: int,
    impact_amount: Decimal | None = None,
    owner: Person | None = None,
    response: str = RiskResponse.REDUCE,
    response_action: str = "",
    proximity: str = Proximity.THIS_STAGE,
) -> Risk:
    """A new open risk, numbered within its project."""
    risk = create_row(
        Risk(
            project=project,
            number=_next_number(project),
            title=title,
            cause=cause,
            event=event,
            effect=effect,
            probability=probability,
            impact=impact,
            impact_amount=impact_amount,
            owner=owner,
            response=response,
            response_action=response_action,
            proximity=proximity,
            raised_on=clock.today(),
            confirmed_on=clock.today(),
        ),
        by=by,
        verb="risk.raised",
    )
    refresh_standing([project.pk], now=clock.now())
    return risk


def _next_number(project: Project) -> int:
    """The number after the last one; the lock on the project keeps two people apart."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    last: int | None = Risk.objects.filter(project=project).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def update_risk(*, risk: Risk, changes: Mapping[str, Any], version: int, by: User) -> Risk:
    saved = write_changes(risk, changes=changes, allowed=FIELDS, version=version, by=by, verb="risk.updated")
    refresh_standing([saved.project_id], now=clock.now())
    return saved


@transaction.atomic
def close_risk(*, risk: Risk, version: int, by: User) -> Risk:
    changes = {"state": RiskState.CLOSED, "closed_on": clock.today()}
    saved = write_changes(risk, changes=changes, allowed=_CLOSING, version=version, by=by, verb="risk.closed")
    refresh_standing([saved.project_id], now=clock.now())
    return saved


@transaction.atomic
def reopen_risk(*, risk: Risk, version: int, by: User) -> Risk:
    changes = {"state": RiskState.OPEN, "closed_on": None, "confirmed_on": clock.today()}
    saved = write_changes(risk, changes=changes, allowed=_CLOSING, version=version, by=by, verb="risk.reopened")
    refresh_standing([saved.project_id], now=clock.now())
    return saved
