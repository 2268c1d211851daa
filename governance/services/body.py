"""Writing bodies, their seats, mandates and sittings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from governance.enums import BoardRole, SeatRole
from governance.models import Body, Mandate, Seat, Sitting
from governance.selectors.board import managers_directed
from people.models import Person, User
from people.services import audit
from portfolio.services.versioned import create_row, write_changes

FIELDS = frozenset(
    {"code", "name_fr", "name_nl", "name_en", "kind", "level", "cadence", "programme", "project", "active"}
)


@transaction.atomic
def create_body(*, by: User, values: Mapping[str, Any]) -> Body:
    return create_row(Body(**values), by=by, verb="body.created")


@transaction.atomic
def update_body(*, body: Body, by: User, changes: Mapping[str, Any], version: int) -> Body:
    """Write the changed fields; StaleVersionError when the row moved on since `version`."""
    return write_changes(body, changes=changes, allowed=FIELDS, version=version, by=by, verb="body.updated")


@transaction.atomic
def add_seat(
    *,
    body: Body,
    by: User,
    person: Person,
    role: str,
    votes: bool,
    valid_from: date,
    valid_to: date | None,
    board_role: str = "",
) -> Seat:
    """A seat between two days; nobody sits twice at once, one chairs, and a board keeps its roles apart (PRINCE2)."""
    Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    seat = Seat(
        body=body,
        person=person,
        role=role,
        board_role=board_role,
        votes=votes,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _refuse_overlap(seat)
    _refuse_mixed_roles(seat)
    _insert(seat)
    audit.record(by=by, verb="body.seat_added", target=body, data={"person": person.pk, "role": role})
    return seat


def _refuse_overlap(seat: Seat) -> None:
    """Nobody holds two seats of a body on one day, and nobody else chairs on a day that is taken."""
    last = date.max if seat.valid_to is None else seat.valid_to
    meanwhile = Seat.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=seat.valid_from), body=seat.body).filter(
        valid_from__lte=last
    )
    if meanwhile.filter(person=seat.person).exists():
        raise ValidationError({"person": _("Cette personne siège déjà dans cette instance à ces dates.")})
    if seat.role == SeatRole.CHAIR and meanwhile.filter(role=SeatRole.CHAIR).exists():
        raise ValidationError({"role": _("La présidence est déjà tenue à ces dates : mettez d’abord fin à ce siège.")})


def _refuse_mixed_roles(seat: Seat) -> None:
    """The executive is no project manager of what the board directs, nor does one sit in its assurance."""
    if seat.board_role not in (BoardRole.EXECUTIVE, BoardRole.ASSURANCE):
        return
    if seat.person_id in managers_directed(seat.body):
        raise ValidationError(
            {"board_role": _("Un chef de projet n’est ni l’exécutif ni l’assurance du comité qui dirige son projet.")}
        )


@transaction.atomic
def end_seat(*, seat: Seat, by: User, on: date) -> None:
    """The seat ends on the day given; who sat there before stays readable."""
    seat = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    seat.valid_to = max(on, seat.valid_from)
    seat.full_clean()
    seat.save(update_fields=["valid_to"])
    audit.record(by=by, verb="body.seat_ended", target=seat.body, data={"person": seat.person_id})


@transaction.atomic
def add_mandate(*, body: Body, by: User, values: Mapping[str, Any]) -> Mandate:
    """A dated mandate; a delegated one needs a body above that holds it itself for all these days, and no less."""
    mandate = Mandate(body=body, **values)
    if mandate.delegated_by is not None:
        _refuse_idle_delegation(mandate, mandate.delegated_by)
    _insert(mandate)
    audit.record(by=by, verb="body.mandate_added", target=body, data={"subject": mandate.subject, "kind": mandate.kind})
    return mandate


def _refuse_idle_delegation(mandate: Mandate, giver: Body) -> None:
    if giver.level <= mandate.body.level:
        raise ValidationError({"delegated_by": _("On délègue vers le bas : choisissez une instance plus haute.")})
    held = Mandate.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=mandate.valid_to or date.max),
        body=giver,
        kind=mandate.kind,
        delegated_by__isnull=True,
        valid_from__lte=mandate.valid_from,
    )
    if not held.exists():
        raise ValidationError(
            {"delegated_by": _("Cette instance n’a pas elle-même ce mandat pendant toute la délégation.")}
        )


@transaction.atomic
def end_mandate(*, mandate: Mandate, by: User, on: date) -> None:
    """The mandate ends on the day given; what was decided under it stays valid."""
    mandate = Mandate.objects.select_for_update(of=("self",)).get(pk=mandate.pk)
    mandate.valid_to = max(on, mandate.valid_from)
    mandate.full_clean()
    mandate.save(update_fields=["valid_to"])
    audit.record(by=by, verb="body.mandate_ended", target=mandate.body, data={"subject": mandate.subject})


@transaction.atomic
def add_sitting(*, body: Body, by: User, starts_at: datetime, place: str) -> Sitting:
    sitting = Sitting(body=body, starts_at=starts_at, place=place)
    _insert(sitting)
    audit.record(by=by, verb="body.sitting_added", target=body, data={"starts_at": starts_at.isoformat()})
    return sitting


def _insert(row: models.Model) -> None:
    row.full_clean()
    row.save(force_insert=True)
