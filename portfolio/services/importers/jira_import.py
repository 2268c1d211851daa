"""Issues of Jira into the backlog of a project: what would change, then all of it or nothing.

Issues merge by key; their groups are followed by work packages, whose progress is the share of the issues done. What a
person settles about a group stays through every import. See docs/jira.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import DataError, IntegrityError, transaction

from config.clock import BRUSSELS
from config.web import formats
from people.models.user import User
from people.services import audit
from portfolio.engines.jira_dates import DayOrder
from portfolio.engines.jira_item import Grouping
from portfolio.engines.jira_merge import IssueFate, merge
from portfolio.models.import_run import ImportRun
from portfolio.models.jira import JiraBacklog, JiraIssue
from portfolio.models.project import Project
from portfolio.selectors.jira import JIRA, GroupChoice, backlog_of, groups_in, tracked_issues
from portfolio.services.importers.jira_groups import groups_to_settle, packages_of, write_groups
from portfolio.services.importers.jira_reading import Document, read_jira
from portfolio.services.importers.jira_report import JiraReport
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.standing import refresh_standing
from portfolio.services.work_package import take_progress

_COLUMNS = (
    *("summary", "kind", "status", "category", "role", "is_dropped", "created_on", "done_on", "gone_on"),
    *("epic", "components", "versions", "moves"),
)


@dataclass(frozen=True, slots=True)
class JiraOptions:
    """How a document is to be read; `as_of` is the day it speaks of, by default the last day any issue bears."""

    grouping: Grouping | None = None
    is_complete: bool = False
    order: DayOrder | None = None
    as_of: date | None = None


def import_jira(
    *,
    project: Project,
    document: Document,
    options: JiraOptions,
    by: User | None,
    now: datetime,
    choices: Mapping[str, GroupChoice] | None = None,
    expected: str | None = None,
    dry_run: bool = False,
) -> JiraReport:
    """Bring the backlog to the document; a dry run, or a document that says nothing new, writes nothing.

    `choices` settle groups by their value, `expected` is the fingerprint of what somebody agreed to.
    """
    try:
        with transaction.atomic():
            if not dry_run:
                Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
            report = _compared(project, document, options, now, choices or {})
            if expected is not None and report.fingerprint != expected:
                raise ImportRefusedError("changed_meanwhile")
            if dry_run or not report.changes_something:
                return report
            return _written(project, report, by, now)
    except (DataError, IntegrityError) as error:
        raise ImportRefusedError("portfolio_rule", problem=str(error).splitlines()[0]) from error


def _compared(
    project: Project, document: Document, options: JiraOptions, now: datetime, choices: Mapping[str, GroupChoice]
) -> JiraReport:
    today = now.astimezone(BRUSSELS).date()
    file = read_jira(document.data, today=today, order=options.order)
    backlog = backlog_of(project)
    kept = tracked_issues(backlog)
    as_of = min(options.as_of or file.latest or today, today)
    if backlog is not None and backlog.data_on is not None and as_of < backlog.data_on:
        raise ImportRefusedError(
            "older_than_kept", day=formats.date_short(as_of), kept=formats.date_short(backlog.data_on)
        )
    complete = options.is_complete or document.is_complete
    merged = merge(kept, file, as_of=as_of, complete=complete)
    grouping = options.grouping or Grouping(backlog.grouping if backlog is not None else Grouping.EPIC)
    settled = groups_in(backlog, grouping)
    groups = groups_to_settle(merged.issues.values(), grouping, settled, packages_of(project), file.names, choices)
    sha256 = hashlib.sha256(document.data).hexdigest()
    told = [sha256, str(as_of), grouping.value, complete, backlog.version if backlog else 0]
    return JiraReport(
        name=document.name[-255:],
        sha256=sha256,
        file=file,
        as_of=as_of,
        grouping=grouping,
        kept_grouping=Grouping(backlog.grouping) if backlog else None,
        kept_on=backlog.data_on if backlog else None,
        merged=merged,
        groups=groups,
        fingerprint=hashlib.sha256(json.dumps([*told, [repr(one) for one in merged.changes]]).encode()).hexdigest(),
    )


def _written(project: Project, report: JiraReport, by: User | None, now: datetime) -> JiraReport:
    backlog = backlog_of(project)
    if backlog is None:
        backlog = JiraBacklog(project=project)
    else:
        backlog.version += 1
    backlog.grouping, backlog.data_on, backlog.imported_at = report.grouping.value, report.as_of, now
    backlog.source_format, backlog.source_name = report.file.format, report.name
    backlog.save()
    _write_issues(backlog, report)
    write_groups(backlog, report.groups, now)
    moved = take_progress(project=project, lines=report.packages, by=by)
    run = _keep_run(project, report, by, now)
    audit.record(by=by, verb="jira.imported", target=run, data=_audited(project, report, moved))
    refresh_standing([project.pk], now=now)
    return replace(report, run_id=run.pk)


def _write_issues(backlog: JiraBacklog, report: JiraReport) -> None:
    differing = [change.key for change in report.merged.changes if change.fate is not IssueFate.UNCHANGED]
    rows = []
    for key in differing:
        tracked = report.merged.issues[key]
        issue = tracked.issue
        rows.append(
            JiraIssue(
                backlog=backlog,
                key=key,
                summary=issue.summary,
                kind=issue.kind,
                status=issue.status,
                category=issue.category.value,
                role=issue.role.value,
                is_dropped=issue.is_dropped,
                created_on=issue.created_on,
                done_on=issue.done_on,
                gone_on=tracked.gone_on,
                epic=issue.epic,
                components=list(issue.components),
                versions=list(issue.versions),
                moves=[move.as_json() for move in issue.moves],
            )
        )
    JiraIssue.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["backlog", "key"], update_fields=list(_COLUMNS)
    )


def _keep_run(project: Project, report: JiraReport, by: User | None, now: datetime) -> ImportRun:
    stated = report.as_json()
    return ImportRun.objects.create(
        source=JIRA,
        project=project,
        mapping=report.file.format,
        file_name=report.name,
        sha256=report.sha256,
        report=stated,
        rows=stated["rows"],
        created=stated["created"],
        updated=stated["updated"],
        unchanged=stated["unchanged"],
        skipped=len(stated["skipped"]),
        as_of=report.as_of,
        by=by,
        at=now,
    )


def _audited(project: Project, report: JiraReport, moved: int) -> dict[str, object]:
    return {
        "project": project.code,
        "file": report.name,
        "sha256": report.sha256,
        "format": report.file.format,
        "as_of": str(report.as_of),
        **{fate.value: report.merged.count(fate) for fate in IssueFate},
        "work_packages": moved,
    }
