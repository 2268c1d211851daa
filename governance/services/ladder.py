"""The steps of the escalation ladder: a body acknowledges a request, and the clock sends up what it left unanswered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config.web import formats
from governance.models import DecisionRequest
from governance.selectors.ladder import office_holders, unanswered
from governance.services.decision_request import body_above, escalate_request
from people.enums import Purpose
from people.models import User
from people.services import audit, notify
from people.services.notify import Kind, Wording

OVERDUE = "request_overdue"


def register() -> None:
    notify.register_kind(Kind(OVERDUE, Purpose.ESCALATION, _word_overdue))


@transaction.atomic
def acknowledge(*, request: DecisionRequest, by: User, now: datetime) -> DecisionRequest:
    """Somebody of the body says that it has arrived; the first one is kept."""
    person = getattr(by, "person", None)
    if person is None:
        raise ValidationError(_("Votre compte n’est lié à aucune personne."))
    if not request.is_open:
        raise ValidationError(_("Cette demande est close ; elle ne se modifie plus."))
    kept = DecisionRequest.objects.filter(pk=request.pk, acknowledged_at__isnull=True).update(
        acknowledged_by=person, acknowledged_at=now
    )
    if kept != 1:
        raise ValidationError(_("La réception est déjà accusée."))
    request.refresh_from_db()
    audit.record(by=by, verb="decision_request.acknowledged", target=request, data={"project": request.project.code})
    return request


@transaction.atomic
def raise_overdue(*, request_id: int, on: date) -> DecisionRequest | None:
    """Send a request that its body left unanswered one level up, once; None where there is nothing to send.

    Where no body stands above, the office of the body is told and the request stays.
    """
    request = unanswered(on).select_for_update(of=("self",)).filter(pk=request_id).first()
    if request is None or request.answer_by is None:
        return None
    due = formats.date_short(request.answer_by)
    raised = None
    if body_above(request, on) is not None:
        reason = _("Sans réponse de %(body)s pour le %(day)s") % {"body": request.body.name_fr, "day": due}
        raised = escalate_request(request=request, by=None, reason=reason, on=on)
    row = raised or request
    owners = [one.user for one in (request.raised_by, request.owner) if one is not None]
    notify.notify(
        users=[*office_holders(row.body, on), *(user for user in owners if user is not None)],
        kind=OVERDUE,
        key=f"{OVERDUE}:{request.pk}",
        data={
            "number": request.number,
            "question": request.question,
            "from": request.body.name_fr,
            "to": raised.body.name_fr if raised else "",
            "due": request.answer_by.isoformat(),
        },
        path=row.get_absolute_url(),
    )
    return raised


def _word_overdue(data: Mapping[str, Any]) -> Wording:
    if data["to"]:
        title = _("%(number)s monte à %(to)s") % {"number": data["number"], "to": data["to"]}
    else:
        title = _("%(number)s attend toujours sa réponse") % {"number": data["number"]}
    day = formats.date_short(date.fromisoformat(data["due"]))
    text = _("%(question)s – sans réponse de %(from)s pour le %(day)s.") % {**data, "day": day}
    return Wording(title, text)
