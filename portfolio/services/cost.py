"""Create and change yearly budget lines; who writes which figure is in `selectors.field_rights`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from config import clock
from people.models.user import User
from portfolio.models.cost import BudgetLine
from portfolio.models.project import Project
from portfolio.selectors.field_rights import budget_fields
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import ForbiddenFieldError, create_row, write_changes

ZERO = Decimal("0.00")


@transaction.atomic
def create_budget_line(
    *,
    project: Project,
    by: User,
    year: int,
    nature: str,
    approved: Decimal | None = None,
    actual: Decimal | None = None,
    actual_source: str = "",
    actual_on: date | None = None,
    forecast: Decimal | None = None,
) -> BudgetLine:
    """A line for a year and a nature; an approved amount only while the project prepares, from who may approve one."""
    if approved and "approved" not in budget_fields(by, project):
        raise ForbiddenFieldError(frozenset({"approved"}))
    line = create_row(
        BudgetLine(
            project=project,
            year=year,
            nature=nature,
            approved=approved or ZERO,
            actual=actual or ZERO,
            actual_source=actual_source,
            actual_on=actual_on,
            forecast=forecast,
        ),
        by=by,
        verb="budget_line.created",
    )
    refresh_standing([project.pk], now=clock.now())
    return line


@transaction.atomic
def update_budget_line(*, line: BudgetLine, changes: Mapping[str, Any], version: int, by: User) -> BudgetLine:
    filled = {
        name: ZERO if value is None and name in ("approved", "actual") else value for name, value in changes.items()
    }
    saved = write_changes(
        line,
        changes=filled,
        allowed=budget_fields(by, line.project),
        version=version,
        by=by,
        verb="budget_line.updated",
    )
    refresh_standing([saved.project_id], now=clock.now())
    return saved
