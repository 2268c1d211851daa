"""The home page: the director's dashboard, or where each role's own work is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config import clock
from config.web.fragments import kept
from config.web.htmx import render_page
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from reporting.charts.budget_bars import BudgetRow, budget_bar, scale_of
from reporting.charts.timeline_strip import Lane, TimelineMark, timeline_strip
from reporting.selectors.dashboard import (
    budget_year,
    changes,
    coverage,
    health,
    largest_silent,
    triage,
)
from reporting.selectors.dashboard_words import headline
from reporting.selectors.outlook import DAYS, ComingMilestone, coming_milestones, coming_sittings
from reporting.views.version import portfolio_version

Context = dict[str, Any]
THREATENED_SHOWN = 5


@requires(Permission.MY_WORK_VIEW)
def dashboard(request: AuthenticatedRequest) -> HttpResponse:
    """Everybody's front door: the dashboard, or one's own work for who has none."""
    if not has_permission(request.user, Permission.DASHBOARD_VIEW):
        return redirect("portfolio:my_work")
    context: Context = {
        "answer": _kept(request, "answer", _answer),
        "health": _kept(request, "health", _health),
        "title": _("Pilotage"),
    }
    if request.GET.get("full"):
        context |= {"week": _kept(request, "week", _week), "outlook": _kept(request, "outlook", _outlook)}
    page = "reporting/dashboard/index.html"
    return render_page(request, page, page, context)


@requires(Permission.DASHBOARD_VIEW)
def dashboard_week(request: AuthenticatedRequest) -> HttpResponse:
    """What changed since last week, and the bodies that meet next."""
    context = {"part": _kept(request, "week", _week), "title": _("Depuis la semaine passée")}
    return render_page(request, "reporting/dashboard/block.html", "reporting/dashboard/_block.html", context)


@requires(Permission.DASHBOARD_VIEW)
def dashboard_outlook(request: AuthenticatedRequest) -> HttpResponse:
    """Money by axis and the milestones of the next thirty days."""
    context = {"part": _kept(request, "outlook", _outlook), "title": _("Budget et jalons")}
    return render_page(request, "reporting/dashboard/block.html", "reporting/dashboard/_block.html", context)


def _kept(request: AuthenticatedRequest, name: str, build: Callable[[User], Context]) -> str:
    user = request.user
    parts = (
        portfolio_version(request),
        user.pk,
        sorted(user.role_set),
        get_language(),
        clock.now().strftime("%Y-%m-%dT%H"),
    )
    return kept(
        f"dashboard-{name}",
        parts=parts,
        render=lambda: render_to_string(f"reporting/dashboard/_{name}.html", build(user)),
    )


def _answer(user: User) -> Context:
    today = clock.today()
    found = triage(user, today)
    running, reported = coverage(user, today)
    if not found.total and running and not reported:
        found = largest_silent(user, today)
    return {
        "triage": found,
        "headline": headline(found.total, silent=running if found.never_reported else 0),
        "calm": running - found.total,
        "next_sitting": None if found.total else next(iter(coming_sittings(user, clock.now(), 1)), None),
    }


def _health(user: User) -> Context:
    return {"health": health(user, clock.today())}


def _week(user: User) -> Context:
    today = clock.today()
    return {
        "changes": changes(user, today),
        "sittings": coming_sittings(user, clock.now()),
    }


def _outlook(user: User) -> Context:
    today = clock.today()
    year, money = budget_year(user, today)
    rows = [BudgetRow(one.name or _("Sans axe stratégique"), one.budget, one.actual, one.forecast) for one in money]
    total = BudgetRow(
        label=_("Total"),
        budget=sum((one.budget for one in money), Decimal(0)),
        actual=sum((one.actual for one in money), Decimal(0)),
        forecast=sum((one.forecast for one in money), Decimal(0)),
    )
    scale = scale_of(rows)
    milestones = coming_milestones(user, today)
    return {
        "year": year,
        "money": [
            {
                "row": row,
                "code": one.code,
                "bar": budget_bar(
                    row, scale_max=scale, title=row.label, chart_id=f"axis-{number}", width=200, height=20
                ),
            }
            for number, (row, one) in enumerate(zip(rows, money, strict=True))
        ],
        "total": total,
        "milestones": milestones,
        "threatened": [one for one in milestones if one.threatened][:THREATENED_SHOWN],
        "threatened_total": sum(one.threatened for one in milestones),
        "strip": _strip(milestones) if milestones else "",
        "days": DAYS,
    }


def _strip(milestones: list[ComingMilestone]) -> str:
    marks = tuple(TimelineMark(one.on, one.state, f"{one.code} {one.name}", one.baseline) for one in milestones)
    return timeline_strip(
        [Lane("", marks)],
        first=clock.today(),
        last=clock.today() + timedelta(days=DAYS),
        title=_("Jalons des trente prochains jours"),
        chart_id="timeline-30",
        width=640,
    )
