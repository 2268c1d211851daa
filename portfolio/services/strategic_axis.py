"""Create and change strategic axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from people.models.user import User
from portfolio.models.strategic_axis import StrategicAxis
from portfolio.services.versioned import create_row, write_changes

FIELDS = frozenset({"code", "name_fr", "name_nl", "name_en", "position", "active"})


@transaction.atomic
def create_axis(
    *, by: User, code: str, name_fr: str, name_nl: str = "", name_en: str = "", position: int = 0, active: bool = True
) -> StrategicAxis:
    axis = StrategicAxis(code=code, name_fr=name_fr, name_nl=name_nl, name_en=name_en, position=position, active=active)
    return create_row(axis, by=by, verb="axis.created")


@transaction.atomic
def update_axis(*, axis: StrategicAxis, changes: Mapping[str, Any], version: int, by: User) -> StrategicAxis:
    return write_changes(axis, changes=changes, allowed=FIELDS, version=version, by=by, verb="axis.updated")
