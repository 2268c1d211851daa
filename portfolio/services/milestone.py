"""Create and change milestones; approved dates are kept apart from forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from people.models.user import User
from portfolio.enums import MilestoneKind
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.selectors.field_rights import milestone_fields
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import create_row, write_changes


@transaction.atomic
def create_milestone(
    *,
    project: Project,
    by: User,
    name: str,
    baseline: date,
    kind: str = MilestoneKind.DELIVERY,
    first_approved: date | None = None,
    forecast: date | None = None,
    actual: date | None = None,
) -> Milestone:
    """A new milestone; what is not given equals the baseline."""
    _refuse_future(actual)
    milestone = create_row(
        Milestone(
            project=project,
            name=name,
            kind=kind,
            baseline=baseline,
            first_approved=first_approved or baseline,
            forecast=forecast or baseline,
            actual=actual,
        ),
        by=by,
        verb="milestone.created",
    )
    refresh_standing([project.pk], now=clock.now())
    return milestone


@transaction.atomic
def update_milestone(*, milestone: Milestone, changes: Mapping[str, Any], version: int, by: User) -> Milestone:
    _refuse_future(changes.get("actual"))
    saved = write_changes(
        milestone,
        changes=changes,
        allowed=milestone_fields(by, milestone.project),
        version=version,
        by=by,
        verb="milestone.updated",
    )
    refresh_standing([saved.project_id], now=clock.now())
    return saved


def _refuse_future(actual: date | None) -> None:
    if actual is not None and actual > clock.today():
        raise ValidationError({"actual": _("Un jalon n’est pas atteint dans le futur : donnez une prévision.")})
