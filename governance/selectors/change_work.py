"""What issues wait for from one person: his answer, his next step, the evidence of his actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from config.web import formats
from governance.enums import ChangeState, FollowUpState
from governance.models import Change, ChangeAction
from people.models import User
from portfolio.services.work_port import WorkLine

_CARRIED = (ChangeState.CAPTURED, ChangeState.ASSESSED, ChangeState.RECOMMENDED, ChangeState.EXCEPTION_PLAN)


def issues_to_handle(user: User, today: date) -> Iterable[WorkLine]:
    """Issues he owns that are not answered, those his delegation answers, and his actions; two statements."""
    delegated = Q(
        state=ChangeState.RECOMMENDED,
        project__change_budgets__delegations__person__user=user,
        project__change_budgets__delegations__valid_from__lte=today,
        project__change_budgets__delegations__valid_to__gte=today,
        project__change_budgets__delegations__limit_each__gte=F("cost"),
    )
    owned = Q(state__in=_CARRIED, owner__user=user)
    keys = Change.objects.filter(delegated | owned).values("pk")
    for row in Change.objects.filter(pk__in=keys).order_by(F("due_on").asc(nulls_last=True), "number"):
        yield _line(row.title, row.get_absolute_url(), row.number, row.due_on, today)
    actions = ChangeAction.objects.filter(owner__user=user, state=FollowUpState.OPEN).select_related("change")
    for action in actions.order_by("due", "pk"):
        address = reverse("governance:change_action", args=[action.pk])
        yield _line(action.text, address, action.change.number, action.due, today)


def _line(text: str, address: str, code: str, due: date | None, today: date) -> WorkLine:
    return WorkLine(
        text=text,
        address=address,
        code=code,
        end=_("pour le %(day)s") % {"day": formats.date_short(due)} if due else "",
        overdue=due is not None and due < today,
    )
