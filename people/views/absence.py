"""My absences and my deputies; those for whom I stand in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web import formats
from config.web.htmx import see_other
from people.forms.absence import AbsenceForm, OfficeAbsenceForm
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.selectors.absence import ends_absence, office_absences, own_absences, replacements_of
from people.services.absence import add_absence, end_absence, enter_absence


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ABSENCE_EDIT)
def absences(request: AuthenticatedRequest) -> HttpResponse:
    user, today = request.user, clock.today()
    form = AbsenceForm(request.POST if request.method == "POST" else None, user=user, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_absence(by=user, now=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            told = _("Absence inscrite : %(name)s vous remplace jusqu’au %(day)s et en est averti.")
            messages.success(request, told % {"name": added.deputy.full_name, "day": formats.date_long(added.last_day)})
            return see_other(reverse("people:absences"))
    context = {
        "form": form,
        "own": own_absences(user, today),
        "replacements": replacements_of(user, today),
        "today": today,
        "has_person": getattr(user, "person", None) is not None,
        "may_enter_others": has_permission(user, Permission.ABSENCE_OFFICE),
    }
    return render(request, "people/absence/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ABSENCE_OFFICE)
def absences_office(request: AuthenticatedRequest) -> HttpResponse:
    """Who is away, and the absence of a project manager who cannot enter it himself."""
    user, today = request.user, clock.today()
    form = OfficeAbsenceForm(request.POST if request.method == "POST" else None, user=user, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            added = enter_absence(by=user, now=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_refusal(error)
        else:
            told = _("Absence inscrite : %(deputy)s remplace %(name)s jusqu’au %(day)s ; les deux en sont avertis.")
            day = formats.date_long(added.last_day)
            names = {"name": added.person.full_name, "deputy": added.deputy.full_name, "day": day}
            messages.success(request, told % names)
            return see_other(reverse("people:absences_office"))
    rows = [(one, one.created_by_id != one.person.user_id) for one in office_absences(today)]
    context = {"form": form, "rows": rows, "today": today}
    return render(request, "people/absence/office.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.ABSENCE_EDIT)
def absence_end(request: AuthenticatedRequest, absence_id: int) -> HttpResponse:
    """By the absent person, back early; by the deputy, who gives the task back; or by the office that entered it."""
    absence = ends_absence(request.user, absence_id)
    if absence is None:
        raise Http404
    if end_absence(absence=absence, by=request.user, now=clock.now()):
        messages.success(request, _("Terminé : plus personne ne remplace %(name)s.") % {"name": absence.person})
    mine = request.user.pk in (absence.person.user_id, absence.deputy.user_id)
    return see_other(reverse("people:absences" if mine else "people:absences_office"))
