"""Programmes: the list with totals, one page each, create and edit."""

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
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.programme import ProgrammeForm, programme_values
from portfolio.forms.register import DEFAULT_COLUMNS, lead_span
from portfolio.selectors.programme import get_programme, programme_lines, programme_sums
from portfolio.selectors.register import RegisterQuery, find_register
from portfolio.services.programme import create_programme, update_programme
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.register_lines import Duties, table_context


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def programmes(request: AuthenticatedRequest) -> HttpResponse:
    context = {
        "lines": programme_lines(request.user, clock.today()),
        "may_create": Scope.ALL in granted_scopes(request.user, Permission.PROGRAMME_EDIT),
    }
    return render(request, "portfolio/programme/list.html", context)


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def programme(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row, today = get_programme(code), clock.today()
    columns = tuple(name for name in DEFAULT_COLUMNS if name != "programme")
    found = find_register(request.user, RegisterQuery(programme=row.code, closed="1"), today)
    duties = Duties(status=has_permission(request.user, Permission.STATUS_VIEW))
    context = {
        "programme": row,
        "sums": programme_sums(request.user, row, today),
        "register": found,
        **table_context(found.rows, columns, duties),
        "headline": row.name,
        "lead_span": lead_span(columns),
        "may_edit": has_permission(request.user, Permission.PROGRAMME_EDIT, row),
    }
    return render(request, "portfolio/programme/detail.html", context)


@requires(Permission.PROGRAMME_EDIT)
@require_http_methods(["GET", "POST"])
def programme_new(request: AuthenticatedRequest) -> HttpResponse:
    if Scope.ALL not in granted_scopes(request.user, Permission.PROGRAMME_EDIT):
        raise PermissionDenied(_("Seul le PSO crée un programme."))
    form = ProgrammeForm(request.POST or None, initial={"active": True}, today=clock.today())
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            row = create_programme(by=request.user, **values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Programme créé."))
            return see_other(row.get_absolute_url())
    return form_page(request, form=form, title=_("Nouveau programme"), back=reverse("portfolio:programmes"))


@requires(Permission.PROGRAMME_EDIT)
@require_http_methods(["GET", "POST"])
def programme_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_programme(code)
    if not has_permission(request.user, Permission.PROGRAMME_EDIT, row):
        raise PermissionDenied(_("Ce programme a un autre gestionnaire."))

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_programme(code)
        form = ProgrammeForm(data, initial=programme_values(current), version=current.version, today=clock.today())
        return form, current

    return edit_page(
        request,
        Editing(
            title=_("Programme %(code)s · %(name)s") % {"code": row.code, "name": row.name},
            back=row.get_absolute_url(),
            build=build,
            save=lambda changes, version: update_programme(
                programme=row, changes=changes, version=version, by=request.user
            ),
        ),
    )
