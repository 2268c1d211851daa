"""The seven tolerances of a project with their use."""

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
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.enums import TargetChoice
from portfolio.forms.tolerance import ToleranceForm, tolerance_values
from portfolio.models.project import Project
from portfolio.selectors.field_rights import TOLERANCE_APPROVED, frozen_reason, tolerance_fields
from portfolio.selectors.project import get_project
from portfolio.selectors.tolerance import get_tolerance, tolerance_lines
from portfolio.services.tolerance import create_tolerance, update_tolerance
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def tolerances(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_project(request.user, code)
    fields = frozenset() if frozen_reason(row) else tolerance_fields(request.user, row)
    context = {
        **project_frame(request.user, row, "tolerances", clock.today()),
        "lines": tolerance_lines(row),
        "may_edit": bool(fields),
        "may_set": bool(fields & TOLERANCE_APPROVED),
    }
    return render(request, "portfolio/tolerance/detail.html", context)


@requires(Permission.TOLERANCE_EDIT)
@require_http_methods(["GET", "POST"])
def tolerance_edit(request: AuthenticatedRequest, code: str, target: str) -> HttpResponse:
    """Edit the tolerance of a target, or set it where there is none yet."""
    row = get_project(request.user, code, may=Permission.TOLERANCE_EDIT)
    if reason := frozen_reason(row):
        raise PermissionDenied(reason)
    tolerance = get_tolerance(row, target)
    allowed = tolerance_fields(request.user, row)
    title = _("Tolérance : %(target)s") % {"target": dict(TargetChoice.choices)[target]}
    if tolerance is None:
        return _set_tolerance(request, row, target, title)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_tolerance(row, target) or tolerance
        form = ToleranceForm(data, initial=tolerance_values(current), version=current.version, allowed=allowed)
        return form, current

    return edit_page(
        request,
        Editing(
            title=title,
            back=reverse("portfolio:tolerances", args=[code]),
            build=build,
            save=lambda changes, version: update_tolerance(
                tolerance=tolerance, changes=changes, version=version, by=request.user
            ),
            context={"project": row},
        ),
    )


def _set_tolerance(request: AuthenticatedRequest, project: Project, target: str, title: str) -> HttpResponse:
    allowed = tolerance_fields(request.user, project)
    if not allowed & TOLERANCE_APPROVED:
        raise PermissionDenied(_("Le PSO fixe les tolérances approuvées ; vous en mettez la prévision à jour."))
    form = ToleranceForm(request.POST or None, initial={"unit": "percent"}, allowed=allowed)
    back = reverse("portfolio:tolerances", args=[project.code])
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            create_tolerance(project=project, by=request.user, target=target, **values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Tolérance fixée."))
            return see_other(back)
    return form_page(request, form=form, title=title, back=back, context={"project": project})
