"""Errata: report one, retain it or set it aside, make the next version of the pack."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.selectors.project import get_project
from portfolio.selectors.reporting_cycle import get_cycle
from reporting.enums import Language
from reporting.forms.correction import CorrectionForm
from reporting.selectors.corrections import corrections_of_project, get_correction
from reporting.services.errata import (
    CannotCorrectError,
    decide_correction,
    prepare_erratum,
    propose_correction,
    takes_late_status,
)
from reporting.tasks import queue_render


@requires(Permission.CORRECTION_PROPOSE)
@require_http_methods(["GET", "POST"])
@never_cache
def new(request: AuthenticatedRequest, week: str, code: str) -> HttpResponse:
    """Report what the frozen week should have said of a project; a late status where none came in time."""
    project, cycle = get_project(request.user, code), get_cycle(week)
    if not has_permission(request.user, Permission.CORRECTION_PROPOSE, project):
        raise PermissionDenied(_("Vos rôles ne permettent pas de signaler un erratum de ce projet."))
    back = reverse("portfolio:status", args=[code, week])
    if cycle.frozen_at is None:
        messages.info(request, _("La semaine n’est pas gelée : corrigez le statut lui-même."))
        return see_other(back)
    form = CorrectionForm(request.POST or None, late=takes_late_status(project, cycle))
    if request.method == "POST" and form.is_valid():
        try:
            propose_correction(
                project=project, cycle=cycle, by=request.user, text=form.cleaned_data["text"], declared=form.declared()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Erratum signalé au PSO. Il paraîtra avec votre nom s’il est retenu."))
            return see_other(back)
    context = {
        "project": project,
        "cycle": cycle,
        "form": form,
        "back": back,
        "known": corrections_of_project(project, cycle),
    }
    return render(request, "reporting/pack/correction.html", context, status=422 if form.errors else 200)


@requires(Permission.CORRECTION_DECIDE)
@require_POST
def decide(request: AuthenticatedRequest, week: str, key: int) -> HttpResponse:
    """Retain a correction or set it aside; the version in the form guards against two people at once."""
    correction = get_correction(get_cycle(week), key)
    choice, version = request.POST.get("choice", ""), request.POST.get("version", "")
    if choice not in ("accept", "refuse"):
        raise Http404
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    try:
        decide_correction(correction=correction, accept=choice == "accept", by=request.user, version=number)
    except StaleVersionError:
        messages.warning(request, _("Cette correction a changé entre-temps ; rien n’a été fait. Voici son état."))
    except CannotCorrectError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Correction retenue.") if choice == "accept" else _("Correction écartée."))
    return see_other(reverse("reporting:pack", args=[week]))


@requires(Permission.CORRECTION_DECIDE)
@require_POST
def erratum(request: AuthenticatedRequest, week: str) -> HttpResponse:
    """Make the next version with the retained corrections and have it printed."""
    cycle = get_cycle(week)
    try:
        pack = prepare_erratum(cycle=cycle, by=request.user, now=clock.now())
    except CannotCorrectError as refusal:
        messages.error(request, str(refusal))
    else:
        queue_render(pack, Language.FR, request.user)
        messages.success(request, _("La version %(edition)s s’imprime.") % {"edition": pack.edition})
    return see_other(reverse("reporting:pack", args=[week]))
