"""The search page, and its results alone while somebody types."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from config import clock
from config.web.htmx import render_page
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from reporting.selectors.search import TEXT_LIMIT, Found, find


@requires(Permission.SEARCH)
@require_GET
def search(request: AuthenticatedRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_LIMIT]
    found = find(request.user, text, clock.today())
    context = {
        "search_query": text,
        "found": found,
        "headline": headline(found, text),
        "more": found.project_count - len(found.projects),
    }
    return render_page(request, "reporting/search/page.html", "reporting/search/_results.html", context)


def headline(found: Found, text: str) -> str:
    """The answer first: how much was found."""
    if not text:
        return _("Rechercher")
    total = found.total
    if not total:
        return _("Rien ne répond à « %(text)s »") % {"text": text}
    return ngettext("%(count)d résultat pour « %(text)s »", "%(count)d résultats pour « %(text)s »", total) % {
        "count": total,
        "text": text,
    }
