"""Set and change the seven tolerances of a project."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from config import clock
from people.models.user import User
from portfolio.engines.authority import BOUNDS
from portfolio.models.project import Project
from portfolio.models.tolerance import Tolerance
from portfolio.selectors.field_rights import tolerance_fields
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
