"""The state of the service, for the project office and the administrator."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import clock
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from reporting.selectors.operations import Condition, checks


@require_safe
@requires(Permission.OPERATIONS_VIEW)
@never_cache
def status(request: AuthenticatedRequest) -> HttpResponse:
    """What asks for a hand first, then every check."""
    now = clock.now()
    found = checks(request.user, now)
    asking = [check for check in found if check.condition is not Condition.GOOD]
    first = sorted(found, key=lambda check: list(Condition).index(check.condition), reverse=True)
    context = {"checks": first, "asking": asking, "now": now}
    return render(request, "reporting/operations/status.html", context)
