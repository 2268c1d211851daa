"""The rows chosen on the register, given one project manager or one programme together."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config import clock
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.assign import AssignForm, UnknownChoiceError, read_chosen, read_versions
from portfolio.models import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import get_projects
from portfolio.services.project import ChangedMeanwhileError, assign_projects
from portfolio.views.editing import add_errors, refused


@requires(Permission.PROJECT_RANK)
@require_POST
def register_assign(request: AuthenticatedRequest) -> HttpResponse:
    """The rows chosen and the form; with `assign`, everything or nothing is written."""
    try:
        codes = read_chosen(request.POST)
        versions = read_versions(request.POST) if "assign" in request.POST else {}
    except UnknownChoiceError as error:
        return refused(request, {str(error)})
    if not codes:
        messages.warning(request, _("Choisissez d’abord au moins un projet."))
        return see_other(back_to_register(request))
    chosen = get_projects(request.user, codes, may=Permission.PROJECT_RANK)
    running = [project for project in chosen if not frozen_reason(project)]
    if "assign" not in request.POST:
        return _page(request, AssignForm(today=clock.today()), running, len(chosen))
    form = AssignForm(request.POST, today=clock.today())
    if not form.is_valid():
        return _page(request, form, running, len(chosen), status=422)
    try:
        written = assign_projects(projects=running, versions=versions, changes=form.changes(), by=request.user)
    except ChangedMeanwhileError as error:
        form.add_error(None, _("Modifié entre-temps : %(codes)s. Rien n’a été écrit.") % {"codes": str(error)})
        return _page(request, form, running, len(chosen), status=409)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, form, running, len(chosen), status=422)
    told = ngettext("%(count)d projet attribué.", "%(count)d projets attribués.", written) % {"count": written}
    messages.success(request, told)
    return see_other(back_to_register(request))


def back_to_register(request: AuthenticatedRequest) -> str:
    """The register as it was filtered."""
    kept = QueryDict(request.POST.get("register", "")).urlencode()
    return f"{reverse('portfolio:register')}?{kept}" if kept else reverse("portfolio:register")


def _page(
    request: AuthenticatedRequest, form: AssignForm, running: list[Project], chosen: int, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "projects": running,
        "closed": chosen - len(running),
        "register": request.POST.get("register", ""),
        "back": back_to_register(request),
    }
    return render(request, "portfolio/register/assign.html", context, status=status)
