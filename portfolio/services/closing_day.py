"""The organisation's own closing days: added and removed ahead of time, the weeks planned again at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from people.models import User
from people.services import audit
from portfolio.models import ClosingDay, ReportingCycle
from portfolio.services.reporting_cycle import replan

_REACH = timedelta(days=14)
"""How far before itself a closing day may move an instant."""


@transaction.atomic
def add_closing_day(*, by: User, day: date, name: str, now: datetime) -> ClosingDay:
    """A coming day on which nothing falls due; refused when a deadline would have passed by that alone."""
    _refuse_past(day, now)
    closing = ClosingDay(day=day, name=name)
    closing.full_clean()
    closing.save(force_insert=True)
    _replan(day, now)
    audit.record(by=by, verb="closing_day.added", target=closing, data={"day": day})
    return closing


@transaction.atomic
def remove_closing_day(*, by: User, closing: ClosingDay, now: datetime) -> None:
    """The day is a working day again; a day that has come stays in the list."""
    _refuse_past(closing.day, now)
    audit.record(by=by, verb="closing_day.removed", target=closing, data={"day": closing.day})
    closing.delete()
    _replan(closing.day, now)


def _refuse_past(day: date, now: datetime) -> None:
    if day <= now.astimezone(BRUSSELS).date():
        raise ValidationError({"day": _("Un jour de fermeture se change avant qu’il n’arrive.")})


def _replan(day: date, now: datetime) -> None:
    coming = set(ReportingCycle.objects.filter(due_at__gt=now).values_list("pk", flat=True))
    replan(day - _REACH)
    if ReportingCycle.objects.filter(pk__in=coming, due_at__lte=now).exists():
        raise ValidationError({"day": _("Trop tard : une échéance annoncée serait déjà passée.")})
