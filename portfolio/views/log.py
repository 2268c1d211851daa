"""The journal of a project, for its manager, the PSO and the auditor."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from config import clock
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.selectors.log import PAGE, acts_of, row_versions
from portfolio.selectors.project import get_project
from portfolio.views.frame import may_read_log, project_frame


@requires(Permission.AUDIT_VIEW)
@require_GET
@never_cache
def log(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = get_project(request.user, code)
    if not may_read_log(request.user, row):
        raise PermissionDenied(_("Le journal d’un projet se lit par son chef de projet, le PSO et l’auditeur."))
    raw = request.GET.get("before", "")
    acts = acts_of(row, before=int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else None)
    context = {
        **project_frame(request.user, row, "log", clock.today()),
        "acts": acts,
        "versions": [] if raw else row_versions(row),
        "older": acts[-1].entry.number if len(acts) == PAGE else None,
    }
    return render(request, "portfolio/project/log.html", context)
