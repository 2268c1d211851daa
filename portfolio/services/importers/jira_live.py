"""Issues straight from Jira: which project may be read, the read itself as background work, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from config import clock
from people.models.job import Job
from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.services import audit, jobs
from portfolio.models.jira import JiraBacklog
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.jira import backlog_of
from portfolio.services.importers.jira_client import JiraAccess, JiraCloud
from portfolio.services.importers.jira_import import JiraOptions, import_jira
from portfolio.services.importers.jira_reading import Document, IssueSource
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.importers.uploads import keep_upload

FETCH, READ = "jira.fetch", "jira.read"


def live_source(project: Project) -> IssueSource:
    """Jira as the settings know it, for the Jira project designated; refused where either is missing."""
    access, backlog = JiraAccess.of_settings(), backlog_of(project)
    if access is None:
        raise ImportRefusedError("jira_not_configured")
    if backlog is None or not backlog.jira_project:
        raise ImportRefusedError("jira_no_project")
    return JiraCloud(access, backlog.jira_project)


@transaction.atomic
def designate_project(*, project: Project, jira_project: str, by: User) -> JiraBacklog:
    """Say which Jira project is read for this one; empty: none."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    backlog = backlog_of(project) or JiraBacklog(project=project)
    if backlog.pk and backlog.jira_project == jira_project:
        return backlog
    before, backlog.jira_project = backlog.jira_project, jira_project
    backlog.full_clean()
    backlog.version += 1 if backlog.pk else 0
    backlog.save()
    data = {"project": project.code, "changes": {"jira_project": [before, jira_project]}}
    audit.record(by=by, verb="jira.project_set", target=backlog, data=data)
    return backlog


def fetch_key(project: Project, by: User) -> str:
    return f"{FETCH}:{project.pk}:{by.pk}"


def ask_for_issues(*, project: Project, grouping: str, by: User) -> Job:
    """The read as a job of that person; one that is waiting or at work is not doubled."""
    payload = {"project": project.pk, "user": by.pk, "grouping": grouping}
    return jobs.enqueue_again(kind=FETCH, key=fetch_key(project, by), payload=payload, by=by)


def last_fetch(*, project: Project, by: User) -> Job | None:
    """The last read of Jira that person asked for."""
    return Job.objects.filter(key=fetch_key(project, by)).first()


def fetch(run: jobs.JobRun) -> Mapping[str, Any]:
    """Read Jira for who asked, if he still may, and keep the answer for him to compare; twice keeps it twice."""
    project, by = Project.objects.get(pk=run.payload["project"]), User.objects.get(pk=run.payload["user"])
    if not has_permission(by, Permission.MILESTONE_EDIT, project) or frozen_reason(project):
        raise jobs.JobRefused(ImportRefusedError("jira_no_project").message)
    document = _document(project)
    marks = {"project": project.code, "jira": True, "live": True, "grouping": run.payload["grouping"]}
    marks["as_of"] = clock.today().isoformat()
    upload = keep_upload(by=by, file_name=document.name, data=document.data, mapping=marks, now=clock.now())
    return {"upload": str(upload.token)}


def reads_due(today: date) -> list[dict[str, Any]]:
    """One read a day for each running project that has a project of Jira and settled groups once."""
    if JiraAccess.of_settings() is None:
        return []
    backlogs = JiraBacklog.objects.filter(data_on__isnull=False).exclude(jira_project="").select_related("project")
    return [
        {"kind": READ, "key": f"{READ}:{row.project_id}:{today}", "payload": {"project": row.project_id}, "by": None}
        for row in backlogs
        if not frozen_reason(row.project)
    ]


def read(run: jobs.JobRun) -> Mapping[str, Any]:
    """Bring the backlog to Jira as it is now; what nobody has reviewed stays a proposal. Twice changes nothing."""
    project = Project.objects.get(pk=run.payload["project"])
    document, today = _document(project), clock.today()
    try:
        report = import_jira(
            project=project, document=document, options=JiraOptions(as_of=today), by=None, now=clock.now()
        )
    except ImportRefusedError as error:
        raise jobs.JobRefused(error.message) from error
    return {"rows": report.rows, "run": report.run_id}


def last_read(project: Project) -> Job | None:
    """The last read by itself, whatever came of it."""
    return Job.objects.filter(kind=READ, key__startswith=f"{READ}:{project.pk}:").order_by("-pk").first()


def _document(project: Project) -> Document:
    """What Jira answers; too many requests postpone the job, anything else ends it with its reason."""
    try:
        return live_source(project).document()
    except ImportRefusedError as error:
        seconds = error.details.get("seconds")
        if error.code == "jira_busy" and isinstance(seconds, int):
            raise jobs.JobPostponed(_later(seconds)) from error
        raise jobs.JobRefused(error.message) from error


def _later(seconds: int) -> datetime:
    return clock.now() + timedelta(seconds=min(max(seconds, 5), 3600))
