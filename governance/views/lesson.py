"""The lessons log: search, one lesson, recording and completing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config import clock
from config.web.htmx import render_page, see_other
from config.web.versioned import VersionedForm
from governance.forms.gate_review import LessonForm, LessonSearchForm
from governance.selectors.lesson import get_lesson, search_lessons
from governance.services.lesson import FIELDS, record_lesson, update_lesson
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.selectors.project import get_project
from portfolio.views.editing import Editing, add_errors, edit_page, form_page


@requires(Permission.PORTFOLIO_VIEW)
@require_safe
def lessons(request: AuthenticatedRequest) -> HttpResponse:
    form = LessonSearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = list(search_lessons(request.user, **{name: asked.get(name, "") for name in ("q", "kind", "method")}))
    context = {"form": form, "lessons": rows, "asked": any(asked.values())}
    return render_page(request, "governance/lesson/list.html", "governance/lesson/_results.html", context)


@requires(Permission.PORTFOLIO_VIEW)
@require_safe
def lesson(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = get_lesson(request.user, number)
    context = {
        "lesson": row,
        "answers": row.answers.exclude(reply="").select_related("review__project"),
        "may_edit": has_permission(request.user, Permission.MILESTONE_EDIT, row.project),
    }
    return render(request, "governance/lesson/detail.html", context)


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def lesson_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project = get_project(request.user, code, may=Permission.MILESTONE_EDIT)
    form = LessonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            row = record_lesson(project=project, by=request.user, on=clock.today(), values=values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Leçon notée."))
            return see_other(row.get_absolute_url())
    return form_page(
        request,
        form=form,
        title=_("Nouvelle leçon de %(code)s") % {"code": code},
        back=reverse("governance:project_gates", args=[code]),
        context={"project": project},
    )


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def lesson_edit(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = get_lesson(request.user, number)
    if not has_permission(request.user, Permission.MILESTONE_EDIT, row.project):
        raise PermissionDenied(_("Le projet qui a noté la leçon la complète."))

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_lesson(request.user, number)
        initial = {name: getattr(current, name) for name in FIELDS}
        return LessonForm(data, initial=initial, version=current.version), current

    return edit_page(
        request,
        Editing(
            title=_("Leçon %(number)s") % {"number": number},
            back=row.get_absolute_url(),
            build=build,
            save=lambda changes, version: update_lesson(lesson=row, changes=changes, version=version, by=request.user),
            context={"project": row.project},
        ),
    )
