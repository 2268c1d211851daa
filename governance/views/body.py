"""Bodies: the list, the page of one body, and what the PSO and the secretary may write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, conflict_page
from governance.forms.body import BodyForm, MandateForm, SeatForm, SittingForm, add_errors
from governance.forms.rules import RhythmForm, RulesForm
from governance.models import Body
from governance.selectors.body import body_lines, body_page, choosable_bodies, get_body, get_mandate, get_seat
from governance.selectors.decision import undone_of_body
from governance.services.body import (
    add_mandate,
    add_seat,
    add_sitting,
    create_body,
    end_mandate,
    end_seat,
    update_body,
)
from governance.services.rules import set_meeting_rule, set_rules
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.roster import choosable_people
from portfolio.forms.choosers import programmes
from portfolio.selectors.project import visible_projects


@require_safe
@requires(Permission.BODY_VIEW)
def bodies(request: AuthenticatedRequest) -> HttpResponse:
    context = {
        "lines": body_lines(request.user, clock.now()),
        "may_edit": has_permission(request.user, Permission.BODY_EDIT),
    }
    return render(request, "governance/body/list.html", context)


@require_safe
@requires(Permission.BODY_VIEW)
def body(request: AuthenticatedRequest, code: str) -> HttpResponse:
    return _page(request, code, {})


@requires(Permission.BODY_EDIT)
def body_new(request: AuthenticatedRequest) -> HttpResponse:
    form = BodyForm(request.POST or None, **_reach(request))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            created = create_body(by=request.user, values=values)
        except ValidationError as error:
            form.add_domain_errors(error)
        else:
            return see_other(created.get_absolute_url())
    return _form_page(request, form, _("Nouvelle instance"), back="")


@requires(Permission.BODY_EDIT)
def body_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_body(request.user, code)
    initial = {name: getattr(row, name) for name in BodyForm.base_fields if hasattr(row, name)}
    form = BodyForm(request.POST or None, initial=initial, version=row.version, **_reach(request))
    if request.method == "POST" and form.is_valid():
        merge = form.merge()
        if merge.conflicts:
            return conflict_page(request, form=form, merge=merge, title=row.name, back=row.get_absolute_url())
        try:
            saved = update_body(body=row, by=request.user, changes=merge.changes, version=row.version)
        except StaleVersionError:
            return see_other(request.path)
        except ValidationError as error:
            form.add_domain_errors(error)
        else:
            return see_other(saved.get_absolute_url())
    return _form_page(request, form, row.name, back=row.get_absolute_url())


@require_POST
@requires(Permission.BODY_EDIT)
def seat_add(request: AuthenticatedRequest, code: str) -> HttpResponse:
    form = SeatForm(request.POST, people=choosable_people(request.user, clock.today()))
    return _add(request, code, "seat_form", form, add_seat)


@require_POST
@requires(Permission.BODY_EDIT)
def mandate_add(request: AuthenticatedRequest, code: str) -> HttpResponse:
    form = MandateForm(request.POST, bodies=choosable_bodies(request.user))
    return _add(
        request, code, "mandate_form", form, lambda body, by, **values: add_mandate(body=body, by=by, values=values)
    )


@require_POST
@requires(Permission.BODY_EDIT)
def sitting_add(request: AuthenticatedRequest, code: str) -> HttpResponse:
    return _add(request, code, "sitting_form", SittingForm(request.POST), add_sitting)


@require_POST
@requires(Permission.BODY_EDIT)
def rules_set(request: AuthenticatedRequest, code: str) -> HttpResponse:
    def write(body: Body, by: User, **values: Any) -> object:
        return set_rules(body=body, by=by, values=values, today=clock.today())

    return _add(request, code, "rules_form", RulesForm(request.POST), write)


@require_POST
@requires(Permission.BODY_EDIT)
def rhythm_set(request: AuthenticatedRequest, code: str) -> HttpResponse:
    def write(body: Body, by: User, **values: Any) -> object:
        return set_meeting_rule(body=body, by=by, values=values, today=clock.today())

    return _add(request, code, "rhythm_form", RhythmForm(request.POST), write)


@require_POST
@requires(Permission.BODY_EDIT)
def seat_end(request: AuthenticatedRequest, code: str, seat_id: int) -> HttpResponse:
    seat = get_seat(request.user, code, seat_id)
    end_seat(seat=seat, by=request.user, on=clock.today())
    return see_other(seat.body.get_absolute_url())


@require_POST
@requires(Permission.BODY_EDIT)
def mandate_end(request: AuthenticatedRequest, code: str, mandate_id: int) -> HttpResponse:
    mandate = get_mandate(request.user, code, mandate_id)
    end_mandate(mandate=mandate, by=request.user, on=clock.today())
    return see_other(mandate.body.get_absolute_url())


def _add(
    request: AuthenticatedRequest, code: str, name: str, form: forms.Form, service: Callable[..., Any]
) -> HttpResponse:
    row: Body = get_body(request.user, code)
    if form.is_valid():
        try:
            service(body=row, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return see_other(row.get_absolute_url())
    return _page(request, code, {name: form}, status=422)


def _page(request: AuthenticatedRequest, code: str, bound: dict[str, forms.Form], status: int = 200) -> HttpResponse:
    may_edit = has_permission(request.user, Permission.BODY_EDIT)
    page = body_page(request.user, code, clock.now())
    context: dict[str, Any] = {
        "page": page,
        "may_edit": may_edit,
        "undone": undone_of_body(request.user, page.body.pk),
        "today": clock.today(),
    }
    if may_edit:
        today = {"valid_from": clock.today()}
        context |= {
            "seat_form": SeatForm(people=choosable_people(request.user, clock.today()), initial=today),
            "mandate_form": MandateForm(bodies=choosable_bodies(request.user), initial=today),
            "sitting_form": SittingForm(),
            "rules_form": RulesForm(initial=today),
            "rhythm_form": RhythmForm(initial=today),
        }
    return render(request, "governance/body/detail.html", context | bound, status=status)


def _reach(request: AuthenticatedRequest) -> dict[str, Any]:
    return {"programmes": programmes(), "projects": visible_projects(request.user).order_by("code")}


def _form_page(request: HttpRequest, form: BodyForm, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "governance/body/edit.html", context, status=422 if form.errors else 200)
