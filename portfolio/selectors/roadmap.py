"""The roadmap: axes, programmes and projects on one time scale, their milestones, and what slipped since a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.apps import apps
from django.db.models import Prefetch

from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.engines.deviation import (
    DateDeviation,
    MeanDeviation,
    date_deviation,
    mean_deviation,
    total_percent,
)
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.plan_baseline import times_rebaselined
from portfolio.selectors.project import visible_projects
from portfolio.selectors.project_page import MilestoneLine, milestone_line
from portfolio.selectors.status_reading import StatusReader, status_reader

WEEKS = 13


@dataclass(frozen=True, slots=True)
class RoadmapProject:
    """A project between its start and the end its readers are told; `eac` is None for who may not read totals."""

    project: Project
    start: date | None
    end: date | None
    baseline_end: date | None
    milestones: tuple[MilestoneLine, ...]
    deviation: DateDeviation
    eac: Decimal | None = None
    rebaselined: int = 0
    may_move: bool = False

    @property
    def slip(self) -> int | None:
        """Days after the baseline."""
        return self.deviation.baseline

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


@dataclass(frozen=True, slots=True)
class PortfolioDeviation:
    """Means over the projects with both dates known, and the total cost against the totals first approved."""

    first_approved: MeanDeviation
    baseline: MeanDeviation
    last_week: MeanDeviation
    cost: MeanDeviation


def portfolio_deviation(groups: Iterable[RoadmapGroup]) -> PortfolioDeviation:
    rows = [row for group in groups for row in group.projects]
    return PortfolioDeviation(
        mean_deviation(row.deviation.first_approved for row in rows),
        mean_deviation(row.deviation.baseline for row in rows),
        mean_deviation(row.deviation.last_week for row in rows),
        total_percent((row.eac, row.project.first_approved_cost) for row in rows),
    )


def roadmap(user: User, today: date) -> list[RoadmapGroup]:
    """Running projects the reader may know of, in two statements; empty ends are those nobody stated."""
    reader, money = status_reader(user), has_permission(user, Permission.FINANCE_TOTALS_VIEW)
    rows = (
        visible_projects(user)
        .active()
        .select_related("axis", "programme", *{reader.standing, "frozen_standing"})
        .annotate(rebaselined=times_rebaselined())
        .prefetch_related(
            Prefetch("milestones", Milestone.objects.select_related("project").order_by("forecast", "pk"))
        )
        .order_by("axis__position", "axis__code", "programme__code", "priority_rank", "code")
    )
    return [
        RoadmapGroup(axis, programme, tuple(_shown(row, reader, today, user, reads_money=money) for row in found))
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


def _shown(row: Project, reader: StatusReader, today: date, user: User, *, reads_money: bool) -> RoadmapProject:
    """The end is the one of now, or of the last frozen week for who reads frozen weeks; he knows no week before it."""
    told = reader.standing_of(row)
    end, past = told.forecast_end if told else None, None
    if reader.reads_open_week:
        end = row.actual_end or end or row.forecast_end
        past = getattr(row, "frozen_standing", None)
    return RoadmapProject(
        project=row,
        start=row.start,
        end=end,
        baseline_end=row.planned_end,
        milestones=tuple(milestone_line(one, today) for one in row.milestones.all()),
        deviation=date_deviation(
            end,
            first_approved=row.first_approved_end,
            baseline=row.planned_end,
            last_week=past.forecast_end if past else None,
        ),
        eac=told.eac if told and reads_money else None,
        rebaselined=getattr(row, "rebaselined", 0),
        may_move=not frozen_reason(row) and has_permission(user, Permission.MILESTONE_EDIT, row),
    )
