"""Create and change the stages of a project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from config import clock
from people.models.user import User
from portfolio.enums import StageState
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.selectors.field_rights import stage_fields
from portfolio.services.standing import refresh_standing
from portfolio.services.versioned import create_row, write_changes


@transaction.atomic
def create_stage(
    *,
    project: Project,
    by: User,
    name: str,
    start: date | None = None,
    planned_end: date | None = None,
    forecast_end: date | None = None,
    actual_end: date | None = None,
    state: str = StageState.PLANNED,
) -> Stage:
    """The next stage of the project, numbered after the last one."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    last = Stage.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    stage = create_row(
        Stage(
            project=project,
            number=last + 1,
            name=name,
            start=start,
            planned_end=planned_end,
            forecast_end=forecast_end,
            actual_end=actual_end,
            state=state,
        ),
        by=by,
        verb="stage.created",
    )
    refresh_standing([project.pk], now=clock.now())
    return stage


@transaction.atomic
def update_stage(*, stage: Stage, changes: Mapping[str, Any], version: int, by: User) -> Stage:
    saved = write_changes(
        stage,
        changes=changes,
        allowed=stage_fields(by, stage.project),
        version=version,
        by=by,
        verb="stage.updated",
    )
    refresh_standing([saved.project_id], now=clock.now())
    return saved
