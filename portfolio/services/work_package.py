"""Create and change the work packages of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from config import clock
from people.models.user import User
from portfolio.models.project import Project
from portfolio.models.work_package import WorkPackage
from portfolio.selectors.field_rights import WORK_PACKAGE_FIELDS, work_package_fields
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import ForbiddenFieldError, create_row, write_changes


@transaction.atomic
def create_work_package(*, project: Project, by: User, values: Mapping[str, Any]) -> WorkPackage:
    """A new work package; its code is unique in the project."""
    if forbidden := frozenset(values) - WORK_PACKAGE_FIELDS:
        raise ForbiddenFieldError(forbidden)
    row = create_row(WorkPackage(project=project, **values), by=by, verb="work_package.created")
    refresh_standing([project.pk], now=clock.now())
    return row


@transaction.atomic
def update_work_package(
    *, work_package: WorkPackage, changes: Mapping[str, Any], version: int, by: User
) -> WorkPackage:
    saved = write_changes(
        work_package,
        changes=changes,
        allowed=work_package_fields(by, work_package.project),
        version=version,
        by=by,
        verb="work_package.updated",
    )
    refresh_standing([saved.project_id], now=clock.now())
    return saved
