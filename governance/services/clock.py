"""Setting a clock: a new dated row, never a change of the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import Clock
from people.models import User
from people.services import audit


@transaction.atomic
def set_clock(*, by: User, values: Mapping[str, Any], on: date) -> Clock:
    """A pace from a day on; steps that run keep the end they were given."""
    row = Clock(**values)
    if row.valid_from < on:
        raise ValidationError({"valid_from": _("Un délai change pour l’avenir : à partir d’aujourd’hui.")})
    row.full_clean()
    row.save(force_insert=True)
    audit.record(
        by=by,
        verb="clock.set",
        target=row,
        data={"kind": row.kind, "body": row.body_kind, "days": row.days, "valid_from": row.valid_from.isoformat()},
    )
    return row
