"""The life of a session: convened, held, minuted, approved; each step a conditional UPDATE with its audit entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from config import clock
from governance.engines.invitation import Method
from governance.engines.lifecycles import SESSION, IllegalMoveError
from governance.enums import Polling, Presence, RequestState, SittingState
from governance.models import AgendaItem, Attendance, Sitting
from governance.selectors.conflict import is_party, stands_aside
from governance.selectors.voters import presides, seats_of
from governance.services.agenda import freeze_paper, recuse_the_conflicted
from governance.services.decision_request import move_request
from governance.services.invitation import invite
from governance.services.session_notices import tell_members
from people.models import User
from people.services import audit
from portfolio.services.versioned import write_changes

WHEN_AND_WHERE = frozenset({"starts_at", "minutes", "place"})


@transaction.atomic
def publish(*, sitting: Sitting, by: User, now: datetime) -> Sitting:
    """Convene: the papers of every item are frozen, the conflicted are recused, the members are told."""
    items = list(sitting.items.select_related("request__project", "sitting__body"))
    if not items:
        raise ValidationError(_("Une séance se convoque avec au moins un point à l’ordre du jour."))
    if not any(seat.votes for seat in seats_of(sitting)):
        raise ValidationError(_("Aucun membre n’a voix délibérative ce jour-là."))
    move(sitting, "publish", by=by, published_at=now, revision=F("revision") + 1, reason="")
    for item in items:
        freeze_paper(item=item, now=now)
        recuse_the_conflicted(item=item, now=now)
    tell_members(sitting=sitting, kind="convened")
    invite(sitting, Method.REQUEST, now=now)
    return sitting


@transaction.atomic
def reschedule(*, sitting: Sitting, by: User, changes: Mapping[str, Any], version: int, now: datetime) -> Sitting:
    """Another day, length or place before the session begins; who was convened gets the update in his calendar.

    Raises StaleVersionError when somebody else changed it since `version`.
    """
    locked = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    if locked.is_written or locked.state not in (SittingState.DRAFT, SittingState.PUBLISHED):
        raise ValidationError(_("Une séance « %(state)s » ne permet pas cela.") % {"state": locked.get_state_display()})
    row = write_changes(
        sitting, changes=changes, allowed=WHEN_AND_WHERE, version=version, by=by, verb="session.rescheduled"
    )
    if row.version != version and row.state == SittingState.PUBLISHED:
        Sitting.objects.filter(pk=row.pk).update(revision=F("revision") + 1)
        row.refresh_from_db()
        for item in row.items.select_related("request__project", "sitting__body"):
            recuse_the_conflicted(item=item, now=now)
        tell_members(sitting=row, kind="moved")
        invite(row, Method.REQUEST, now=now)
    return row


@transaction.atomic
def withdraw(*, sitting: Sitting, by: User, reason: str) -> Sitting:
    """Back to preparation; the papers given out stay, the next publication freezes a new version.

    The entry leaves the members' calendars until then.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi la convocation est retirée.")})
    move(sitting, "withdraw", by=by, reason=reason.strip(), revision=F("revision") + 1)
    invite(sitting, Method.CANCEL, now=clock.now())
    return sitting


@transaction.atomic
def cancel(*, sitting: Sitting, by: User, reason: str) -> Sitting:
    """The session is not held; what stood on its agenda waits for another one."""
    if not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi la séance est annulée.")})
    told = sitting.state == SittingState.PUBLISHED
    move(sitting, "cancel", by=by, reason=reason.strip(), revision=F("revision") + 1)
    for item in sitting.items.select_related("request"):
        if item.request is not None and item.request.state == RequestState.ON_AGENDA:
            move_request(request=item.request, act="untable", by=by)
    if told:
        tell_members(sitting=sitting, kind="cancelled")
        invite(sitting, Method.CANCEL, now=clock.now())
    return sitting


@transaction.atomic
def open_session(*, sitting: Sitting, by: User, now: datetime) -> Sitting:
    """Begin: every voting member counts as absent until he is marked present."""
    move(sitting, "open", by=by, opened_at=now)
    Attendance.objects.bulk_create(
        (
            Attendance(sitting=sitting, person=seat.person, presence=Presence.ABSENT)
            for seat in seats_of(sitting)
            if seat.votes
        ),
        ignore_conflicts=True,
    )
    return sitting


@transaction.atomic
def adjourn(*, sitting: Sitting, by: User, now: datetime) -> Sitting:
    """Rise: the minutes are to be completed and approved."""
    if sitting.items.filter(polling=Polling.OPEN).exists():
        raise ValidationError(_("Un vote est encore ouvert : clôturez-le avant de lever la séance."))
    return move(sitting, "adjourn", by=by, adjourned_at=now)


@transaction.atomic
def resume(*, sitting: Sitting, by: User) -> Sitting:
    if sitting.is_written:
        raise ValidationError(_("Une procédure écrite ne se reprend pas : ouvrez-en une autre, ou tenez séance."))
    return move(sitting, "resume", by=by)


@transaction.atomic
def approve(*, sitting: Sitting, by: User, now: datetime) -> Sitting:
    """The chair, or the deputy, signs the minutes; not for an item to which he is a party (S1)."""
    if not presides(by, sitting):
        raise ValidationError(_("La présidence ou la vice-présidence approuve le procès-verbal."))
    for item in sitting.items.select_related("request__project", "request__report", "sitting__body"):
        if item.outcomes.exists() and stands_aside(getattr(by, "person", None), item):
            raise ValidationError(
                _("Vous êtes récusé au point %(position)s : l’autre membre de la présidence approuve ce procès-verbal.")
                % {"position": item.position}
            )
    return move(sitting, "approve", by=by, approved_at=now, approved_by=by)


def move(sitting: Sitting, act: str, *, by: User | None, **values: Any) -> Sitting:
    """One row of the table of moves; refused when the session has moved on meanwhile."""
    try:
        target = SESSION.target(act, sitting.state)
    except IllegalMoveError as error:
        raise ValidationError(
            _("Une séance « %(state)s » ne permet pas cela.") % {"state": sitting.get_state_display()}
        ) from error
    moved = Sitting.objects.filter(pk=sitting.pk, state=sitting.state).update(state=target, **values)
    if moved != 1:
        raise ValidationError(_("La séance a changé d’état entre-temps : relisez la page."))
    sitting.refresh_from_db()
    audit.record(by=by, verb=f"session.{act}", target=sitting, data={"body": sitting.body.code, "state": target})
    return sitting


def guard_item(item: AgendaItem, by: User, *states: SittingState) -> None:
    """The session is in one of these states, and the secretary is no party to the item (S1).

    What members are answering in writing is not touched meanwhile.
    """
    if item.sitting.state not in states:
        raise ValidationError(
            _("Une séance « %(state)s » ne permet pas cela.") % {"state": item.sitting.get_state_display()}
        )
    if item.sitting.is_written and item.polling == Polling.OPEN:
        raise ValidationError(_("Une procédure écrite se clôt quand tous ont répondu, ou après son dernier jour."))
    if is_party(by, item):
        raise ValidationError(_("Vous êtes partie au dossier : un autre secrétaire tient ce point."))
