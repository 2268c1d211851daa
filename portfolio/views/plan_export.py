"""The plan of a project as Project's XML, for MS Project and whatever reads it."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.selectors.plan_file import plan_of_project, stored_file
from portfolio.selectors.project import get_project


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def plan_export(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Addresses of people leave with it for who may change the plan only."""
    project = get_project(request.user, code)
    plan = plan_of_project(project)
    if plan is None:
        raise Http404
    file = stored_file(plan)
    if not has_permission(request.user, Permission.MILESTONE_EDIT, project):
        file = replace(file, resources=tuple(replace(item, email="") for item in file.resources))
    response = HttpResponse(write_mspdi(file), content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{project.code}.xml") or "attachment"
    response["Cache-Control"] = "no-store"
    return response
