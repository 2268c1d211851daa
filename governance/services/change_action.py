"""Carrying out what was accepted or conceded: actions with owner, day and evidence, along the table of follow-up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.engines.lifecycles import FOLLOW_UP, IllegalMoveError
from governance.enums import ChangeState
from governance.models import Change, ChangeAction
from people.models import User
from people.services import audit

_CARRIED_OUT = (ChangeState.IMPLEMENTING, ChangeState.CONCEDED)


@transaction.atomic
def add_action(*, change: Change, by: User, values: Mapping[str, Any]) -> ChangeAction:
    """One more action of an issue that was accepted or conceded."""
    if change.state not in _CARRIED_OUT:
        raise ValidationError(_("Une action suit une réponse qui accepte ou concède."))
    action = ChangeAction(change=change, **values)
    action.full_clean()
    action.save(force_insert=True)
    audit.record(by=by, verb="change_action.added", target=change, data={"project": change.project.code})
    return action


@transaction.atomic
def submit_action(*, action: ChangeAction, by: User, evidence: str, on: date) -> ChangeAction:
    """The owner says what he did and where it can be seen."""
    if action.owner.user_id != by.pk:
        raise ValidationError(_("Le responsable remet lui-même la preuve."))
    if not evidence.strip():
        raise ValidationError({"evidence": _("Dites ce qui est fait, et où on le voit.")})
    return _move(action, "submit", by, evidence=evidence.strip(), submitted_on=on)


@transaction.atomic
def meet_action(*, action: ChangeAction, by: User, on: date) -> ChangeAction:
    """Closed by its evidence, by somebody else than who did it."""
    _not_the_owner(action, by)
    return _move(action, "meet", by, closed_on=on)


@transaction.atomic
def reject_action(*, action: ChangeAction, by: User) -> ChangeAction:
    _not_the_owner(action, by)
    return _move(action, "reject", by)


@transaction.atomic
def waive_action(*, action: ChangeAction, by: User, reason: str, on: date) -> ChangeAction:
    """Given up; the reason stands where the evidence would."""
    _not_the_owner(action, by)
    if not reason.strip():
        raise ValidationError({"evidence": _("Dites pourquoi on y renonce.")})
    return _move(action, "waive", by, evidence=reason.strip(), closed_on=on)


def _not_the_owner(action: ChangeAction, by: User) -> None:
    if action.owner.user_id == by.pk:
        raise ValidationError(_("Une autre personne que le responsable juge la preuve."))


def _move(action: ChangeAction, act: str, by: User, **values: Any) -> ChangeAction:
    try:
        target = FOLLOW_UP.target(act, action.state)
    except IllegalMoveError as error:
        raise ValidationError(
            _("Cette action est « %(state)s » : cela ne se fait plus.") % {"state": action.get_state_display()}
        ) from error
    moved = ChangeAction.objects.filter(pk=action.pk, state=action.state).update(state=target, **values)
    if moved != 1:
        raise ValidationError(_("Cette action a changé entre-temps : relisez la page."))
    action.refresh_from_db()
    data = {"project": action.change.project.code, "action": action.pk, "state": target}
    audit.record(by=by, verb=f"change_action.{act}", target=action.change, data=data)
    return action
