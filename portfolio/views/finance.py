"""The money of a project: yearly lines for its own team and the controllers, totals for the others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from config import clock
from config.web.htmx import see_other
from config.web.versioned import VersionedForm
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.authority import Matter, is_authorised
from portfolio.forms.cost import BudgetLineForm, BudgetLineNewForm, budget_line_values
from portfolio.models.project import Project
from portfolio.selectors.field_rights import budget_fields, frozen_reason
from portfolio.selectors.finance import finance_page, get_budget_line
from portfolio.selectors.project import get_project
from portfolio.services.cost import create_budget_line, update_budget_line
from portfolio.views.decided import ReadOnly, decided
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame


@requires(Permission.FINANCE_TOTALS_VIEW)
@require_GET
@never_cache
def finance(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_project(request.user, code, may=Permission.FINANCE_TOTALS_VIEW)
    context = {
        **project_frame(request.user, row, "finance", clock.today()),
        "page": finance_page(request.user, row),
        "may_edit": not frozen_reason(row) and bool(budget_fields(request.user, row)),
    }
    return render(request, "portfolio/finance/detail.html", context)


def _editable(request: AuthenticatedRequest, code: str) -> Project:
    row = get_project(request.user, code, may=Permission.FINANCE_EDIT)
    if reason := frozen_reason(row):
        raise PermissionDenied(reason)
    return row


def _decided(user: User, project: Project) -> list[ReadOnly]:
    """The word on the approved budget for who would set it."""
    if not (is_authorised(project.life_cycle) and has_permission(user, Permission.PROJECT_EDIT, project)):
        return []
    return [decided(user, project, Matter.BUDGET, ())]


@requires(Permission.FINANCE_EDIT)
@require_http_methods(["GET", "POST"])
def budget_line_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = _editable(request, code)
    back = reverse("portfolio:finance", args=[code])
    form = BudgetLineNewForm(
        request.POST or None, allowed=budget_fields(request.user, row), initial={"year": clock.today().year}
    )
    if request.method == "POST" and form.is_valid():
        try:
            create_budget_line(project=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Ligne budgétaire ajoutée."))
            return see_other(back)
    title = _("Nouvelle ligne budgétaire de %(code)s") % {"code": row.code}
    return form_page(
        request, form=form, title=title, back=back, context={"project": row, "decided": _decided(request.user, row)}
    )


@requires(Permission.FINANCE_EDIT)
@require_http_methods(["GET", "POST"])
def budget_line_edit(request: AuthenticatedRequest, code: str, year: int, nature: str) -> HttpResponse:
    row = _editable(request, code)
    line = get_budget_line(row, year, nature)
    allowed = budget_fields(request.user, row)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_budget_line(row, year, nature)
        form = BudgetLineForm(data, initial=budget_line_values(current), version=current.version, allowed=allowed)
        return form, current

    return edit_page(
        request,
        Editing(
            title=_("Budget %(year)s, %(nature)s") % {"year": line.year, "nature": line.get_nature_display().lower()},
            back=reverse("portfolio:finance", args=[code]),
            build=build,
            save=lambda changes, version: update_budget_line(
                line=line, changes=changes, version=version, by=request.user
            ),
            template="portfolio/finance/edit.html",
            context={"project": row, "line": line, "allowed": allowed, "decided": _decided(request.user, row)},
        ),
    )
