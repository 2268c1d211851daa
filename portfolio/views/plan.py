"""The plan of a project: milestones under their four dates, stages and work packages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from config import clock
from config.web.htmx import see_other
from config.web.versioned import VersionedForm
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.plan import MilestoneForm, MilestoneNewForm, StageForm, milestone_values, stage_values
from portfolio.models.project import Project
from portfolio.selectors.cross_link import link_page
from portfolio.selectors.field_rights import frozen_reason, milestone_fields
from portfolio.selectors.milestone_history import with_last_week
from portfolio.selectors.plan import get_milestone, get_stage, stages_of, work_packages_of
from portfolio.selectors.project import get_project
from portfolio.selectors.project_page import milestone_lines
from portfolio.services.milestone import create_milestone, update_milestone
from portfolio.services.stage import create_stage, update_stage
from portfolio.views.decided import decided_milestone
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame
from portfolio.views.link_words import links_headline
from portfolio.views.plan_schedule import schedule_context


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def plan(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row, today = get_project(request.user, code), clock.today()
    ties = link_page(request.user, row)
    context = {
        **project_frame(request.user, row, "plan", today),
        **schedule_context(row, today, request.GET),
        "milestones": with_last_week(row, milestone_lines(row, today), clock.now()),
        "stages": stages_of(row),
        "work_packages": work_packages_of(row),
        "may_edit": not frozen_reason(row) and has_permission(request.user, Permission.MILESTONE_EDIT, row),
        "ties": ties,
        "ties_headline": links_headline(ties),
        "may_read_risks": has_permission(request.user, Permission.RISK_VIEW, row),
    }
    return render(request, "portfolio/plan/detail.html", context)


def editable_plan(request: AuthenticatedRequest, code: str) -> Project:
    """The project when the reader may change its plan; 403 with the reason when it is closed."""
    row = get_project(request.user, code, may=Permission.MILESTONE_EDIT)
    if reason := frozen_reason(row):
        raise PermissionDenied(reason)
    return row


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def milestone_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = editable_plan(request, code)
    back = reverse("portfolio:plan", args=[code])
    form = MilestoneNewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create_milestone(project=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Jalon ajouté."))
            return see_other(back)
    title = _("Nouveau jalon de %(code)s") % {"code": row.code}
    return form_page(request, form=form, title=title, back=back, context={"project": row})


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def milestone_edit(request: AuthenticatedRequest, code: str, key: int) -> HttpResponse:
    row = editable_plan(request, code)
    milestone = get_milestone(row, key)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_milestone(row, key)
        allowed = milestone_fields(request.user, row)
        form = MilestoneForm(data, initial=milestone_values(current), version=current.version, allowed=allowed)
        return form, current

    return edit_page(
        request,
        Editing(
            title=_("Jalon : %(name)s") % {"name": milestone.name},
            back=reverse("portfolio:plan", args=[code]),
            build=build,
            save=lambda changes, version: update_milestone(
                milestone=milestone, changes=changes, version=version, by=request.user
            ),
            context={"project": row, "decided": decided_milestone(request.user, milestone)},
        ),
    )


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def stage_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = editable_plan(request, code)
    back = reverse("portfolio:plan", args=[code])
    form = StageForm(request.POST or None, initial={"state": "planned"})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            create_stage(project=row, by=request.user, **values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Séquence ajoutée."))
            return see_other(back)
    title = _("Nouvelle séquence de %(code)s") % {"code": row.code}
    return form_page(request, form=form, title=title, back=back, context={"project": row})


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def stage_edit(request: AuthenticatedRequest, code: str, number: int) -> HttpResponse:
    row = editable_plan(request, code)
    stage = get_stage(row, number)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_stage(row, number)
        return StageForm(data, initial=stage_values(current), version=current.version), current

    return edit_page(
        request,
        Editing(
            title=_("Séquence %(number)s : %(name)s") % {"number": stage.number, "name": stage.name},
            back=reverse("portfolio:plan", args=[code]),
            build=build,
            save=lambda changes, version: update_stage(stage=stage, changes=changes, version=version, by=request.user),
            context={"project": row},
        ),
    )
