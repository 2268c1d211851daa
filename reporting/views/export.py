"""The filtered register as a file, through the same selector as its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from config import clock
from config.web import formats
from config.web.glyphs import state_word
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.reporting_calendar import current_week
from portfolio.enums import LifeCycle, Method
from portfolio.forms.assign import UnknownChoiceError, read_chosen
from portfolio.forms.register import LABELS, UnknownFilterError, read_query
from portfolio.selectors.register import PRESETS, RegisterQuery, every_row, options
from portfolio.selectors.reporting_cycle import calendar_of
from reporting.exports.workbook import Origin, as_csv, as_xlsx

log = structlog.get_logger("cadran.exports")


@requires(Permission.EXPORT)
@require_http_methods(["GET", "POST"])
def export(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """All rows of the address's filter, whatever the page shows; a post names rows. `kind` is xlsx or csv."""
    if kind not in ("xlsx", "csv"):
        raise Http404
    choices = options(request.user)
    try:
        query = read_query(QueryDict(request.POST.get("register", "")) if request.POST else request.GET, choices)
        query = replace(query, codes=read_chosen(request.POST))
    except (UnknownFilterError, UnknownChoiceError) as error:
        return render(request, "portfolio/register/unknown_filter.html", {"name": str(error)}, status=400)
    if request.method == "POST" and not query.codes:
        messages.warning(request, _("Choisissez d’abord au moins un projet."))
        return see_other(reverse("portfolio:register"))
    now = clock.now()
    rows = every_row(request.user, query, clock.today())
    if kind == "csv":
        content = as_csv(rows)
    else:
        origin = Origin(
            at=localtime(now),
            by=request.user.full_name,
            selection=in_words(query, choices),
            source=request.build_absolute_uri(reverse("portfolio:register")),
            stale_after_days=calendar_of(current_week(now)).stale_after_days,
        )
        content = as_xlsx(rows, origin)
    log.info("register.exported", user=request.user.pk, kind=kind, rows=len(rows), criteria=query.criteria())
    return download(content, f"registre-{clock.today().isoformat()}.{kind}")


def in_words(query: RegisterQuery, choices: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """The filter as its page names it."""
    words: Mapping[str, Mapping[str, object]] = {
        "preset": PRESETS,
        "method": dict(Method.choices),
        "life_cycle": dict(LifeCycle.choices),
        **{name: dict(pairs) for name, pairs in choices.items()},
    }
    parts = []
    for name in query.criteria():
        value: str = getattr(query, name)
        shown = state_word(value) if name == "state" else words.get(name, {}).get(value, value)
        parts.append(formats.labelled(str(LABELS[name]), str(shown)))
    if query.codes:
        chosen = ngettext("%(count)d projet choisi", "%(count)d projets choisis", len(query.codes))
        parts.append(chosen % {"count": len(query.codes)})
    return " ; ".join(parts)


def download(content: bytes, name: str) -> HttpResponse:
    """A file to keep: never shown in the page, never kept by a cache."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox"
    response["Cache-Control"] = "no-store"
    return response
