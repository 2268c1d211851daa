"""Strategic axes: list, create, edit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
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
from portfolio.forms.strategic_axis import AxisForm, axis_values
from portfolio.selectors.programme import axis_lines, get_axis
from portfolio.services.strategic_axis import create_axis, update_axis
from portfolio.views.editing import Editing, add_errors, edit_page, form_page


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def axes(request: AuthenticatedRequest) -> HttpResponse:
    context = {
        "lines": axis_lines(request.user, clock.today()),
        "may_edit": has_permission(request.user, Permission.AXIS_EDIT),
    }
    return render(request, "portfolio/axis/list.html", context)


@requires(Permission.AXIS_EDIT)
@require_http_methods(["GET", "POST"])
def axis_new(request: AuthenticatedRequest) -> HttpResponse:
    form = AxisForm(request.POST or None, initial={"active": True, "position": 0})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            create_axis(by=request.user, **values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Axe créé."))
            return see_other(reverse("portfolio:axes"))
    return form_page(request, form=form, title=_("Nouvel axe stratégique"), back=reverse("portfolio:axes"))


@requires(Permission.AXIS_EDIT)
@require_http_methods(["GET", "POST"])
def axis_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_axis(code)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_axis(code)
        return AxisForm(data, initial=axis_values(current), version=current.version), current

    return edit_page(
        request,
        Editing(
            title=_("Axe %(code)s · %(name)s") % {"code": row.code, "name": row.name},
            back=reverse("portfolio:axes"),
            build=build,
            save=lambda changes, version: update_axis(axis=row, changes=changes, version=version, by=request.user),
        ),
    )
