"""The roadmap: axes, programmes and projects on one time scale, their milestones, and what slipped since a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.apps import apps
from django.db.models import Prefetch

from people.models.user import User
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.selectors.project import visible_projects
from portfolio.selectors.project_page import MilestoneLine, milestone_line
from portfolio.selectors.status_reading import StatusReader, status_reader

WEEKS = 13


@dataclass(frozen=True, slots=True)
class RoadmapProject:
    """A project between its start and the end its readers are told; `slip` in days after the baseline."""

    project: Project
    start: date | None
    end: date | None
    baseline_end: date | None
    milestones: tuple[MilestoneLine, ...]

    @property
    def slip(self) -> int | None:
        return None if self.end is None or self.baseline_end is None else (self.end - self.baseline_end).days

    @property
    def next_milestone(self) -> MilestoneLine | None:
        return next((line for line in self.milestones if line.actual is None), None)


@dataclass(frozen=True, slots=True)
class RoadmapGroup:
    """The projects of one programme, or those of the axis without one."""

    axis: str
    programme: str
    projects: tuple[RoadmapProject, ...]


@dataclass(frozen=True, slots=True)
class StripWeek:
    """The milestones still ahead in one of the next weeks."""

    monday: date
    milestones: tuple[tuple[Project, MilestoneLine], ...]


@dataclass(frozen=True, slots=True)
class Slipped:
    """A milestone whose forecast is later than it was."""

    project: Project
    name: str
    was: date
    now: date

    @property
    def days(self) -> int:
        return (self.now - self.was).days


def roadmap(user: User, today: date) -> list[RoadmapGroup]:
    """Running projects the reader may know of, in two statements; empty ends are those nobody stated."""
    reader = status_reader(user)
    rows = (
        visible_projects(user)
        .active()
        .select_related("axis", "programme", reader.standing)
        .prefetch_related(
            Prefetch("milestones", Milestone.objects.select_related("project").order_by("forecast", "pk"))
        )
        .order_by("axis__position", "axis__code", "programme__code", "priority_rank", "code")
    )
    return [
        RoadmapGroup(axis, programme, tuple(_shown(row, reader, today) for row in found))
        for (axis, programme), found in groupby(rows, key=_place)
    ]


def strip(groups: Iterable[RoadmapGroup], today: date) -> list[StripWeek]:
    """The next thirteen weeks, each with its open milestones by date."""
    first = IsoWeek.of(today)
    found: dict[date, list[tuple[Project, MilestoneLine]]] = {first.plus(ahead).monday: [] for ahead in range(WEEKS)}
    for group in groups:
        for row in group.projects:
            for line in row.milestones:
                monday = line.forecast - timedelta(days=line.forecast.weekday())
                if line.actual is None and monday in found:
                    found[monday].append((row.project, line))
    return [
        StripWeek(monday, tuple(sorted(lines, key=lambda pair: (pair[1].forecast, pair[0].code))))
        for monday, lines in found.items()
    ]


def slipped_since(groups: Iterable[RoadmapGroup], at: datetime) -> list[Slipped]:
    """Open milestones forecast later now than at that instant, the largest slips first, in one statement."""
    projects = {row.project.pk: row for group in groups for row in group.projects}
    history = apps.get_model("portfolio", "MilestoneEvent")._default_manager
    then = history.filter(project_id__in=projects, pgh_created_at__lte=at).order_by("pgh_obj_id", "-pgh_id")
    past = dict(then.distinct("pgh_obj_id").values_list("pgh_obj_id", "forecast"))
    found = [
        Slipped(row.project, line.name, past[line.pk], line.forecast)
        for row in projects.values()
        for line in row.milestones
        if line.actual is None and line.pk in past and past[line.pk] < line.forecast
    ]
    return sorted(found, key=lambda one: (-one.days, one.project.code, one.name))


def _place(row: Project) -> tuple[str, str]:
    return (row.axis.name if row.axis else "", row.programme.name if row.programme else "")


def _shown(row: Project, reader: StatusReader, today: date) -> RoadmapProject:
    """The end is the one of now, or of the last frozen week for who reads frozen weeks."""
    told = reader.standing_of(row)
    end = told.forecast_end if told else None
    if reader.reads_open_week:
        end = row.actual_end or end or row.forecast_end
    lines = tuple(milestone_line(one, today) for one in row.milestones.all())
    return RoadmapProject(row, row.start, end, row.planned_end, lines)
