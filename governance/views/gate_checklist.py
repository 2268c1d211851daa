"""Checklists of gates as dated data, and the rules of gates; kept by the project office."""

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
from governance.engines.gate_defaults import CHECKLISTS
from governance.forms.gate_review import CriterionForm, CriterionNewForm, GateRulesForm
from governance.selectors.gate_checklist import checklists_on, get_criterion, rules_history
from governance.services.gate_checklist import (
    add_criterion,
    end_criterion,
    load_proposed,
    revise_criterion,
    set_gate_rules,
)
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.enums import Method
from portfolio.views.editing import Editing, add_errors, edit_page, form_page

BACK = "governance:gate_criteria"


@requires(Permission.PORTFOLIO_VIEW)
@require_safe
def gate_criteria(request: AuthenticatedRequest) -> HttpResponse:
    """What is asked at each gate in a method today, and the rules of gates."""
    today = clock.today()
    method = request.GET.get("method", Method.PRINCE2)
    method = method if method in Method.values else Method.PRINCE2
    lists = checklists_on(method, today)
    context = {
        "lists": lists,
        "method": method,
        "methods": Method.choices,
        "rules": rules_history(),
        "today": today,
        "may_edit": (may_edit := has_permission(request.user, Permission.GATE_MANAGE)),
        "may_load": may_edit and method in CHECKLISTS and not any(one.criteria for one in lists),
    }
    return render(request, "governance/gate/criteria.html", context)


@requires(Permission.GATE_MANAGE)
@require_http_methods(["GET", "POST"])
def criterion_new(request: AuthenticatedRequest) -> HttpResponse:
    today = clock.today()
    initial = {"valid_from": today, "method": request.GET.get("method"), "gate": request.GET.get("gate")}
    form = CriterionNewForm(request.POST or None, initial=initial)
    back = reverse(BACK)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        method, gate = values.pop("method"), values.pop("gate")
        try:
            add_criterion(method=method, gate=gate, by=request.user, values=values, today=today)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Critère ajouté."))
            return see_other(f"{back}?method={method}")
    return form_page(request, form=form, title=_("Nouveau critère"), back=back)


@requires(Permission.GATE_MANAGE)
@require_http_methods(["GET", "POST"])
def criterion_edit(request: AuthenticatedRequest, criterion_id: int) -> HttpResponse:
    row = get_criterion(criterion_id)
    if row.valid_to is not None:
        raise PermissionDenied(_("Ce critère a pris fin ; ajoutez-en un autre."))

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_criterion(criterion_id)
        initial = {name: getattr(current, name) for name in ("text", "hint", "mandatory")}
        return CriterionForm(data, initial=initial, version=current.version), current

    return edit_page(
        request,
        Editing(
            title=_("Réviser le critère %(criterion)s") % {"criterion": row},
            back=f"{reverse(BACK)}?method={row.method}",
            build=build,
            save=lambda changes, version: revise_criterion(
                criterion=row, changes=changes, version=version, by=request.user, today=clock.today()
            ),
        ),
    )


@requires(Permission.GATE_MANAGE)
@require_POST
def criterion_end(request: AuthenticatedRequest, criterion_id: int) -> HttpResponse:
    row = get_criterion(criterion_id)
    version = request.POST.get("version", "")
    try:
        end_criterion(
            criterion=row,
            by=request.user,
            version=int(version) if version.isascii() and version.isdigit() else 0,
            today=clock.today(),
        )
    except StaleVersionError:
        messages.warning(request, _("Ce critère a changé entre-temps ; rien n’a été fait. Voici son état."))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, _("Le critère n’est plus demandé après aujourd’hui."))
    return see_other(f"{reverse(BACK)}?method={row.method}")


@requires(Permission.GATE_MANAGE)
@require_POST
def criteria_load(request: AuthenticatedRequest) -> HttpResponse:
    """The proposed lists, for the methods that have none."""
    number = load_proposed(by=request.user, since=clock.today())
    messages.success(request, _("Critères ajoutés : %(number)d.") % {"number": number})
    return see_other(reverse(BACK))


@requires(Permission.GATE_MANAGE)
@require_http_methods(["GET", "POST"])
def gate_rules(request: AuthenticatedRequest) -> HttpResponse:
    today = clock.today()
    current = rules_history()[:1]
    initial: dict[str, Any] = {"valid_from": today}
    if current:
        initial |= {"scale": current[0].scale, "investment_limit": current[0].investment_limit}
    form = GateRulesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_gate_rules(by=request.user, values=form.cleaned_data, today=today)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Règles enregistrées."))
            return see_other(reverse(BACK))
    return form_page(request, form=form, title=_("Règles des portes"), back=reverse(BACK))
