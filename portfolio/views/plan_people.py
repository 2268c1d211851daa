"""Who the resources of a plan are: one question per resource, answered once for every import to come."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config import clock
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.plan_people import PlanPeopleForm
from portfolio.selectors.plan_file import plan_of_project
from portfolio.selectors.plan_rows import working_resources
from portfolio.services.plan_people import settle_people
from portfolio.views.plan import editable_plan


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def plan_people(request: AuthenticatedRequest, code: str) -> HttpResponse:
    project = editable_plan(request, code)
    plan = plan_of_project(project)
    if plan is None:
        raise Http404
    form = PlanPeopleForm(request.POST if request.method == "POST" else None, resources=working_resources(plan))
    if form.is_bound and form.is_valid():
        settle_people(plan=plan, chosen=form.chosen(), by=request.user, now=clock.now())
        messages.success(request, _("Les ressources du plan sont relues."))
        return see_other(reverse("portfolio:plan", args=[code]))
    context = {"project": project, "form": form}
    return render(request, "portfolio/plan/people.html", context, status=422 if form.errors else 200)
