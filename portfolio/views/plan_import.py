"""A schedule file into the plan of a project: deposited, compared, confirmed; each step on the same address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config import clock
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.schedule_difference import Fate, RowChange, RowKind
from portfolio.forms.plan_import import PlanConfirmForm, PlanUploadForm
from portfolio.models.import_run import ImportUpload
from portfolio.models.project import Project
from portfolio.selectors.import_run import pending_plan, plan_imports
from portfolio.services.importers.plan_import import PlanReport, import_plan
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.importers.schedule_words import DEPARTURES, skipped_text
from portfolio.services.importers.uploads import discard_upload, keep_upload, read_upload
from portfolio.views.plan import editable_plan
from portfolio.views.plan_words import kind_counts, shown_change, total_facts

RUNS_SHOWN, ROWS_SHOWN = 20, 300
TOO_LARGE, REFUSED, GONE, CONFLICT = 413, 422, 410, 409


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def plan_import(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Without `upload`: choose a file. With it: what would change. Its fingerprint posted: imported."""
    project = editable_plan(request, code)
    if request.method == "POST" and "expected" in request.POST:
        return _confirm(request, project)
    if request.method == "GET" and "upload" in request.GET:
        return _preview(request, project)
    return _deposit(request, project)


def _deposit(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    form = PlanUploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_bound and form.is_valid():
        data, name = form.cleaned_data["file"], form.cleaned_data["file_name"]
        try:
            _compared(project, data, name, request)
        except ImportRefusedError as error:
            form.add_error("file", error.message)
        else:
            upload = keep_upload(by=request.user, file_name=name, data=data, mapping=_marked(project), now=clock.now())
            return see_other(f"{reverse('portfolio:plan_import', args=[project.code])}?upload={upload.token}")
    context = {"project": project, "form": form, "runs": plan_imports(project)[:RUNS_SHOWN]}
    status = 200 if not form.errors else TOO_LARGE if form.is_too_big else REFUSED
    return render(request, "portfolio/plan/import.html", context, status=status)


def _preview(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    form = PlanConfirmForm({"upload": request.GET["upload"], "expected": "0" * 64})
    upload = pending_plan(request.user, form.cleaned_data["upload"], project, clock.now()) if form.is_valid() else None
    if upload is None:
        return _expired(request, project)
    try:
        report = _compared(project, read_upload(upload), upload.file_name, request)
    except ImportRefusedError as error:
        return _refused(request, project, upload, error)
    return render(request, "portfolio/plan/import_preview.html", _preview_context(project, upload, report))


def _confirm(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    form = PlanConfirmForm(request.POST)
    upload = pending_plan(request.user, form.cleaned_data["upload"], project, clock.now()) if form.is_valid() else None
    if upload is None:
        return _expired(request, project)
    try:
        report = import_plan(
            project=project,
            data=read_upload(upload),
            file_name=upload.file_name,
            by=request.user,
            now=clock.now(),
            expected=form.cleaned_data["expected"],
        )
    except ImportRefusedError as error:
        return _refused(request, project, upload, error)
    discard_upload(upload)
    if report.run_id is None:
        messages.info(request, _("Rien à importer : le plan est déjà celui de ce fichier."))
    else:
        messages.success(request, _("Plan importé : %(rows)s lignes, toutes comptées.") % {"rows": report.rows})
    return see_other(reverse("portfolio:plan", args=[project.code]))


def _compared(project: Project, data: bytes, name: str, request: AuthenticatedRequest) -> PlanReport:
    return import_plan(project=project, data=data, file_name=name, by=request.user, now=clock.now(), dry_run=True)


def _marked(project: Project) -> dict[str, Any]:
    return {"project": project.code}


def _preview_context(project: Project, upload: ImportUpload, report: PlanReport) -> dict[str, Any]:
    account, day = report.file.account, report.file.header.minutes_per_day
    changed = [row for row in report.found.of(Fate.UPDATED) if row.key.kind in (RowKind.TASK, RowKind.LINK)]
    told = [shown_change(row, day) for row in changed]
    names = {task.uid: f"{task.number} {task.name}".strip() for task in report.file.tasks}
    return {
        "project": project,
        "upload": upload,
        "report": report,
        "facts": total_facts(report.totals),
        "kinds": kind_counts(report.found, account.skipped),
        "added": _rows(report.found.of(Fate.CREATED)),
        "removed": _rows(report.found.of(Fate.REMOVED)),
        "changed": [one for one in told if one.fields][:ROWS_SHOWN],
        "hidden": max(len([one for one in told if one.fields]) - ROWS_SHOWN, 0),
        "departures": [(names.get(uid, str(uid)), text) for uid, text in _departures(report)][:ROWS_SHOWN],
        "skipped": [{"row": item.row, "reason": skipped_text(item)} for item in account.skipped],
        "form": PlanConfirmForm(initial={"upload": upload.token, "expected": report.fingerprint}),
    }


def _departures(report: PlanReport) -> list[tuple[int, str]]:
    words = {reason.value: text for reason, text in DEPARTURES.items()}
    return [(uid, str(words[reason])) for uid, reason in report.departures]


def _rows(rows: tuple[RowChange, ...]) -> list[str]:
    return [row.label for row in rows if row.key.kind is RowKind.TASK][:ROWS_SHOWN]


def _refused(
    request: AuthenticatedRequest, project: Project, upload: ImportUpload, error: ImportRefusedError
) -> HttpResponse:
    if error.code == "upload_expired":
        return _expired(request, project)
    context = {"project": project, "upload": upload, "error": error}
    status = CONFLICT if error.code == "changed_meanwhile" else REFUSED
    return render(request, "portfolio/plan/import_refused.html", context, status=status)


def _expired(request: AuthenticatedRequest, project: Project) -> HttpResponse:
    return render(request, "portfolio/plan/import_refused.html", {"project": project}, status=GONE)
