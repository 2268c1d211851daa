"""The backlog a team keeps in Jira, as it is stored: issues and groups in one statement each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from portfolio.engines.jira_flow import Tracked
from portfolio.engines.jira_item import Category, Grouping, Issue, IssueRole, Move
from portfolio.models.import_run import ImportRun
from portfolio.models.jira import JiraBacklog, JiraGroup, JiraIssue
from portfolio.models.project import Project

JIRA = "jira"


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
