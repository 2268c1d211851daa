"""Set and change the seven tolerances of a project, of a stage and of a work package."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from config import clock
from people.models.user import User
from portfolio.engines.authority import BOUNDS
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.tolerance import PartTolerance, Tolerance
from portfolio.models.work_package import WorkPackage
from portfolio.selectors.field_rights import part_tolerance_fields, tolerance_fields
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import ForbiddenFieldError, create_row, write_changes


@transaction.atomic
def create_tolerance(
    *,
    project: Project,
    by: User,
    target: str,
    minus: Decimal | None,
    plus: Decimal | None,
    unit: str,
    baseline: Decimal | None = None,
    forecast: Decimal | None = None,
    measure: str = "",
) -> Tolerance:
    """The tolerance of one target; a project has at most one per target."""
    if not tolerance_fields(by, project, new=True) >= BOUNDS:
        raise ForbiddenFieldError(BOUNDS)
    tolerance = create_row(
        Tolerance(
            project=project,
            target=target,
            minus=minus,
            plus=plus,
            unit=unit,
            baseline=baseline,
            forecast=forecast,
            measure=measure,
        ),
        by=by,
        verb="tolerance.created",
    )
    refresh_standing([project.pk], now=clock.now())
    return tolerance


@transaction.atomic
def update_tolerance(*, tolerance: Tolerance, changes: Mapping[str, Any], version: int, by: User) -> Tolerance:
    saved = write_changes(
        tolerance,
        changes=changes,
        allowed=tolerance_fields(by, tolerance.project),
        version=version,
        by=by,
        verb="tolerance.updated",
    )
    refresh_standing([saved.project_id], now=clock.now())
    return saved


@transaction.atomic
def create_part_tolerance(
    *, part: Stage | WorkPackage, by: User, target: str, values: Mapping[str, Any]
) -> PartTolerance:
    """The tolerance of one target of a stage or work package, by whom its level belongs to."""
    if forbidden := frozenset(values) - part_tolerance_fields(by, part, new=True):
        raise ForbiddenFieldError(forbidden)
    stage, package = (part, None) if isinstance(part, Stage) else (None, part)
    row = PartTolerance(project=part.project, stage=stage, work_package=package, target=target, **values)
    create_row(row, by=by, verb="part_tolerance.created")
    refresh_standing([part.project_id], now=clock.now())
    return row


@transaction.atomic
def update_part_tolerance(
    *, tolerance: PartTolerance, changes: Mapping[str, Any], version: int, by: User
) -> PartTolerance:
    part = tolerance.stage or tolerance.work_package
    if part is None:
        raise ValueError("a tolerance belongs to a stage or to a work package")
    saved = write_changes(
        tolerance,
        changes=changes,
        allowed=part_tolerance_fields(by, part),
        version=version,
        by=by,
        verb="part_tolerance.updated",
    )
    refresh_standing([saved.project_id], now=clock.now())
    return saved
