"""Create and change the work packages of a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.db import transaction

from config import clock
from people.models.user import User
from portfolio.enums import WorkPackageState
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


class Measured(Protocol):
    """What a count of finished work says about a package; `after` is None where the package keeps its own progress."""

    @property
    def package(self) -> WorkPackage: ...
    @property
    def after(self) -> int | None: ...
    @property
    def is_started(self) -> bool: ...


@transaction.atomic
def take_progress(*, project: Project, lines: Iterable[Measured], by: User | None) -> int:
    """Write the measured progress; a planned package that has begun is running. Answers how many changed."""
    changed = 0
    for line in lines:
        if line.after is None:
            continue
        row = WorkPackage.objects.select_for_update(of=("self",)).get(pk=line.package.pk, project=project)
        values: dict[str, Any] = {"progress": line.after}
        if line.is_started and row.state == WorkPackageState.PLANNED:
            values["state"] = WorkPackageState.RUNNING
        saved = write_changes(
            row,
            changes=values,
            allowed=frozenset(values),
            version=row.version,
            by=by,
            verb="work_package.measured",
        )
        changed += saved.version != row.version
    return changed
