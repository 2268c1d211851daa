"""What gates ask of one person: his reviews to complete, those to read over, the mandatory actions he owns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from config.web import formats
from governance.enums import GateReviewState
from governance.models import ConfidenceAction, GateReview
from people.models import User
from portfolio.services.work_port import WorkBlock, WorkLine


def work_of_gates(user: User, now: datetime) -> list[WorkBlock]:
    """Two statements."""
    today = now.astimezone(BRUSSELS).date()
    return [
        WorkBlock(_("Revues de porte"), tuple(_reviews(user, today))),
        WorkBlock(_("Actions obligatoires à faire"), tuple(_actions(user, today))),
    ]


def _reviews(user: User, today: date) -> Iterable[WorkLine]:
    """Drafts of the projects one leads, and open reviews one was named to read over."""
    led = Q(project__manager__user=user) | Q(project__deputy__user=user)
    mine = Q(state=GateReviewState.DRAFT) & (led | Q(reviewer__user=user))
    read_over = Q(state=GateReviewState.SUBMITTED, reviewer__user=user)
    rows = GateReview.objects.filter(mine | read_over).select_related("reviewer").order_by("planned_on", "number")
    for row in rows:
        is_reader = row.reviewer is not None and row.reviewer.user_id == user.pk
        yield WorkLine(
            text=_("revue à relire") if is_reader else _("revue à compléter"),
            address=row.get_absolute_url(),
            code=row.number,
            end=formats.date_short(row.planned_on),
            overdue=row.planned_on < today,
            is_ours=True,
        )


def _actions(user: User, today: date) -> Iterable[WorkLine]:
    """Those not yet carried by a decision; the others are among its follow-ups."""
    rows = ConfidenceAction.objects.filter(owner__user=user, done_on__isnull=True, follow_up__isnull=True)
    for row in rows.select_related("confidence__project"):
        yield WorkLine(
            text=row.text,
            address=reverse("governance:confidence_action", args=[row.pk]),
            code=row.confidence.project.code,
            end=formats.date_short(row.due),
            overdue=row.due < today,
        )
