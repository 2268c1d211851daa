"""The options of an arbitration, each with its effects, and the clocks that govern its steps."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, conflict_page
from governance.forms.arbitration import ClockForm, OptionForm, StepForm, impact_initial
from governance.forms.body import add_errors
from governance.models import Arbitration, ArbitrationOption
from governance.models.arbitration import IMPACT_FIELDS, OPTION_FIELDS
from governance.selectors.arbitration import get_arbitration, may_take, option_at
from governance.selectors.clock import clocks
from governance.services.arbitration_options import remove_option, write_option
from governance.services.clock import set_clock
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires

OPEN = ("analysis", "options")


@requires(Permission.DECISION_VIEW)
def option_new(request: AuthenticatedRequest, number: str) -> HttpResponse:
    return _option(request, _editable(request, number), None)


@requires(Permission.DECISION_VIEW)
def option_edit(request: AuthenticatedRequest, number: str, position: int) -> HttpResponse:
    row = _editable(request, number)
    return _option(request, row, option_at(row, position))


@require_POST
@requires(Permission.DECISION_VIEW)
def option_remove(request: AuthenticatedRequest, number: str, position: int) -> HttpResponse:
    row = _editable(request, number)
    option = option_at(row, position)
    form = StepForm(request.POST)
    try:
        version = form.cleaned_data["version"] if form.is_valid() else 0
        remove_option(row=row, by=request.user, version=version, option=option)
    except (StaleVersionError, ValidationError) as error:
        words = (
            " ".join(error.messages)
            if isinstance(error, ValidationError)
            else _("L’arbitrage a avancé entre-temps : relisez sa page.")
        )
        return _page(request, row, option, _form(None, row, option), refusal=words, status=409)
    return see_other(row.get_absolute_url())


def _editable(request: AuthenticatedRequest, number: str) -> Arbitration:
    row = get_arbitration(request.user, number)
    if row.state not in OPEN or not may_take(request.user, row, "edit"):
        raise PermissionDenied(_("L’analyste et le PSO posent les options, avant que l’instance en soit saisie."))
    return row


def _option(request: AuthenticatedRequest, row: Arbitration, option: ArbitrationOption | None) -> HttpResponse:
    form = _form(request.POST or None, row, option)
    if request.method == "POST" and form.is_valid():
        merge = form.merge()
        if merge.conflicts:
            return conflict_page(request, form=form, merge=merge, title=row.number, back=row.get_absolute_url())
        try:
            write_option(
                row=row,
                by=request.user,
                version=row.version,
                option=option,
                values=form.option_values(merge.changes),
                impacts=form.impact_values(merge.changes),
            )
        except StaleVersionError:
            return see_other(request.path)
        except ValidationError as error:
            form.add_domain_errors(error)
        else:
            return see_other(row.get_absolute_url())
    return _page(request, row, option, form, status=422 if form.errors else 200)


def _form(data: Any, row: Arbitration, option: ArbitrationOption | None) -> OptionForm:
    concerned = list(row.concerned.select_related("project"))
    initial: dict[str, Any] = {}
    if option is not None:
        initial = {name: getattr(option, name) for name in OPTION_FIELDS}
        for impact in option.impacts.all():
            values = {name: getattr(impact, name) for name in IMPACT_FIELDS}
            initial |= impact_initial(impact.project_id, values)
    return OptionForm(data, concerned=concerned, initial=initial, version=row.version)


def _page(
    request: AuthenticatedRequest,
    row: Arbitration,
    option: ArbitrationOption | None,
    form: OptionForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"row": row, "option": option, "form": form, "refusal": refusal}
    return render(request, "governance/arbitration/option.html", context, status=status)


@requires(Permission.BODY_VIEW)
def clock_list(request: AuthenticatedRequest) -> HttpResponse:
    """The clocks of arbitrations and the reaction times of bodies, and a new one from a day on."""
    may_edit = has_permission(request.user, Permission.BODY_EDIT)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = ClockForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            set_clock(by=request.user, values=form.cleaned_data, on=clock.today())
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(reverse("governance:clocks"))
    context = {"clocks": clocks(), "form": form if may_edit else None, "today": clock.today()}
    return render(request, "governance/arbitration/clocks.html", context, status=422 if form.errors else 200)
