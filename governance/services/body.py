"""Writing bodies, their seats, mandates and sittings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from governance.models import Body, Mandate, Seat, Sitting
from people.models import Person, User
from people.services import audit
from portfolio.services.versioned import create_row, write_changes

FIELDS = frozenset({"code", "name_fr", "name_nl", "name_en", "kind", "level", "cadence"})


@transaction.atomic
def create_body(*, by: User, values: Mapping[str, Any]) -> Body:
    return create_row(Body(**values), by=by, verb="body.created")


@transaction.atomic
def update_body(*, body: Body, by: User, changes: Mapping[str, Any], version: int) -> Body:
    """Write the changed fields; StaleVersionError when the row moved on since `version`."""
    return write_changes(body, changes=changes, allowed=FIELDS, version=version, by=by, verb="body.updated")


@transaction.atomic
def add_seat(
    *, body: Body, by: User, person: Person, role: str, votes: bool, valid_from: date, valid_to: date | None
) -> Seat:
    seat = Seat(body=body, person=person, role=role, votes=votes, valid_from=valid_from, valid_to=valid_to)
    _insert(seat)
    audit.record(by=by, verb="body.seat_added", target=body, data={"person": person.pk, "role": role})
    return seat


@transaction.atomic
def end_seat(*, body: Body, by: User, seat_id: int, on: date) -> None:
    """The seat ends on the day given; who sat there before stays readable."""
    seat = Seat.objects.select_for_update(of=("self",)).get(pk=seat_id, body=body)
    seat.valid_to = max(on, seat.valid_from)
    seat.full_clean()
    seat.save(update_fields=["valid_to"])
    audit.record(by=by, verb="body.seat_ended", target=body, data={"person": seat.person_id})


@transaction.atomic
def add_mandate(
    *,
    body: Body,
    by: User,
    subject: str,
    amount_max: Decimal | None,
    valid_from: date,
    valid_to: date | None,
    source: str,
) -> Mandate:
    mandate = Mandate(
        body=body,
        subject=subject,
        amount_max=amount_max,
        valid_from=valid_from,
        valid_to=valid_to,
        source=source,
    )
    _insert(mandate)
    audit.record(by=by, verb="body.mandate_added", target=body, data={"subject": subject})
    return mandate


@transaction.atomic
def add_sitting(*, body: Body, by: User, starts_at: datetime, place: str) -> Sitting:
    sitting = Sitting(body=body, starts_at=starts_at, place=place)
    _insert(sitting)
    audit.record(by=by, verb="body.sitting_added", target=body, data={"starts_at": starts_at.isoformat()})
    return sitting


def _insert(row: models.Model) -> None:
    row.full_clean()
    row.save(force_insert=True)
