"""Exceptions: the list by clock, one exception, its report, its plan, and the manager's own answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, VersionedForm
from governance.forms.body import add_errors
from governance.forms.exception import (
    ExceptionClockForm,
    PlanForm,
    ReportForm,
    SettleForm,
    plan_changes,
    plan_values,
    report_changes,
    report_values,
)
from governance.models import ProjectException
from governance.selectors.exception import (
    clocks_in_force,
    closed_exceptions,
    effect_rows,
    get_exception,
    line_of,
    may_settle,
    may_write,
    open_exceptions,
    plan_tolerances,
    requests_of,
)
from governance.services.exception_clock import set_clock
from governance.services.exception_report import (
    WRITABLE,
    awaits_plan,
    save_plan,
    save_report,
    settle,
    submit_plan,
    submit_report,
)
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.views.editing import Editing, edit_page


@require_safe
@requires(Permission.DECISION_VIEW)
def exceptions(request: AuthenticatedRequest) -> HttpResponse:
    today = clock.today()
    level = request.GET.get("level", "")
    lines = open_exceptions(request.user, today, int(level) if level in ("1", "2", "3") else None)
    context = {
        "lines": lines,
        "late": sum(line.is_late for line in lines),
        "closed": closed_exceptions(request.user, today),
        "level": level,
        "clocks": clocks_in_force(today),
        "may_set": has_permission(request.user, Permission.BODY_EDIT),
        "today": today,
    }
    return render(request, "governance/exception/list.html", context)


@require_safe
@requires(Permission.DECISION_VIEW)
def exception(request: AuthenticatedRequest, number: str) -> HttpResponse:
    return _page(request, get_exception(request.user, number))


def _page(request: AuthenticatedRequest, row: ProjectException, **bound: Any) -> HttpResponse:
    writes = may_write(request.user, row)
    settles = may_settle(request.user, row)
    context = {
        "row": row,
        "line": line_of(row, clock.today()),
        "requests": requests_of(row),
        "effects": effect_rows(row),
        "plan_tolerances": plan_tolerances(row),
        "may_report": writes and row.state in WRITABLE,
        "may_plan": writes and awaits_plan(row),
        "settle_form": bound.get("settle_form") or (SettleForm(initial={"version": row.version}) if settles else None),
        "refusal": bound.get("refusal"),
        "today": clock.today(),
    }
    return render(request, "governance/exception/detail.html", context, status=bound.get("status", 200))


@requires(Permission.PROJECT_EDIT)
@require_http_methods(["GET", "POST"])
def exception_report(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = _writable(request, number)
    if row.state not in WRITABLE:
        raise PermissionDenied(_("Ce rapport est remis ; il ne se modifie plus."))

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_exception(request.user, number)
        return ReportForm(data, initial=report_values(current), version=current.version), current

    def save(changes: Any, version: int) -> object:
        current = get_exception(request.user, number)
        return save_report(
            exception=current, by=request.user, changes=report_changes(current, changes), version=version
        )

    return edit_page(
        request,
        Editing(
            title=_("Rapport d’exception %(number)s") % {"number": row.number},
            back=row.get_absolute_url(),
            build=build,
            save=save,
            template="governance/exception/report.html",
            context={"row": row, "line": line_of(row, clock.today())},
        ),
    )


@requires(Permission.PROJECT_EDIT)
@require_http_methods(["GET", "POST"])
def exception_plan(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = _writable(request, number)
    if not awaits_plan(row):
        raise PermissionDenied(_("Aucun plan d’exception n’est demandé."))

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_exception(request.user, number)
        return PlanForm(data, initial=plan_values(current), version=current.version), current

    def save(changes: Any, version: int) -> object:
        current = get_exception(request.user, number)
        return save_plan(exception=current, by=request.user, changes=plan_changes(current, changes), version=version)

    return edit_page(
        request,
        Editing(
            title=_("Plan d’exception %(number)s") % {"number": row.number},
            back=row.get_absolute_url(),
            build=build,
            save=save,
            template="governance/exception/plan.html",
            context={"row": row, "line": line_of(row, clock.today())},
        ),
    )


@require_POST
@requires(Permission.PROJECT_EDIT)
def exception_submit(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """Hand in the report, or the plan, whichever is due."""
    row = _writable(request, number)
    hand_in = submit_plan if awaits_plan(row) else submit_report
    try:
        asked = hand_in(exception=row, by=request.user, version=_version(request))
    except StaleVersionError:
        return _changed(request, number)
    except ValidationError as error:
        return _page(request, get_exception(request.user, number), refusal=error, status=422)
    messages.success(request, _("Remis à %(body)s.") % {"body": asked.body.name})
    return see_other(row.get_absolute_url())


@require_POST
@requires(Permission.PROJECT_EDIT)
def exception_settle(request: AuthenticatedRequest, number: str) -> HttpResponse:
    """The project manager answers what only his own tolerance is about."""
    row = get_exception(request.user, number)
    if not may_settle(request.user, row):
        raise PermissionDenied(_("Le chef de projet répond lui-même d’un lot de travaux."))
    form = SettleForm(request.POST)
    if form.is_valid():
        try:
            settle(exception=row, by=request.user, **form.cleaned_data)
        except StaleVersionError:
            return _changed(request, number)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Réponse enregistrée."))
            return see_other(row.get_absolute_url())
    return _page(request, get_exception(request.user, number), settle_form=form, status=422)


@requires(Permission.BODY_EDIT)
@require_http_methods(["GET", "POST"])
def exception_clock_set(request: AuthenticatedRequest) -> HttpResponse:
    form = ExceptionClockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_clock(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Délai enregistré."))
            return see_other(reverse("governance:exceptions"))
    return render(request, "governance/exception/clock.html", {"form": form}, status=422 if form.errors else 200)


def _writable(request: AuthenticatedRequest, number: str) -> ProjectException:
    row = get_exception(request.user, number)
    if not may_write(request.user, row):
        raise PermissionDenied(_("Le rapport revient à qui tient le projet, tant que l’exception est ouverte."))
    return row


def _version(request: AuthenticatedRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _changed(request: AuthenticatedRequest, number: str) -> HttpResponse:
    told = ValidationError(_("L’exception a changé entre-temps : relisez-la avant de remettre."))
    return _page(request, get_exception(request.user, number), refusal=told, status=409)
