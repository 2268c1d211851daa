"""The chase list of the PSO: silent, begun and stale projects of a week, who was reminded, what was heard."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from config import clock
from config.web import formats
from config.web.htmx import see_other
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.engines.reporting_calendar import current_week
from portfolio.forms.assign import UnknownChoiceError, read_chosen
from portfolio.models import ReportingCycle
from portfolio.selectors.chasing import chase_steps
from portfolio.selectors.project import get_project, get_projects
from portfolio.selectors.register import options
from portfolio.selectors.reporting_cycle import calendar_of, get_cycle
from portfolio.selectors.wording import dimension_word
from portfolio.services.chase import add_note, remind_by_hand
from portfolio.services.reporting_cycle import current_cycle
from portfolio.views.register_remind import told
from reporting.selectors.late import ORDERS, PAGE, SHOWS, LateList, LateQuery, find_late

REFUSED_NOTE = "late.refused_note"
KEPT_SIGNS = 2000
"""How much of a refused text goes back into its field."""


@requires(Permission.CHASE_VIEW)
@require_GET
def late(request: AuthenticatedRequest) -> HttpResponse:
    now = clock.now()
    cycle = get_cycle(request.GET["week"]) if request.GET.get("week") else current_cycle(now)
    axes = options(request.user)["axis"]
    query = _query(request, {code for code, _name in axes})
    found = find_late(request.user, cycle, query, clock.today())
    state = cycle.state(now)
    refused = request.session.pop(REFUSED_NOTE, None)
    if refused and refused["code"] not in {row.code for row in found.rows}:
        messages.warning(request, f"{refused['code']} : {refused['error']} « {refused['text']} »")
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
        "rows": found.rows,
        "steps": chase_steps(cycle, now),
        "may_remind": may_remind,
        "refused_note": refused,
        "select_all": request.GET.get("select") == "all",
        "gaps": [(gap, ", ".join(_judged_word(name) for name in gap.dimensions)) for gap in found.gaps],
        "page": Paginator(range(found.found), PAGE).get_page(query.page),
        "may_name": has_permission(request.user, Permission.PROJECT_RANK),
        "may_preview": has_permission(request.user, Permission.PACK_PREVIEW),
    }
    return render(request, "reporting/late/list.html", context)


@requires(Permission.CHASE_REMIND)
@require_POST
def late_remind(request: AuthenticatedRequest) -> HttpResponse:
    """Remind at once who owes the statuses chosen; says who was passed over and why."""
    try:
        codes = read_chosen(request.POST)
    except UnknownChoiceError as error:
        raise BadRequest(str(error)) from error
    cycle = _week_of(request)
    if not codes:
        messages.warning(request, _("Choisissez d’abord au moins un projet."))
        return see_other(_back(request))
    projects = get_projects(request.user, codes, may=Permission.CHASE_REMIND)
    try:
        done = remind_by_hand(by=request.user, cycle=cycle, projects=projects, now=clock.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        for level, text in told(done):
            messages.add_message(request, level, text)
    return see_other(_back(request))


@requires(Permission.CHASE_REMIND)
@require_POST
def late_note(request: AuthenticatedRequest) -> HttpResponse:
    """Keep what somebody said about a missing status."""
    cycle = _week_of(request)
    project = get_project(request.user, request.POST.get("code", ""), may=Permission.CHASE_REMIND)
    text = request.POST.get("text", "")
    try:
        add_note(by=request.user, cycle=cycle, project=project, text=text, now=clock.now())
    except ValidationError as error:
        kept = text[:KEPT_SIGNS].replace("\0", "")
        request.session[REFUSED_NOTE] = {"code": project.code, "text": kept, "error": " ".join(error.messages)}
    return see_other(_back(request, f"#late-{project.code}"))


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


def _week_of(request: AuthenticatedRequest) -> ReportingCycle:
    """The week the page showed; without one, the week statuses are written for."""
    week = request.POST.get("week")
    return get_cycle(week) if week else current_cycle(clock.now())


def _back(request: AuthenticatedRequest, anchor: str = "") -> str:
    """The list as it was filtered."""
    kept = QueryDict(request.POST.get("list", "")).copy()
    kept.pop("select", None)
    query = f"?{kept.urlencode()}" if kept else ""
    return f"{reverse('reporting:late')}{query}{anchor}"
