"""Create and change programmes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from people.models.person import Person
from people.models.user import User
from portfolio.models.programme import Programme
from portfolio.models.strategic_axis import StrategicAxis
from portfolio.services.versioned import create_row, write_changes

FIELDS = frozenset({"code", "name_fr", "name_nl", "name_en", "manager", "axis", "purpose", "active"})


@transaction.atomic
def create_programme(
    *,
    by: User,
    code: str,
    name_fr: str,
    name_nl: str = "",
    name_en: str = "",
    manager: Person | None = None,
    axis: StrategicAxis | None = None,
    purpose: str = "",
    active: bool = True,
) -> Programme:
    programme = Programme(
        code=code,
        name_fr=name_fr,
        name_nl=name_nl,
        name_en=name_en,
        manager=manager,
        axis=axis,
        purpose=purpose,
        active=active,
    )
    return create_row(programme, by=by, verb="programme.created")


@transaction.atomic
def update_programme(*, programme: Programme, changes: Mapping[str, Any], version: int, by: User) -> Programme:
    return write_changes(programme, changes=changes, allowed=FIELDS, version=version, by=by, verb="programme.updated")
