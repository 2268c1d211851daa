"""The milestones of a project as they stood at an earlier instant, from the history of every write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps

from config.clock import BRUSSELS
from portfolio.engines.deviation import days_between
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.selectors.project_page import MilestoneLine, milestone_line

WEEK = timedelta(days=7)
_COLUMNS = tuple(field.attname for field in Milestone._meta.concrete_fields)


def with_last_week(
    project: Project, lines: Sequence[MilestoneLine], now: datetime
) -> list[tuple[MilestoneLine, int | None]]:
    """Each with the days it has moved since a week ago; None for one that was not there."""
    past = {line.pk: line.shown for line in milestones_at(project, now - WEEK) or ()}
    return [(line, days_between(past.get(line.pk), line.shown)) for line in lines]


def milestones_at(project: Project, at: datetime) -> list[MilestoneLine] | None:
    """By date, in one statement, two where there is none; None where the history of the project begins later."""
    history = apps.get_model("portfolio", "MilestoneEvent")._default_manager.filter(project=project)
    latest = history.filter(pgh_created_at__lte=at).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    events: list[dict[str, Any]] = list(latest.values("pgh_label", *_COLUMNS))
    if not events:
        return None if history.exists() else []
    day = at.astimezone(BRUSSELS).date()
    rows = [Milestone(**{name: event[name] for name in _COLUMNS}) for event in events if event["pgh_label"] != "delete"]
    return sorted((milestone_line(row, day) for row in rows), key=lambda line: line.shown)
