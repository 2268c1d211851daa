"""The backlog a team keeps in Jira, as it is stored: issues and groups in one statement each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from portfolio.engines.jira_flow import Flow, Progress, Tracked, flow_of, groups_of, progress_of
from portfolio.engines.jira_item import Category, Grouping, Issue, IssueRole, Move
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.engines.throughput import Forecast, WeekSample, forecast, samples_of
from portfolio.enums import WorkPackageState
from portfolio.models.import_run import ImportRun
from portfolio.models.jira import JiraBacklog, JiraGroup, JiraIssue
from portfolio.models.project import Project
from portfolio.models.work_package import WorkPackage

JIRA = "jira"


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """What becomes of a group: a work package leads it, it is followed without one, or it is left out."""

    is_followed: bool
    package: WorkPackage | None = None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group as it is to be followed; `is_proposed` until somebody has said so."""

    value: str
    label: str
    progress: Progress
    is_followed: bool
    package: WorkPackage | None
    is_proposed: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class PackageLine:
    """What the issues say about a work package: `after` is its progress, None where it keeps the one it has."""

    package: WorkPackage
    progress: Progress
    groups: tuple[str, ...]
    after: int | None

    @property
    def is_started(self) -> bool:
        return bool(self.progress.done or self.progress.started)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group no work package leads: followed on its own, or left out."""

    label: str
    progress: Progress
    is_followed: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is left, in weeks after `since`: as the weeks went, and with the work that they brought."""

    since: IsoWeek
    steady: Forecast
    growing: Forecast
    samples: tuple[WeekSample, ...]

    def week(self, share: int, *, with_growth: bool = False) -> IsoWeek | None:
        """The week within which that share of the runs is over; None beyond the horizon."""
        weeks = (self.growing if with_growth else self.steady).percentile(share)
        return None if weeks is None else self.since.plus(weeks)

    def chance(self, week: IsoWeek) -> float:
        return self.steady.probability_within(week.weeks_since(self.since))

    @property
    def mean(self) -> float:
        return sum(week.done for week in self.samples) / len(self.samples)


@dataclass(frozen=True, slots=True)
class JiraPage:
    """The followed backlog of a project. Without `outlook` nothing is left, or history is too short.

    `proposals` groups are followed as proposed: nobody has reviewed them.
    """

    backlog: JiraBacklog
    flow: Flow
    outlook: Outlook | None
    packages: tuple[PackageLine, ...]
    others: tuple[GroupRow, ...]
    proposals: int


def backlog_of(project: Project) -> JiraBacklog | None:
    return JiraBacklog.objects.filter(project=project).first()


def tracked_issues(backlog: JiraBacklog | None) -> dict[str, Tracked]:
    """Every issue of the backlog, gone ones too, by its key."""
    return {} if backlog is None else {row.key: tracked_of(row) for row in JiraIssue.objects.filter(backlog=backlog)}


def tracked_of(row: JiraIssue) -> Tracked:
    issue = Issue(
        key=row.key,
        row=0,
        summary=row.summary,
        kind=row.kind,
        status=row.status,
        category=Category(row.category),
        role=IssueRole(row.role),
        is_dropped=row.is_dropped,
        created_on=row.created_on,
        done_on=row.done_on,
        epic=row.epic,
        components=tuple(row.components),
        versions=tuple(row.versions),
        moves=tuple(Move.from_json(move) for move in row.moves),
    )
    return Tracked(issue, row.gone_on)


def groups_in(backlog: JiraBacklog | None, grouping: Grouping) -> dict[str, JiraGroup]:
    """What was settled about the groups, by their value."""
    if backlog is None:
        return {}
    rows = JiraGroup.objects.filter(backlog=backlog, grouping=grouping.value).select_related("work_package")
    return {row.value: row for row in rows}


def labels_of(issues: Iterable[Tracked], grouping: Grouping) -> dict[str, str]:
    """Names of epics that are issues themselves; other groups are their own name."""
    if grouping is not Grouping.EPIC:
        return {}
    return {one.issue.key: one.issue.summary for one in issues if one.issue.role is IssueRole.CONTAINER}


def jira_imports(project: Project) -> QuerySet[ImportRun]:
    """What came from Jira into a project the reader has been let in to change."""
    return ImportRun.objects.filter(project=project, source=JIRA).select_related("by").defer("options", "report")


def package_lines(
    led: Iterable[tuple[str, WorkPackage]], issues: Collection[Tracked], grouping: Grouping
) -> tuple[PackageLine, ...]:
    """The progress of each package by the groups it leads; an issue in two of them counts once.

    What is delivered or abandoned keeps its own.
    """
    found: dict[int, tuple[WorkPackage, list[str]]] = {}
    for value, package in led:
        found.setdefault(package.pk, (package, []))[1].append(value)
    lines = []
    for package, values in found.values():
        progress = progress_of(one for one in issues if not set(values).isdisjoint(groups_of(one.issue, grouping)))
        is_open = package.state in (WorkPackageState.PLANNED, WorkPackageState.RUNNING)
        lines.append(PackageLine(package, progress, tuple(values), progress.percent if is_open else None))
    return tuple(sorted(lines, key=lambda line: line.package.code))


def jira_page(project: Project) -> JiraPage | None:
    """Three statements, whatever the size; None until something came from Jira."""
    backlog = backlog_of(project)
    if backlog is None or backlog.data_on is None:
        return None
    grouping = Grouping(backlog.grouping)
    issues = tracked_issues(backlog).values()
    groups = groups_in(backlog, grouping)
    flow = flow_of(issues, grouping, {value for value, row in groups.items() if row.is_followed}, backlog.data_on)
    led = [(value, row.work_package) for value, row in groups.items() if row.work_package is not None]
    packages = package_lines(led, list(issues), grouping)
    others = [
        GroupRow(
            row.label, progress_of(one for one in issues if value in groups_of(one.issue, grouping)), row.is_followed
        )
        for value, row in groups.items()
        if row.work_package is None
    ]
    proposals = sum(row.reviewed_at is None for row in groups.values())
    shown = tuple(row for row in others if row.progress.total)
    return JiraPage(backlog, flow, _outlook(flow), packages, shown, proposals)


def _outlook(flow: Flow) -> Outlook | None:
    samples = samples_of([WeekSample(week.done, week.scope_change) for week in flow.weeks])
    steady, growing = forecast(flow.remaining, samples), forecast(flow.remaining, samples, with_growth=True)
    if steady is None or growing is None:
        return None
    return Outlook(IsoWeek.of(flow.as_of), steady, growing, samples)
