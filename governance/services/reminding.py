"""Reminders of conditions and actions: each once, to its owner, then to the secretary and the chair of the body."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from config.web import formats
from governance.engines.reminding import Reminder, reminder_due
from governance.enums import FollowUpState, SeatRole
from governance.models import FollowUp, Seat
from people.enums import Purpose
from people.models import User
from people.services import notify
from people.services.notify import Kind, Wording
from portfolio.selectors.closing_day import closed_days

AHEAD = timedelta(days=14)
"""Beyond this no reminder can be due, weekends and closed days included."""


def register() -> None:
    notify.register_kind(Kind("follow_up_soon", Purpose.DECISION, _word_soon))
    notify.register_kind(Kind("follow_up_overdue", Purpose.DECISION, _word_overdue))
    notify.register_kind(Kind("follow_up_raised", Purpose.ESCALATION, _word_raised))


def any_waiting(today: date) -> bool:
    """Whether a reminder may be due at all."""
    return FollowUp.objects.filter(state=FollowUpState.OPEN, due__lte=today + AHEAD).exists()


def remind_due(now: datetime) -> int:
    """Send what is due; how many people were told. Whoever calls it again tells nobody twice."""
    today = now.astimezone(BRUSSELS).date()
    closed = closed_days(today - timedelta(days=400), today + AHEAD)
    rows = FollowUp.objects.filter(state=FollowUpState.OPEN, due__lte=today + AHEAD)
    told = 0
    for row in rows.select_related("decision__body", "owner__user"):
        reminder = reminder_due(row.due, today, closed)
        if reminder is not None:
            told += _tell(row, reminder, today)
    return told


def _tell(row: FollowUp, reminder: Reminder, today: date) -> int:
    owner = row.owner.user
    to_owner = owner is not None and owner.is_active and reminder is not Reminder.RAISED
    users = [owner] if to_owner and owner is not None else _leads(row, today)
    return notify.notify(
        users=users,
        kind=f"follow_up_{reminder}",
        key=f"follow_up_{reminder}:{row.pk}:{row.due.isoformat()}",
        data={
            "number": row.decision.number,
            "text": row.text,
            "due": row.due.isoformat(),
            "owner": row.owner.full_name,
            "body": row.decision.body.name_fr,
        },
        path=reverse("governance:follow_up", args=[row.pk]),
    )


def _leads(row: FollowUp, today: date) -> list[User]:
    """The secretary and the chair of the body that asked for it; also for an owner without an account."""
    seats = Seat.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        body=row.decision.body_id,
        role__in=(SeatRole.SECRETARY, SeatRole.CHAIR),
        valid_from__lte=today,
        person__user__isnull=False,
    )
    return [seat.person.user for seat in seats.select_related("person__user") if seat.person.user is not None]


def _day(data: Mapping[str, Any]) -> str:
    return formats.date_short(date.fromisoformat(data["due"]))


def _word_soon(data: Mapping[str, Any]) -> Wording:
    title = _("À faire pour le %(day)s : suite de la décision %(number)s")
    return Wording(title % {"day": _day(data), "number": data["number"]}, data["text"])


def _word_overdue(data: Mapping[str, Any]) -> Wording:
    title = _("Dépassé depuis le %(day)s : suite de la décision %(number)s")
    return Wording(title % {"day": _day(data), "number": data["number"]}, data["text"])


def _word_raised(data: Mapping[str, Any]) -> Wording:
    title = _("%(body)s : décidé, non exécuté (%(number)s)") % {"body": data["body"], "number": data["number"]}
    words = _("%(owner)s devait le faire pour le %(day)s : %(text)s")
    return Wording(title, words % {"owner": data["owner"], "day": _day(data), "text": data["text"]})
