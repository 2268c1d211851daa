"""What is done with an issue in one step: its moves, its actions, and the money and clocks it depends on."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError
from governance.forms.change import ActForm, ActionForm, ChangeBudgetForm, ClocksForm, DelegationForm
from governance.forms.session import EvidenceForm
from governance.models import Change, ChangeAction
from governance.selectors.change import get_action, get_change, mergeable
from governance.selectors.change_money import (
    budgets_of,
    clock_table,
    clocks_in_force,
    get_change_budget,
    get_delegation,
)
from governance.services.change import (
    close_change,
    merge_change,
    postpone_change,
    recall_change,
    resume_change,
    submit_change,
)
from governance.services.change_action import add_action, meet_action, reject_action, submit_action, waive_action
from governance.services.change_budget import (
    change_change_budget,
    delegate_changes,
    end_delegation,
    set_change_budget,
    set_clocks,
)
from governance.views.change import TAB, change_page, editable
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.selectors.project import get_project
from portfolio.views.editing import add_errors
from portfolio.views.frame import project_frame


def _submit(row: Change, by: User, form: ActForm, version: int) -> object:
    return submit_change(change=row, by=by, version=version, needed_on=form.cleaned_data["needed_on"])


def _postpone(row: Change, by: User, form: ActForm, version: int) -> object:
    day = form.cleaned_data["review_on"]
    if day is None:
        raise ValidationError({"review_on": _("Dites quand elle revient.")})
    return postpone_change(change=row, by=by, version=version, review_on=day, reason=form.cleaned_data["reason"])


def _merge(row: Change, by: User, form: ActForm, version: int) -> object:
    into = form.cleaned_data["into"]
    if into is None:
        raise ValidationError({"into": _("Choisissez une autre incidence ouverte du même projet.")})
    return merge_change(change=row, by=by, version=version, into=into, reason=form.cleaned_data["reason"])


_ACTS: dict[str, Callable[[Change, User, ActForm, int], object]] = {
    "submit": _submit,
    "postpone": _postpone,
    "merge": _merge,
    "recall": lambda row, by, _form, version: recall_change(change=row, by=by, version=version),
    "resume": lambda row, by, _form, version: resume_change(change=row, by=by, version=version),
    "close": lambda row, by, form, version: close_change(
        change=row, by=by, version=version, note=form.cleaned_data["reason"]
    ),
}


@requires(Permission.RISK_EDIT)
@require_POST
def change_act(request: AuthenticatedRequest, number: str, act: str) -> HttpResponse:
    """One move of the issue; a page that is no longer true says so and does nothing."""
    row = editable(request, number)
    if act not in _ACTS:
        raise Http404
    form = ActForm(request.POST, others=mergeable(row), auto_id="act_%s")
    if not form.is_valid():
        return change_page(request, row, act_form=form, status=422)
    try:
        _ACTS[act](row, request.user, form, form.cleaned_data["version"] or 0)
    except StaleVersionError:
        messages.warning(request, _("Cette incidence a changé entre-temps ; rien n’a été fait. Voici son état."))
    except ValidationError as error:
        kept = get_change(request.user, number)
        return change_page(request, kept, act_form=form, refusal=error)
    else:
        messages.success(request, _("Enregistré."))
    return see_other(row.get_absolute_url())


@requires(Permission.RISK_EDIT)
@require_POST
def change_action_add(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = editable(request, number)
    form = ActionForm(request.POST, today=clock.today(), auto_id="action_%s")
    if form.is_valid():
        try:
            add_action(change=row, by=request.user, values=form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(f"{row.get_absolute_url()}#actions")
    return change_page(request, row, action_form=form, status=422)


@requires(Permission.DECISION_VIEW)
@require_http_methods(["GET", "POST"])
def change_action(request: AuthenticatedRequest, action_id: int) -> HttpResponse:
    """The owner gives the evidence; whoever keeps the issue, and is not the owner, judges it."""
    row = get_action(request.user, action_id)
    owns = row.owner.user_id == request.user.pk
    judges = has_permission(request.user, Permission.RISK_EDIT, row.change) and not owns
    form = EvidenceForm(request.POST or None, initial={"evidence": row.evidence})
    refusal = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        if (act == "submit" and not owns) or (act != "submit" and not judges):
            raise PermissionDenied(_("Le responsable remet la preuve ; une autre personne la juge."))
        try:
            _on_action(act, row, request.user, form.cleaned_data["evidence"] if form.is_valid() else "")
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            return see_other(f"{row.change.get_absolute_url()}#actions")
    context = {"row": row, "form": form, "owns": owns, "judges": judges, "refusal": refusal, "today": clock.today()}
    return render(request, "governance/change/action.html", context, status=422 if refusal else 200)


def _on_action(act: str, row: ChangeAction, by: User, words: str) -> None:
    today = clock.today()
    if act == "submit":
        submit_action(action=row, by=by, evidence=words, on=today)
    elif act == "accept":
        meet_action(action=row, by=by, on=today)
    elif act == "refuse":
        reject_action(action=row, by=by)
    elif act == "waive":
        waive_action(action=row, by=by, reason=words, on=today)
    else:
        raise ValidationError(_("Cet acte n’existe pas."))


@requires(Permission.DECISION_RECORD)
@require_http_methods(["GET", "POST"])
def change_budget(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """The change budgets of a project and their delegations; a new one, or another amount for the one in force."""
    project, today = get_project(request.user, code), clock.today()
    budgets = budgets_of(project)
    current = next((one for one in budgets if one.valid_from <= today <= one.valid_to), None)
    names = ("amount", "valid_from", "valid_to", "source")
    initial = {name: getattr(current, name) for name in names} if current else {"valid_from": today}
    form = ChangeBudgetForm(request.POST or None, initial=initial, version=current.version if current else 1)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        try:
            if current is not None and values.pop("valid_from") == current.valid_from:
                version = form.cleaned_data["version"] or 0
                change_change_budget(budget=current, by=request.user, changes=values, version=version)
            else:
                set_change_budget(
                    project=project, by=request.user, values={**values, "valid_from": form.cleaned_data["valid_from"]}
                )
        except StaleVersionError:
            messages.warning(request, _("Ce budget a changé entre-temps ; rien n’a été fait. Voici son état."))
            return see_other(request.path)
        except ValidationError as error:
            form.add_domain_errors(error)
        else:
            messages.success(request, _("Enregistré."))
            return see_other(request.path)
    return _budget_page(request, code, form=form, delegation_form=None)


def _budget_page(
    request: AuthenticatedRequest,
    code: str,
    *,
    form: ChangeBudgetForm | None,
    delegation_form: DelegationForm | None,
) -> HttpResponse:
    project, today = get_project(request.user, code), clock.today()
    budgets = budgets_of(project)
    current = next((one for one in budgets if one.valid_from <= today <= one.valid_to), None)
    bound = delegation_form or form
    context = {
        **project_frame(request.user, project, TAB, today),
        "budgets": budgets,
        "current": current,
        "form": form or ChangeBudgetForm(initial={"valid_from": today}),
        "delegation_form": delegation_form
        or DelegationForm(
            today=today,
            initial={"valid_from": today, "valid_to": current.valid_to if current else None},
            auto_id="delegation_%s",
        ),
    }
    failed = bound is not None and bound.is_bound and bool(bound.errors)
    return render(request, "governance/change/budget.html", context, status=422 if failed else 200)


@requires(Permission.DECISION_RECORD)
@require_POST
def delegation_add(request: AuthenticatedRequest, code: str, budget_id: int) -> HttpResponse:
    project = get_project(request.user, code)
    budget = get_change_budget(project, budget_id)
    form = DelegationForm(request.POST, today=clock.today(), auto_id="delegation_%s")
    if form.is_valid():
        try:
            delegate_changes(budget=budget, by=request.user, values=form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Délégation enregistrée."))
            return see_other(reverse("governance:change_budget", args=[code]))
    return _budget_page(request, code, form=None, delegation_form=form)


@requires(Permission.DECISION_RECORD)
@require_POST
def delegation_end(request: AuthenticatedRequest, code: str, delegation_id: int) -> HttpResponse:
    project = get_project(request.user, code)
    row = get_delegation(project, delegation_id)
    try:
        end_delegation(delegation=row, by=request.user, on=clock.today())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return see_other(reverse("governance:change_budget", args=[code]))


@requires(Permission.DECISION_VIEW)
@require_http_methods(["GET", "POST"])
def change_clocks(request: AuthenticatedRequest) -> HttpResponse:
    """The working days per severity and step; who keeps the bodies' rules sets new ones from a day on."""
    today = clock.today()
    may_set = has_permission(request.user, Permission.BODY_EDIT)
    form = ClocksForm(request.POST or None, days=clocks_in_force(today), initial={"valid_from": today})
    if request.method == "POST":
        if not may_set:
            raise PermissionDenied(_("Le PSO et le secrétariat fixent les délais."))
        if form.is_valid():
            given = form.cleaned_data
            try:
                set_clocks(by=request.user, days=form.differing, valid_from=given["valid_from"], source=given["source"])
            except ValidationError as error:
                add_errors(form, error)
            else:
                messages.success(request, _("Enregistré."))
                return see_other(request.path)
    context = {"form": form, "table": clock_table(today), "may_set": may_set}
    return render(request, "governance/change/clocks.html", context, status=422 if form.errors else 200)
