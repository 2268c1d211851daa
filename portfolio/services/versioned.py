"""How every service writes a versioned row: lock, compare the version, check, save, bump."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from config.web.versioned import StaleVersionError
from people.models.user import User
from people.services import audit
from portfolio.models.project import Project
from portfolio.models.versioned import Versioned

M = TypeVar("M", bound=Versioned)


class ForbiddenFieldError(ValidationError):
    """A change names a field that this service does not write for this person."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__(
            _("Champ que vous ne pouvez pas changer ici : %(names)s."),
            code="forbidden_field",
            params={"names": ", ".join(sorted(names))},
        )


def write_changes(
    row: M, *, changes: Mapping[str, Any], allowed: frozenset[str], version: int, by: User | None, verb: str
) -> M:
    """Write `changes` to the locked row and its audit entry; no change writes nothing.

    Raises StaleVersionError when the row is no longer at `version`, ForbiddenFieldError on a field
    outside `allowed`, ValidationError when a rule of the model refuses the values.
    """
    if forbidden := frozenset(changes) - allowed:
        raise ForbiddenFieldError(forbidden)
    locked: M = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.version != version:
        raise StaleVersionError
    before = {name: getattr(locked, name) for name in changes}
    differing = {name: value for name, value in changes.items() if before[name] != value}
    if not differing:
        return locked
    for name, value in differing.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.version += 1
    locked.save(update_fields=[*differing, "version", "updated_at"])
    audit.record(
        by=by,
        verb=verb,
        target=locked,
        data={
            **project_data(locked),
            "changes": {name: [plain(before[name]), plain(value)] for name, value in sorted(differing.items())},
        },
    )
    return locked


def create_row(row: M, *, by: User | None, verb: str) -> M:
    """Insert a new row with its audit entry."""
    row.full_clean()
    row.save(force_insert=True)
    audit.record(by=by, verb=verb, target=row, data=project_data(row))
    return row


def project_data(row: models.Model) -> dict[str, Any]:
    """The project an audited row belongs to, so that its journal finds every act."""
    project = row if isinstance(row, Project) else getattr(row, "project", None)
    return {"project": project.code} if isinstance(project, Project) else {}


def plain(value: Any) -> str | int | bool | list[Any] | dict[str, Any] | None:
    """A value as the audit trail keeps it; a person only by key."""
    if isinstance(value, models.Model):
        return int(value.pk)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, date | Decimal):
        return str(value)
    return value if isinstance(value, int | list | dict) else str(value)
