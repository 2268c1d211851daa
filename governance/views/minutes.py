"""The minutes of a session: the page, and its print once the session is closed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from governance.selectors.minutes import minutes_of, print_for
from governance.selectors.session import cockpit
from governance.selectors.sitting import get_sitting
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from people.services.printing import read_whole


@require_safe
@requires(Permission.BODY_VIEW)
def meeting_minutes(request: AuthenticatedRequest, sitting_id: int) -> HttpResponse:
    sitting = get_sitting(request.user, sitting_id)
    page = cockpit(request.user, sitting, None)
    views = [cockpit(request.user, sitting, line.item.pk).view for line in page.rail if not line.withheld]
    context = {
        "page": page,
        "views": [view for view in views if view is not None],
        "frozen": minutes_of(sitting),
        "printed": print_for(request.user, sitting),
    }
    return render(request, "governance/meeting/minutes.html", context)


@require_safe
@requires(Permission.BODY_VIEW)
def meeting_minutes_pdf(request: AuthenticatedRequest, sitting_id: int) -> HttpResponse:
    """The print for this reader, without the items he is recused from; 404 until it is made."""
    sitting = get_sitting(request.user, sitting_id)
    row = print_for(request.user, sitting)
    data = read_whole(row.path, row.pdf_sha256) if row else None
    if row is None or data is None:
        raise Http404
    response = HttpResponse(data, content_type="application/pdf")
    name = f"PV-{sitting.body.code}-{sitting.starts_at:%Y-%m-%d}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store"
    response["X-SHA256"] = row.pdf_sha256
    return response
