"""Conditions and actions of decisions: evidence given, accepted or refused, waived by the body; then executed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.engines.lifecycles import FOLLOW_UP, IllegalMoveError
from governance.enums import DecisionState, FollowUpState
from governance.models import Decision, FollowUp
from people.models import User
from people.services import audit


@transaction.atomic
def submit_evidence(*, follow_up: FollowUp, by: User, evidence: str, on: date) -> FollowUp:
    """The owner says what he did and where it can be seen."""
    if follow_up.owner.user_id != by.pk:
        raise ValidationError(_("Le responsable remet lui-même la preuve."))
    if not evidence.strip():
        raise ValidationError({"evidence": _("Dites ce qui est fait, et où on le voit.")})
    return _move(follow_up, "submit", by=by, evidence=evidence.strip(), submitted_on=on)


@transaction.atomic
def accept_evidence(*, follow_up: FollowUp, by: User, on: date) -> FollowUp:
    """Met, by somebody else than who did it; the last one executes the decision."""
    _not_the_owner(follow_up, by)
    _move(follow_up, "meet", by=by, closed_on=on)
    execute_when_done(follow_up.decision, by)
    return follow_up


@transaction.atomic
def refuse_evidence(*, follow_up: FollowUp, by: User) -> FollowUp:
    _not_the_owner(follow_up, by)
    return _move(follow_up, "reject", by=by)


@transaction.atomic
def waive(*, follow_up: FollowUp, by: User, reason: str, on: date) -> FollowUp:
    """Given up by the body; the reason stands where the evidence would."""
    _not_the_owner(follow_up, by)
    if not reason.strip():
        raise ValidationError({"evidence": _("Dites pourquoi l’instance y renonce.")})
    _move(follow_up, "waive", by=by, evidence=reason.strip(), closed_on=on)
    execute_when_done(follow_up.decision, by)
    return follow_up


def execute_when_done(decision: Decision, by: User) -> None:
    """Nothing left to do: the decision is executed."""
    if decision.follow_ups.filter(state__in=(FollowUpState.OPEN, FollowUpState.SUBMITTED)).exists():
        return
    moved = Decision.objects.filter(pk=decision.pk, state=DecisionState.IN_FORCE).update(state=DecisionState.EXECUTED)
    if moved:
        audit.record(by=by, verb="decision.executed", target=decision)


def _not_the_owner(follow_up: FollowUp, by: User) -> None:
    if follow_up.owner.user_id == by.pk:
        raise ValidationError(_("Une autre personne que le responsable juge la preuve."))


def _move(follow_up: FollowUp, act: str, *, by: User, **values: Any) -> FollowUp:
    try:
        target = FOLLOW_UP.target(act, follow_up.state)
    except IllegalMoveError as error:
        raise ValidationError(
            _("Cette suite est « %(state)s » : cela ne se fait plus.") % {"state": follow_up.get_state_display()}
        ) from error
    moved = FollowUp.objects.filter(pk=follow_up.pk, state=follow_up.state).update(state=target, **values)
    if moved != 1:
        raise ValidationError(_("Cette suite a changé entre-temps : relisez la page."))
    follow_up.refresh_from_db()
    audit.record(
        by=by, verb=f"follow_up.{act}", target=follow_up.decision, data={"follow_up": follow_up.pk, "state": target}
    )
    return follow_up
