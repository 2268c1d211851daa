"""Issues of Jira into a project: deposited or read live, compared, groups settled, confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from people.models.job import Job
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.tasks import poke
from portfolio.engines.jira_dates import DayOrder
from portfolio.engines.jira_item import Grouping
from portfolio.engines.jira_merge import IssueFate
from portfolio.forms.jira import JiraFetchForm, JiraGroupsForm, JiraProjectForm, JiraTokenForm, JiraUploadForm
from portfolio.models.import_run import ImportUpload
from portfolio.models.project import Project
from portfolio.selectors.import_run import pending_plan
from portfolio.selectors.jira import GroupChoice, backlog_of, jira_imports
from portfolio.selectors.project import get_project
from portfolio.services.importers.jira_client import JiraAccess
from portfolio.services.importers.jira_groups import packages_of
from portfolio.services.importers.jira_import import JiraOptions, import_jira
from portfolio.services.importers.jira_live import ask_for_issues, designate_project, last_fetch
from portfolio.services.importers.jira_reading import Document
from portfolio.services.importers.jira_report import JiraReport
from portfolio.services.importers.jira_words import refused_text
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.importers.uploads import discard_upload, keep_upload, read_upload
from portfolio.views.jira_words import shown_changes
from portfolio.views.plan import editable_plan

RUNS_SHOWN, ROWS_SHOWN = 20, 300
TOO_LARGE, REFUSED, GONE, CONFLICT = 413, 422, 410, 409


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def jira_import(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Without `upload`: choose a file or read Jira. With it: what would change. Its fingerprint posted: imported."""
    project = editable_plan(request, code)
    if request.method == "POST" and "expected" in request.POST:
        return _confirm(request, project)
    if request.method == "GET" and "upload" in request.GET:
        return _preview(request, project)
    return _deposit(request, project)


@requires(Permission.MILESTONE_EDIT)
@require_POST
def jira_fetch(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Ask for a read of Jira; the page says when it is there."""
    project = editable_plan(request, code)
    form = JiraFetchForm(request.POST)
    backlog = backlog_of(project)
    if not form.is_valid() or JiraAccess.of_settings() is None or backlog is None or not backlog.jira_project:
        messages.error(request, _("La lecture en direct n’est pas possible pour ce projet."))
        return see_other(_address(project))
    poke(ask_for_issues(project=project, grouping=form.cleaned_data["grouping"], by=request.user))
    return see_other(_address(project))


@requires(Permission.PORTFOLIO_IMPORT)
@require_POST
def jira_project(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Say which project of Jira is read: for the project office, since the server's account sees them all."""
    project = get_project(request.user, code, may=Permission.PORTFOLIO_IMPORT)
    form = JiraProjectForm(request.POST)
    if not form.is_valid():
        return _deposit_page(request, project, JiraUploadForm(), designate=form, status=REFUSED)
    designate_project(project=project, jira_project=form.cleaned_data["jira_project"], by=request.user)
    messages.success(request, _("Projet de Jira enregistré."))
    return see_other(_address(project))


def _deposit(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    backlog = backlog_of(project)
    initial = {"grouping": backlog.grouping} if backlog is not None else {}
    is_sent = request.method == "POST"
    form = JiraUploadForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial=initial)
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        marks = {
            "project": project.code,
            "jira": True,
            "grouping": cleaned["grouping"],
            "dates": cleaned["dates"],
            "complete": cleaned["complete"],
        }
        try:
            _report(project, Document(cleaned["file_name"], cleaned["file"]), marks, request)
        except ImportRefusedError as error:
            form.add_error("dates" if error.code == "unclear_dates" else "file", error.message)
        else:
            upload = keep_upload(
                by=request.user, file_name=cleaned["file_name"], data=cleaned["file"], mapping=marks, now=clock.now()
            )
            return see_other(f"{_address(project)}?upload={upload.token}")
    return _deposit_page(request, project, form, status=200 if not form.errors else _bad(form))


def _bad(form: JiraUploadForm) -> int:
    return TOO_LARGE if form.is_too_big else REFUSED


def _deposit_page(
    request: AuthenticatedRequest,
    project: Project,
    form: JiraUploadForm,
    *,
    designate: JiraProjectForm | None = None,
    status: int = 200,
) -> HttpResponse:
    backlog = backlog_of(project)
    key = backlog.jira_project if backlog is not None else ""
    may_designate = has_permission(request.user, Permission.PORTFOLIO_IMPORT, project)
    context = {
        "project": project,
        "form": form,
        "runs": jira_imports(project)[:RUNS_SHOWN],
        "has_jira": JiraAccess.of_settings() is not None,
        "jira_project": key,
        "live": JiraFetchForm(initial={"grouping": backlog.grouping} if backlog else None, auto_id="live_%s"),
        "designate": (designate or JiraProjectForm(initial={"jira_project": key})) if may_designate else None,
        **_fetched(request, project),
    }
    return render(request, "portfolio/plan/jira_import.html", context, status=status)


def _fetched(request: AuthenticatedRequest, project: Project) -> dict[str, Any]:
    """The reader's own last read of Jira: at work, refused, or waiting to be compared."""
    job = last_fetch(project=project, by=request.user)
    token = cast("dict[str, str]", job.result or {}).get("upload", "") if isinstance(job, Job) else ""
    waiting = JiraTokenForm({"upload": token}).token if token else None
    upload = pending_plan(request.user, waiting, project, clock.now()) if waiting else None
    return {"job": job, "fetched": upload}


def _preview(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    upload = _pending(request, project, request.GET)
    if upload is None:
        return _expired(request, project)
    try:
        report = _report(project, _document(upload), upload.mapping, request)
    except ImportRefusedError as error:
        return _refused(request, project, upload, error)
    form = JiraGroupsForm(
        groups=report.groups,
        packages=packages_of(project),
        initial={"upload": upload.token, "expected": report.fingerprint},
    )
    return render(request, "portfolio/plan/jira_preview.html", _preview_context(project, upload, report, form))


def _confirm(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    upload = _pending(request, project, request.POST)
    if upload is None:
        return _expired(request, project)
    try:
        report = _report(project, _document(upload), upload.mapping, request)
        form = JiraGroupsForm(request.POST, groups=report.groups, packages=packages_of(project))
        if not form.is_valid():
            if form.has_error("expected") or request.POST["expected"] != report.fingerprint:
                raise ImportRefusedError("changed_meanwhile")
            context = _preview_context(project, upload, report, form)
            return render(request, "portfolio/plan/jira_preview.html", context, status=REFUSED)
        expected = form.cleaned_data["expected"]
        report = _report(project, _document(upload), upload.mapping, request, form.chosen(), expected)
    except ImportRefusedError as error:
        return _refused(request, project, upload, error)
    discard_upload(upload)
    if report.run_id is None:
        messages.info(request, _("Rien à importer : tout était déjà là."))
    else:
        messages.success(request, _("Jira importé : %(rows)s lignes, toutes comptées.") % {"rows": report.rows})
    return see_other(reverse("portfolio:plan_jira", args=[project.code]))


def _report(
    project: Project,
    document: Document,
    marks: dict[str, Any],
    request: AuthenticatedRequest,
    choices: dict[str, GroupChoice] | None = None,
    expected: str | None = None,
) -> JiraReport:
    """What the document would do, or, with what was agreed to, what it did."""
    order = marks.get("dates") or None
    options = JiraOptions(
        grouping=Grouping(marks["grouping"]),
        is_complete=bool(marks.get("complete") or marks.get("live")),
        order=cast("DayOrder | None", order),
        as_of=date.fromisoformat(marks["as_of"]) if "as_of" in marks else None,
    )
    return import_jira(
        project=project,
        document=document,
        options=options,
        by=request.user,
        now=clock.now(),
        choices=choices,
        expected=expected,
        dry_run=expected is None,
    )


def _preview_context(
    project: Project, upload: ImportUpload, report: JiraReport, form: JiraGroupsForm
) -> dict[str, Any]:
    changed = shown_changes(report.merged.of(IssueFate.UPDATED))
    return {
        "project": project,
        "upload": upload,
        "report": report,
        "form": form,
        "lines": form.lines,
        "counts": {fate.value: report.count(fate) for fate in IssueFate},
        "packages": report.packages,
        "changed": changed[:ROWS_SHOWN],
        "hidden": max(len(changed) - ROWS_SHOWN, 0),
        "added": report.merged.of(IssueFate.CREATED)[:ROWS_SHOWN],
        "gone": report.merged.of(IssueFate.GONE)[:ROWS_SHOWN],
        "skipped": [
            {"row": one.row, "reason": f"{refused_text(one.reason)} {one.shown}"} for one in report.file.refused
        ],
    }


def _pending(request: AuthenticatedRequest, project: Project, data: Any) -> ImportUpload | None:
    """The reader's own document for this project's Jira; None once it has expired."""
    token = JiraTokenForm(data).token
    upload = pending_plan(request.user, token, project, clock.now()) if token else None
    return upload if upload is not None and upload.mapping.get("jira") else None


def _document(upload: ImportUpload) -> Document:
    return Document(upload.file_name, read_upload(upload))


def _address(project: Project) -> str:
    return reverse("portfolio:jira_import", args=[project.code])


def _refused(
    request: AuthenticatedRequest, project: Project, upload: ImportUpload, error: ImportRefusedError
) -> HttpResponse:
    if error.code == "upload_expired":
        return _expired(request, project)
    context = {"project": project, "upload": upload, "error": error}
    status = CONFLICT if error.code == "changed_meanwhile" else REFUSED
    return render(request, "portfolio/plan/jira_refused.html", context, status=status)


def _expired(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    return render(request, "portfolio/plan/jira_refused.html", {"project": project}, status=GONE)
