"""The home page: the director's dashboard, or where each role's own work is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from config import clock
from config.web.fragments import kept
from config.web.htmx import render_page
from governance.selectors.ladder import late_requests
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.selectors.status_reading import status_reader
from reporting.charts.budget_bars import BudgetRow, budget_bar, scale_of
from reporting.charts.timeline_strip import Lane, TimelineMark, timeline_strip
from reporting.selectors.dashboard import (
    TRIAGE_ALL,
    TRIAGE_ROWS,
    Health,
    budget_year,
    changes,
    health,
    largest_silent,
    reader_of,
    sees_only_his_own,
    triage,
)
from reporting.selectors.dashboard_words import headline
from reporting.selectors.outlook import DAYS, ComingMilestone, coming_milestones, coming_sittings
from reporting.views.version import portfolio_version

Context = dict[str, Any]
THREATENED_SHOWN = 5
STRIP_MARKS = 150


@require_safe
@requires(Permission.MY_WORK_VIEW)
def dashboard(request: AuthenticatedRequest) -> HttpResponse:
    """Everybody's front door: the dashboard, or one's own work for who has none."""
    if not has_permission(request.user, Permission.DASHBOARD_VIEW):
        return redirect("portfolio:my_work")
    user = request.user
    limit = TRIAGE_ALL if request.GET.get("all") else TRIAGE_ROWS
    state = cache(lambda: health(user, clock.today()))
    context: Context = {
        "answer": _kept(request, "answer", lambda: _answer(user, limit, state()), limit),
        "health": _kept(request, "health", lambda: {"health": state(), "only_mine": sees_only_his_own(user)}),
        "title": _("Pilotage"),
    }
    if request.GET.get("full"):
        context["week"] = _kept(request, "week", lambda: _week(user))
        context["outlook"] = _kept(request, "outlook", lambda: _outlook(user))
    page = "reporting/dashboard/index.html"
    return render_page(request, page, page, context)


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def dashboard_week(request: AuthenticatedRequest) -> HttpResponse:
    """What changed since last week, and the bodies that meet next."""
    context = {"part": _kept(request, "week", lambda: _week(request.user)), "title": _("Depuis la semaine passée")}
    return render_page(request, "reporting/dashboard/block.html", "reporting/dashboard/_block.html", context)


@require_safe
@requires(Permission.DASHBOARD_VIEW)
def dashboard_outlook(request: AuthenticatedRequest) -> HttpResponse:
    """Money by axis and the milestones of the next thirty days."""
    context = {"part": _kept(request, "outlook", lambda: _outlook(request.user)), "title": _("Budget et jalons")}
    return render_page(request, "reporting/dashboard/block.html", "reporting/dashboard/_block.html", context)


def _kept(request: AuthenticatedRequest, name: str, build: Callable[[], Context], *more: object) -> str:
    """The block as kept for this reader, or built now when the portfolio has changed since."""
    user = request.user
    hour = clock.now().strftime("%Y-%m-%dT%H")
    parts = (portfolio_version(request), user.pk, sorted(user.role_set), get_language(), hour, *more)
    template = f"reporting/dashboard/_{name}.html"
    return kept(f"dashboard-{name}", parts=parts, render=lambda: render_to_string(template, build()))


def _answer(user: User, limit: int, state: Health) -> Context:
    found = triage(user, clock.today(), limit)
    if not found.total and state.total and not state.reported:
        found = largest_silent(user, clock.today())
    is_director = reader_of(user).is_director
    silent = state.total if found.never_reported else 0
    return {
        "triage": found,
        "is_director": is_director,
        "headline": headline(found.total, is_director=is_director, silent=silent),
        "others": state.total - found.total,
        "next_sitting": None if found.total else next(iter(coming_sittings(user, clock.now(), 1)), None),
    }


def _week(user: User) -> Context:
    today = clock.today()
    return {
        "changes": changes(user, today),
        "only_mine": sees_only_his_own(user),
        "sittings": coming_sittings(user, clock.now()),
        "late_requests": late_requests(user, today).count(),
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
        "shows_frozen": not status_reader(user).reads_open_week,
    }


def _strip(milestones: list[ComingMilestone]) -> str:
    """A glyph for each milestone; for each day and state where there would be too many to read."""
    if len(milestones) > STRIP_MARKS:
        milestones = list({(one.on, one.state): one for one in milestones}.values())
    marks = tuple(TimelineMark(one.on, one.state, f"{one.code} {one.name}", one.baseline) for one in milestones)
    return timeline_strip(
        [Lane("", marks)],
        first=clock.today(),
        last=clock.today() + timedelta(days=DAYS),
        title=_("Jalons des trente prochains jours"),
        chart_id="timeline-30",
        width=640,
    )
