"""Who decides what, who answers for what, and who declared which interest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError
from governance.enums import RaciRole
from governance.forms.body import add_errors
from governance.forms.rules import InterestForm, RaciForm, WhoDecidesForm
from governance.selectors.competence import mandate_ladders, who_decides
from governance.selectors.interest import OwnInterests, get_own_interest, own_interests, suppliers
from governance.selectors.raci import get_activity, letters_of, raci_rows
from governance.services.interest import declare_interest, end_interest, state_complete
from governance.services.raci import add_activity, set_letters
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people
from portfolio.selectors.project import visible_projects


@require_safe
@requires(Permission.BODY_VIEW)
def who_decides_page(request: AuthenticatedRequest) -> HttpResponse:
    projects = visible_projects(request.user).order_by("code")
    form = WhoDecidesForm(request.GET if "kind" in request.GET else None, projects=projects)
    answer, on = None, clock.today()
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        on = values.pop("on") or on
        answer = who_decides(request.user, on=on, **values)
    ladders = () if answer else mandate_ladders(request.user, on)
    context = {"form": form, "answer": answer, "on": on, "ladders": ladders}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "governance/rules/who_decides.html", context, status=status)


@require_safe
@requires(Permission.BODY_VIEW)
def interests(request: AuthenticatedRequest) -> HttpResponse:
    return _interests_page(request, _interest_form(request))


@require_POST
@requires(Permission.BODY_VIEW)
def interest_new(request: AuthenticatedRequest) -> HttpResponse:
    person, form = _own(request).person, _interest_form(request, request.POST)
    if form.is_valid():
        try:
            declare_interest(person=person, by=request.user, values=form.cleaned_data, on=clock.today())
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(reverse("governance:interests"))
    return _interests_page(request, form, status=422)


@require_POST
@requires(Permission.BODY_VIEW)
def interest_statement(request: AuthenticatedRequest) -> HttpResponse:
    state_complete(person=_own(request).person, by=request.user, on=clock.today())
    return see_other(reverse("governance:interests"))


@require_POST
@requires(Permission.BODY_VIEW)
def interest_end(request: AuthenticatedRequest, interest_id: int) -> HttpResponse:
    interest = get_own_interest(request.user, interest_id)
    try:
        end_interest(interest=interest, by=request.user, on=clock.today())
    except ValidationError as error:
        form = _interest_form(request)
        return _interests_page(request, form, status=422, refusal=" ".join(error.messages))
    return see_other(reverse("governance:interests"))


def _own(request: AuthenticatedRequest) -> OwnInterests:
    own = own_interests(request.user, clock.today())
    if own is None:
        raise Http404
    return own


def _interest_form(request: AuthenticatedRequest, data: Any = None) -> InterestForm:
    return InterestForm(
        data,
        projects=visible_projects(request.user).order_by("code"),
        suppliers=suppliers(),
        people=choosable_people(request.user, clock.today()),
    )


def _interests_page(
    request: AuthenticatedRequest, form: forms.Form, status: int = 200, refusal: str = ""
) -> HttpResponse:
    context = {"own": own_interests(request.user, clock.today()), "form": form, "refusal": refusal}
    return render(request, "governance/rules/interests.html", context, status=status)


@require_safe
@requires(Permission.BODY_VIEW)
def raci(request: AuthenticatedRequest) -> HttpResponse:
    rows = raci_rows(request.user)
    context = {
        "rows": rows,
        "roles": RaciRole.labels,
        "faulty": sum(1 for row in rows if row.faults),
        "may_edit": has_permission(request.user, Permission.BODY_EDIT),
    }
    return render(request, "governance/rules/raci.html", context)


@requires(Permission.BODY_EDIT)
def raci_new(request: AuthenticatedRequest) -> HttpResponse:
    form = RaciForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_activity(by=request.user, values=form.names, letters=form.letters)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(reverse("governance:raci"))
    return _raci_form(request, form, _("Nouvelle activité"))


@requires(Permission.BODY_EDIT)
def raci_row(request: AuthenticatedRequest, activity_id: int) -> HttpResponse:
    activity = get_activity(request.user, activity_id)
    held = {f"role_{role}": letter for role, letter in letters_of(activity).items()}
    form = RaciForm(request.POST or None, named=True, initial={"version": activity.version, **held})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            set_letters(activity=activity, by=request.user, letters=form.letters, version=version)
        except StaleVersionError:
            form.add_error(None, _("Quelqu’un a changé cette ligne entre-temps : rechargez la page pour la relire."))
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(reverse("governance:raci"))
    return _raci_form(request, form, activity.name)


def _raci_form(request: AuthenticatedRequest, form: RaciForm, title: str) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "governance/rules/raci_edit.html", {"form": form, "title": title}, status=status)
