"""The risk register of a project: matrix and list, raise, edit, close and reopen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, VersionedForm
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.enums import RiskState
from portfolio.forms.risk import RiskForm, risk_values
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import get_project
from portfolio.selectors.risk import get_risk, risk_page
from portfolio.services.risk import close_risk, raise_risk, reopen_risk, update_risk
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame

GROUPS = (
    (gettext_lazy("Énoncé"), ("title", "cause", "event", "effect")),
    (gettext_lazy("Niveau"), ("probability", "impact", "impact_amount", "proximity")),
    (gettext_lazy("Réponse"), ("owner", "response", "response_action")),
)


@requires(Permission.RISK_VIEW)
@require_GET
def raid(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_project(request.user, code, may=Permission.RISK_VIEW)
    context = {
        **project_frame(request.user, row, "raid", clock.today()),
        "page": risk_page(row),
        "may_edit": not frozen_reason(row) and has_permission(request.user, Permission.RISK_EDIT, row),
    }
    return render(request, "portfolio/raid/detail.html", context)


def _editable(request: AuthenticatedRequest, code: str) -> Project:
    row = get_project(request.user, code, may=Permission.RISK_EDIT)
    if reason := frozen_reason(row):
        raise PermissionDenied(reason)
    return row


@requires(Permission.RISK_EDIT)
@require_http_methods(["GET", "POST"])
def risk_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = _editable(request, code)
    back = reverse("portfolio:raid", args=[code])
    initial = {"probability": 3, "impact": 3, "response": "reduce", "proximity": "this_stage", "owner": row.manager}
    form = RiskForm(request.POST or None, initial=initial, today=clock.today())
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            raise_risk(project=row, by=request.user, **values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Risque relevé."))
            return see_other(back)
    title = _("Nouveau risque de %(code)s") % {"code": row.code}
    return form_page(request, form=form, title=title, back=back, groups=GROUPS, context={"project": row})


@requires(Permission.RISK_EDIT)
@require_http_methods(["GET", "POST"])
def risk_edit(request: AuthenticatedRequest, code: str, number: int) -> HttpResponse:
    row = _editable(request, code)
    risk = get_risk(row, number)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_risk(row, number)
        form = RiskForm(data, initial=risk_values(current), version=current.version, today=clock.today())
        return form, current

    return edit_page(
        request,
        Editing(
            title=_("Risque R-%(number)02d") % {"number": risk.number},
            back=reverse("portfolio:raid", args=[code]),
            build=build,
            save=lambda changes, version: update_risk(risk=risk, changes=changes, version=version, by=request.user),
            groups=GROUPS,
            context={"project": row},
        ),
    )


@requires(Permission.RISK_EDIT)
@require_POST
def risk_state(request: AuthenticatedRequest, code: str, number: int) -> HttpResponse:
    """Close an open risk, reopen a closed one; a version in the form guards against a double click."""
    risk = get_risk(_editable(request, code), number)
    act = reopen_risk if risk.state == RiskState.CLOSED else close_risk
    version = request.POST.get("version", "")
    try:
        act(risk=risk, version=int(version) if version.isascii() and version.isdigit() else 0, by=request.user)
    except StaleVersionError:
        messages.warning(request, _("Ce risque a changé entre-temps ; rien n’a été fait. Voici son état."))
    else:
        messages.success(request, _("Risque rouvert.") if act is reopen_risk else _("Risque clos."))
    return see_other(reverse("portfolio:raid", args=[code]))
