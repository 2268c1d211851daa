"""The chase list of the PSO: silent, begun and stale projects of a week, with a letter one click away."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from config import clock
from config.web import formats
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.reporting_calendar import current_week
from portfolio.models import ReportingCycle
from portfolio.selectors.register import options
from portfolio.selectors.reporting_cycle import calendar_of, get_cycle
from portfolio.selectors.wording import dimension_word
from portfolio.services.reporting_cycle import current_cycle
from reporting.selectors.late import ORDERS, PAGE, SHOWS, LateList, LateQuery, LateRow, find_late

LETTERS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Chased:
    """A row and the letter that asks for its status, in the language of its project manager."""

    row: LateRow
    letter: str


@dataclass(frozen=True, slots=True)
class LetterToAll:
    address: str
    people: int


@requires(Permission.CHASE_VIEW)
@require_GET
def late(request: AuthenticatedRequest) -> HttpResponse:
    now = clock.now()
    cycle = get_cycle(request.GET["week"]) if request.GET.get("week") else current_cycle(now)
    axes = options(request.user)["axis"]
    query = _query(request, {code for code, _name in axes})
    found = find_late(request.user, cycle, query, clock.today())
    state = cycle.state(now)
    may_remind = has_permission(request.user, Permission.CHASE_REMIND) and state in ("open", "due")
    context = {
        "late": found,
        "query": query,
        "cycle": cycle,
        "stale_after_days": calendar_of(current_week(now)).stale_after_days,
        "state": state,
        "headline": headline(found, cycle),
        "chips": [(name, label, found.counts[name]) for name, label in SHOWS.items() if found.counts[name]],
        "axes": axes,
        "rows": [Chased(row, _letter(request, row, cycle) if may_remind else "") for row in found.rows],
        "to_all": _letter_to_all(request, found, cycle) if may_remind else None,
        "gaps": [(gap, ", ".join(_judged_word(name) for name in gap.dimensions)) for gap in found.gaps],
        "page": Paginator(range(found.found), PAGE).get_page(query.page),
        "may_name": has_permission(request.user, Permission.PROJECT_RANK),
        "may_preview": has_permission(request.user, Permission.PACK_PREVIEW),
    }
    return render(request, "reporting/late/list.html", context)


def _query(request: HttpRequest, axes: set[str]) -> LateQuery:
    """The query of the address; a value the list does not have is refused, never passed over."""
    given = {name: request.GET.get(name, "") for name in ("show", "axis", "sort", "page")}
    allowed = {"show": set(SHOWS), "axis": axes, "sort": {*ORDERS, *(f"-{name}" for name in ORDERS)}}
    for name, values in allowed.items():
        if given[name] and given[name] not in values:
            raise BadRequest(_("La liste ne connaît pas « %(value)s ».") % {"value": given[name][:40]})
    page = given["page"] or "1"
    if not (page.isascii() and page.isdigit()) or int(page[:6]) < 1:
        raise BadRequest(_("La liste ne connaît pas « %(value)s ».") % {"value": page[:40]})
    return LateQuery(show=given["show"], axis=given["axis"], sort=given["sort"] or "silence", page=int(page[:6]))


def headline(found: LateList, cycle: ReportingCycle) -> str:
    """The answer first: how many statuses came, how many projects are silent."""
    week = formats.week(cycle.slug)
    if not found.expected:
        return _("Aucun projet ne doit de statut pour %(week)s") % {"week": week}
    if not found.missing:
        return ngettext(
            "Le seul statut attendu pour %(week)s est reçu",
            "Les %(count)d statuts attendus pour %(week)s sont reçus",
            found.expected,
        ) % {"count": found.expected, "week": week}
    if not found.received:
        return ngettext(
            "Aucun statut reçu pour %(week)s : %(count)d projet attendu",
            "Aucun statut reçu pour %(week)s : %(count)d projets attendus",
            found.expected,
        ) % {"count": found.expected, "week": week}
    silent = ngettext("%(count)d projet se tait", "%(count)d projets se taisent", found.missing)
    return _("%(received)d statuts reçus sur %(expected)d : %(silent)s") % {
        "received": found.received,
        "expected": found.expected,
        "silent": silent % {"count": found.missing},
    }


def _judged_word(name: str) -> str:
    return _("ensemble") if name == "overall" else str(dimension_word(name))


def _letter(request: HttpRequest, row: LateRow, cycle: ReportingCycle) -> str:
    """A `mailto:` address with subject and text; empty where nobody can be written to."""
    if not row.email:
        return ""
    form = request.build_absolute_uri(reverse("portfolio:status", args=[row.code, cycle.slug]))
    with translation.override(row.manager_language):
        subject = _("Statut %(week)s de %(code)s") % {"week": formats.week(cycle.slug), "code": row.code}
        text = _(
            "Bonjour,\n\nLe statut de %(code)s pour la semaine %(week)s manque encore. "
            "La semaine est gelée %(freeze)s.\n\n%(url)s\n"
        ) % {
            "code": row.code,
            "week": formats.week(cycle.slug),
            "freeze": formats.datetime_short(cycle.freeze_at),
            "url": form,
        }
    return f"mailto:{quote(row.email, safe='@')}?subject={quote(subject)}&body={quote(text)}"


def _letter_to_all(request: HttpRequest, found: LateList, cycle: ReportingCycle) -> LetterToAll | None:
    """One letter to the project managers of the page, as blind copies; none for one of them or too many."""
    addresses = sorted({row.email for row in found.rows if row.email})
    if not 1 < len(addresses) <= LETTERS_AT_ONCE:
        return None
    subject = _("Statuts %(week)s attendus") % {"week": formats.week(cycle.slug)}
    text = _(
        "Bonjour,\n\nAu moins un de vos statuts de la semaine %(week)s manque encore. "
        "La semaine est gelée %(freeze)s.\n\n%(url)s\n"
    ) % {
        "week": formats.week(cycle.slug),
        "freeze": formats.datetime_short(cycle.freeze_at),
        "url": request.build_absolute_uri(reverse("portfolio:my_work")),
    }
    copies = quote(",".join(addresses), safe="@,")
    return LetterToAll(f"mailto:?bcc={copies}&subject={quote(subject)}&body={quote(text)}", len(addresses))
