"""Requests that look like parts of one (trust S3), for the page of a request and for its item on an agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from config import clock
from governance.engines.splitting import DEFAULT_LIMIT, WINDOW, Asked, splitting
from governance.enums import RequestState
from governance.models import DecisionRequest
from governance.selectors.decision_request import visible_requests
from governance.selectors.gate_review import rules_on
from people.models import User

_GONE = (RequestState.WITHDRAWN, RequestState.ESCALATED)


@dataclass(frozen=True, slots=True)
class SplittingAlarm:
    """The requests the reader may know of that together pass the limit of the day."""

    others: Sequence[DecisionRequest]
    total: Decimal
    limit: Decimal


def splitting_alarm(user: User, request: DecisionRequest) -> SplittingAlarm | None:
    """The alarm on a request with an amount; the limit is the dated one of the investment committee."""
    if not request.amount:
        return None
    this = _asked(request)
    same = Q(project=request.project_id)
    if request.project.programme_id is not None:
        same |= Q(project__programme=request.project.programme_id)
    rows = {
        row.pk: row
        for row in visible_requests(user)
        .filter(same, amount__gt=0, created_at__range=(request.created_at - WINDOW, request.created_at + WINDOW))
        .exclude(state__in=_GONE)
        .exclude(pk=request.pk)
        .select_related("project")
    }
    limit = rules_on(this.on).investment_limit or DEFAULT_LIMIT
    found = splitting(this, map(_asked, rows.values()), limit)
    if found is None:
        return None
    return SplittingAlarm([rows[key] for key in found.keys if key in rows], found.total, found.limit)


def _asked(row: DecisionRequest) -> Asked:
    return Asked(
        key=row.pk,
        on=row.created_at.astimezone(clock.BRUSSELS).date(),
        amount=row.amount or Decimal(0),
        project=row.project_id,
        programme=row.project.programme_id,
    )
