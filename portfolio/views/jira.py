"""The backlog a team keeps in Jira: when it is done, the sentence first; then the weeks, and what follows it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from config import clock
from config.web import formats
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.charts.risk_curve import CurveMark, CurvePoint, risk_curve
from portfolio.charts.throughput_bars import ThroughputBar, throughput_bars
from portfolio.engines.jira_flow import WEEKS_SHOWN, Flow
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.engines.throughput import FEWEST
from portfolio.forms.jira import JiraSettleForm
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.jira import JiraPage, Outlook, backlog_of, jira_page
from portfolio.selectors.project import get_project
from portfolio.services.importers.jira_groups import groups_of_backlog, packages_of, settle_groups
from portfolio.services.importers.jira_live import last_read
from portfolio.views.plan import editable_plan

TOLD = (50, 80, 90)
REFUSED, CONFLICT = 422, 409
FRIDAY = 5


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def plan_jira(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Computed at each request: the same issues give the same weeks."""
    project = get_project(request.user, code)
    page = jira_page(project)
    may_edit = not frozen_reason(project) and has_permission(request.user, Permission.MILESTONE_EDIT, project)
    context: dict[str, Any] = {
        "project": project,
        "page": page,
        "may_edit": may_edit,
        "last_read": last_read(project) if may_edit else None,
    }
    if page is not None:
        context |= _figures(project, page)
    return render(request, "portfolio/plan/jira.html", context)


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def jira_groups(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """What each group becomes, asked again without an import."""
    project = editable_plan(request, code)
    backlog = backlog_of(project)
    if backlog is None or backlog.data_on is None:
        raise Http404
    groups, packages = groups_of_backlog(backlog), packages_of(project)
    form = JiraSettleForm(request.POST or None, groups=groups, packages=packages, initial={"version": backlog.version})
    stale = False
    if form.is_bound and form.is_valid():
        try:
            settle_groups(
                project=project,
                choices=form.chosen(),
                version=form.cleaned_data["version"],
                by=request.user,
                now=clock.now(),
            )
        except StaleVersionError:
            stale = True
            form = JiraSettleForm(groups=groups, packages=packages, initial={"version": backlog.version})
        else:
            messages.success(request, _("Groupes enregistrés : l’avancement des lots les suit."))
            return see_other(reverse("portfolio:plan_jira", args=[code]))
    context = {"project": project, "form": form, "lines": form.lines, "stale": stale}
    return render(
        request, "portfolio/plan/jira_groups.html", context, status=409 if stale else 422 if form.errors else 200
    )


def _figures(project: Project, page: JiraPage) -> dict[str, Any]:
    weeks = _bars(page.flow)
    outlook, title = page.outlook, headline(page)
    found: dict[str, Any] = {"headline": title, "weeks": weeks[::-1], "why": why_not(page)}
    if any(one.done or one.added or one.removed for one in weeks):
        found["bars"] = throughput_bars(
            weeks,
            mean=None if outlook is None else outlook.mean,
            mean_label="" if outlook is None else _("moyenne %(mean)s") % {"mean": formats.number(outlook.mean, 1)},
            title=_("Demandes terminées, ajoutées et retirées par semaine"),
            chart_id="throughput",
        )
    if outlook is not None:
        target = _target(project, outlook)
        found |= {
            "mean": formats.number(outlook.mean, 1),
            "told": [(f"P{share}", week_text(outlook.week(share))) for share in TOLD],
            "growing": [(f"P{share}", week_text(outlook.week(share, with_growth=True))) for share in TOLD],
            "grows": sum(week.scope_change for week in outlook.samples),
            "samples": len(outlook.samples),
            "chance": None if target is None else formats.percent(100 * outlook.chance(IsoWeek.of(target)), 0),
            "target": target,
            "curve": _curve(outlook, title, target),
        }
    return found


def headline(page: JiraPage) -> str:
    """When the backlog is done, in one sentence; what is missing to say so otherwise."""
    flow, outlook = page.flow, page.outlook
    if not flow.total:
        return _("Aucune demande n’est suivie")
    if not flow.remaining:
        return _("Toutes les demandes suivies sont terminées")
    if outlook is None:
        return ngettext(
            "%(left)s demande reste ; l’historique est trop court pour une prévision",
            "%(left)s demandes restent ; l’historique est trop court pour une prévision",
            flow.remaining,
        ) % {"left": flow.remaining}
    likely, safe = outlook.week(50), outlook.week(80)
    if likely is None:
        return _("À ce rythme, le reste ne serait pas fini avant trois ans")
    if safe is None:
        return _("Une chance sur deux d’avoir fini en %(likely)s ; au-delà de trois ans sinon") % {
            "likely": week_text(likely)
        }
    if likely == safe:
        return _("Fini en %(safe)s, huit fois sur dix au moins, au rythme des dernières semaines") % {
            "safe": week_text(safe)
        }
    return _("Fini entre %(likely)s (une fois sur deux) et %(safe)s (huit fois sur dix)") % {
        "likely": week_text(likely),
        "safe": week_text(safe),
    }


def why_not(page: JiraPage) -> str:
    """What a forecast lacks; empty where there is one, or nothing left to forecast."""
    if page.outlook is not None or not page.flow.remaining:
        return ""
    weeks = page.flow.weeks
    begun = next((place for place, week in enumerate(weeks) if week.done), len(weeks))
    if not weeks and not page.flow.current:
        return _("Les demandes ne portent pas de dates : l’avancement se lit, le débit non.")
    if len(weeks) - begun < FEWEST:
        return _("Il faut six semaines complètes depuis la première demande terminée ; il y en a %(weeks)s.") % {
            "weeks": len(weeks) - begun
        }
    return _("Rien n’a été terminé dans les douze dernières semaines.")


def week_text(week: IsoWeek | None) -> str:
    return _("au-delà de trois ans") if week is None else formats.week_year((week.year, week.week))


def _bars(flow: Flow) -> list[ThroughputBar]:
    """From the first week that finished something on: those before filled the backlog and would dwarf the others."""
    rows = [(row, False) for row in flow.weeks] + ([(flow.current, True)] if flow.current else [])
    begun = next((place for place, (row, _is_open) in enumerate(rows) if row.done), 0)
    return [
        ThroughputBar(formats.week((row.week.year, row.week.week)), row.done, row.added, row.removed, is_open)
        for row, is_open in rows[begun:][-WEEKS_SHOWN:]
    ]


def _target(project: Project, outlook: Outlook) -> date | None:
    """The end expected of the project, while it lies ahead of the data."""
    end = project.forecast_end
    return end if end is not None and IsoWeek.of(end) > outlook.since else None


def _curve(outlook: Outlook, title: str, target: date | None) -> SafeString | None:
    """The chance of being done by the Friday of each week; none where too few runs end to draw one."""
    days, over = [], 0
    for weeks, count in enumerate(outlook.steady.ended, 1):
        over += count
        if count:
            days.append(CurvePoint(outlook.since.plus(weeks).day(FRIDAY), 100 * over / outlook.steady.runs))
    marks = [
        CurveMark(week.day(FRIDAY), f"P{share}", 100 * outlook.chance(week))
        for share in (50, 80)
        if (week := outlook.week(share)) is not None
    ]
    if len(days) < 2 or not marks or over < outlook.steady.runs:
        return None
    if target is not None:
        marks.append(CurveMark(target, _("fin prévue"), 100 * outlook.chance(IsoWeek.of(target)), is_target=True))
    return risk_curve(days, marks, title=title, chart_id="outlook")
