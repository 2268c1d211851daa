"""Arbitrations: the list by clock, the request for one, its page, its facts and its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, conflict_page
from governance.engines.lifecycles import ARBITRATION
from governance.forms.arbitration import AnalystForm, ArbitrationForm, FactsForm, StepForm, WordsForm
from governance.forms.body import add_errors
from governance.models import Arbitration
from governance.selectors.arbitration import (
    OVER,
    askable_projects,
    decision_of,
    get_arbitration,
    may_take,
    positions,
    requests_of,
    steps_of,
    visible_arbitrations,
)
from governance.selectors.arbitration_table import table_of
from governance.selectors.decision import follow_ups_of
from governance.services import arbitration as steps
from governance.services.arbitration_body import table
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people
from portfolio.selectors.project import visible_projects

POSABLE = ("analysis", "options")
EDITABLE = ("requested", "admissible", "analysis", "options")


@dataclass(frozen=True, slots=True)
class Act:
    """A step as the page offers it; `words` labels the text it asks for, under the name `argument`."""

    service: Callable[..., object]
    title: Promise
    words: Promise | None = None
    argument: str = ""
    limit: int = 300


ACTS = {
    "admit": Act(steps.admit, gettext_lazy("Juger recevable et nommer l’analyste"), argument="analyst"),
    "reject": Act(steps.reject, gettext_lazy("Juger irrecevable"), gettext_lazy("Motif d’irrecevabilité"), "reason"),
    "analyse": Act(steps.analyse, gettext_lazy("Commencer l’analyse")),
    "propose": Act(steps.propose, gettext_lazy("Poser les options")),
    "table": Act(table, gettext_lazy("Porter devant l’instance")),
    "rework": Act(steps.rework, gettext_lazy("Reprendre l’analyse"), gettext_lazy("Motif"), "reason"),
    "notify": Act(steps.notify_concerned, gettext_lazy("Notifier la décision")),
    "execute": Act(
        steps.execute, gettext_lazy("Constater le début de l’exécution"), gettext_lazy("Premier suivi"), "note", 600
    ),
    "verify": Act(
        steps.verify, gettext_lazy("Vérifier l’exécution"), gettext_lazy("Preuve de l’exécution"), "evidence", 600
    ),
    "close": Act(steps.close, gettext_lazy("Clore l’arbitrage")),
    "reopen": Act(steps.reopen, gettext_lazy("Rouvrir sur un fait nouveau"), gettext_lazy("Fait nouveau"), "new_fact"),
}


@require_safe
@requires(Permission.DECISION_VIEW)
def arbitrations(request: AuthenticatedRequest) -> HttpResponse:
    everything = "all" in request.GET
    rows = visible_arbitrations(request.user).prefetch_related("concerned__project")
    found = positions(rows if everything else rows.exclude(state__in=OVER), clock.today())
    context = {
        "positions": found,
        "open": sum(1 for one in found if one.row.state not in OVER),
        "late": sum(1 for one in found if one.late),
        "everything": everything,
        "may_ask": has_permission(request.user, Permission.PROJECT_EDIT),
        "today": clock.today(),
    }
    return render(request, "governance/arbitration/list.html", context)


@requires(Permission.PROJECT_EDIT)
def arbitration_new(request: AuthenticatedRequest) -> HttpResponse:
    form = ArbitrationForm(
        request.POST or None,
        own=askable_projects(request.user),
        others=visible_projects(request.user).active().order_by("code"),
        initial={"project": request.GET.get("project", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = steps.request_arbitration(
                project=form.cleaned_data["project"],
                others=form.others,
                by=request.user,
                values=form.own_values,
                on=clock.today(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(row.get_absolute_url())
    return render(request, "governance/arbitration/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@requires(Permission.DECISION_VIEW)
def arbitration(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = get_arbitration(request.user, number)
    decision = decision_of(row)
    (position,) = positions([row], clock.today())
    context = {
        "row": row,
        "position": position,
        "table": table_of(row, clock.now()),
        "may_pose": row.state in POSABLE and may_take(request.user, row, "edit"),
        "steps": steps_of(row),
        "requests": requests_of(row),
        "decision": decision,
        "follow_ups": follow_ups_of(decision) if decision is not None else [],
        "acts": acts_for(request.user, row),
        "may_edit": row.state in EDITABLE and may_take(request.user, row, "edit"),
        "today": clock.today(),
    }
    return render(request, "governance/arbitration/detail.html", context)


def acts_for(user: User, row: Arbitration) -> list[tuple[str, Act]]:
    """The steps the account may take now."""
    return [
        (name, act) for name, act in ACTS.items() if ARBITRATION.allows(name, row.state) and may_take(user, row, name)
    ]


@requires(Permission.DECISION_VIEW)
def arbitration_edit(request: AuthenticatedRequest, number: str) -> HttpResponse:
    row = get_arbitration(request.user, number)
    if row.state not in EDITABLE or not may_take(request.user, row, "edit"):
        raise PermissionDenied(_("L’analyste et le PSO établissent les faits, avant que l’instance en soit saisie."))
    form = FactsForm(
        request.POST or None, initial={name: getattr(row, name) for name in steps.FIELDS}, version=row.version
    )
    if request.method == "POST" and form.is_valid():
        merge = form.merge()
        if merge.conflicts:
            return conflict_page(request, form=form, merge=merge, title=row.number, back=row.get_absolute_url())
        try:
            steps.update_arbitration(row=row, by=request.user, changes=merge.changes, version=row.version)
        except StaleVersionError:
            return see_other(request.path)
        except ValidationError as error:
            form.add_domain_errors(error)
        else:
            return see_other(row.get_absolute_url())
    context = {"row": row, "form": form}
    return render(request, "governance/arbitration/edit.html", context, status=422 if form.errors else 200)


@requires(Permission.DECISION_VIEW)
def arbitration_act(request: AuthenticatedRequest, number: str, act: str) -> HttpResponse:
    """One step: what it asks for, then the step itself; 409 when the arbitration has moved on meanwhile."""
    row = get_arbitration(request.user, number)
    if act not in ACTS:
        raise Http404
    if not may_take(request.user, row, act):
        raise PermissionDenied(_("Cette étape revient à une autre personne."))
    form = _step_form(request, row, act)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _take(row, act, form, request.user)
        except StaleVersionError:
            form.add_error(None, _("L’arbitrage a avancé entre-temps : relisez sa page."))
            status = 409
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(row.get_absolute_url())
    if form.errors and status == 200:
        status = 422
    context = {"row": row, "form": form, "title": ACTS[act].title, "act": act}
    return render(request, "governance/arbitration/act.html", context, status=status)


def _step_form(request: AuthenticatedRequest, row: Arbitration, name: str) -> forms.Form:
    data, initial, act = request.POST or None, {"version": row.version}, ACTS[name]
    if name == "admit":
        return AnalystForm(data, initial=initial, people=choosable_people(request.user, clock.today()))
    if act.words is None:
        return StepForm(data, initial=initial)
    return WordsForm(data, initial=initial, label=act.words, limit=act.limit)


def _take(row: Arbitration, name: str, form: forms.Form, by: User) -> None:
    act = ACTS[name]
    values: dict[str, Any] = {"row": row, "by": by, "version": form.cleaned_data["version"], "on": clock.today()}
    if act.argument:
        values[act.argument] = form.cleaned_data["analyst" if name == "admit" else "words"]
    act.service(**values)
