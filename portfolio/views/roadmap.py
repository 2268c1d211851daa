"""The roadmap of the portfolio: a sentence, the next thirteen weeks, the bars and their table, what slipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from config import clock
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.charts.gantt import GanttArrow, GanttBar, GanttMark, gantt, legend
from portfolio.selectors.cross_link import CrossPage, portfolio_links
from portfolio.selectors.roadmap import (
    RoadmapGroup,
    RoadmapProject,
    portfolio_deviation,
    roadmap,
    slipped_since,
    strip,
)
from portfolio.views.link_words import links_headline, named_hits

SCALES = {"quarter": 1.0, "month": 2.2, "week": 6.0}
PERIODS = (7, 28, 91)
PAPERS = ("a4", "a3")


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def roadmap_page(request: AuthenticatedRequest) -> HttpResponse:
    today = clock.today()
    groups = roadmap(request.user, today)
    scale = request.GET.get("scale", "")
    days = next((one for one in PERIODS if str(one) == request.GET.get("since")), PERIODS[0])
    since = datetime.combine(today - timedelta(days=days), time(23, 59, 59), tzinfo=clock.BRUSSELS)
    slipped = slipped_since(groups, since)
    title = _headline(groups, len(slipped), days)
    ties, focus = portfolio_links(request.user), request.GET.get("focus", "")
    context: dict[str, Any] = {
        "groups": groups,
        "headline": title,
        "bands": _chart(groups, ties, today, title, scale=SCALES.get(scale), focus=focus) if groups else [],
        "ties": ties,
        "ties_headline": links_headline(ties),
        "hits": named_hits(ties),
        "tied": sorted({one.project.code for link in ties.links for one in (link.giver, link.waiter)}),
        "focus": focus,
        "legend": legend("roadmap-legend"),
        "deviation": portfolio_deviation(groups),
        "weeks": strip(groups, today),
        "slipped": slipped,
        "days": days,
        "paper": request.GET.get("paper", "") if request.GET.get("paper", "") in PAPERS else "",
        "scales": [("", _("Ajustée")), ("quarter", _("Trimestres")), ("month", _("Mois")), ("week", _("Semaines"))],
        "scale": scale if scale in SCALES else "",
        "periods": [(7, _("une semaine")), (28, _("quatre semaines")), (91, _("treize semaines"))],
    }
    return render(request, "portfolio/roadmap/roadmap.html", context)


def _headline(groups: Sequence[RoadmapGroup], slipped: int, days: int) -> str:
    rows = [row for group in groups for row in group.projects]
    late = sum(1 for row in rows if row.slip and row.slip > 0)
    if not rows:
        return _("Aucun projet en cours que vous puissiez voir")
    first = ngettext(
        "%(late)s projet sur %(total)s finit après sa référence",
        "%(late)s projets sur %(total)s finissent après leur référence",
        late,
    ) % {"late": late, "total": len(rows)}
    then = ngettext("%(n)s jalon a glissé en %(days)s jours", "%(n)s jalons ont glissé en %(days)s jours", slipped) % {
        "n": slipped,
        "days": days,
    }
    return f"{first}, {then}"


def _chart(
    groups: Sequence[RoadmapGroup], ties: CrossPage, today: date, title: str, *, scale: float | None, focus: str
) -> list[SafeString]:
    """Arrows are those of links that clash and of the project in focus: all of them would be a hairball."""
    drawn = list(_bars(groups, today))
    places = {key: place for place, (key, _bar) in enumerate(drawn) if key}
    bars = [
        replace(bar, number=place, is_focus=bool(key) and key == focus) for place, (key, bar) in enumerate(drawn, 1)
    ]
    arrows = []
    for one in ties.links:
        before, after = places.get(one.giver.project.code), places.get(one.waiter.project.code)
        near = focus in (one.giver.project.code, one.waiter.project.code)
        if before is not None and after is not None and (one.clash or near):
            arrows.append(GanttArrow(before, after, one.link.kind, is_focus=near))
    return gantt(bars, arrows, today=today, title=title, chart_id="roadmap", per_day=scale)


def _bars(groups: Sequence[RoadmapGroup], today: date) -> Iterator[tuple[str, GanttBar]]:
    """Rows in order, each with the code of its project, empty for what holds projects."""
    axis = None
    for group in groups:
        if group.axis != axis:
            axis = group.axis
            yield "", _group_bar(axis or _("Sans axe"), 1, [one for one in groups if one.axis == axis], today)
        if group.programme:
            yield "", _group_bar(group.programme, 2, [group], today)
        for row in group.projects:
            yield row.project.code, _project_bar(row, 3 if group.programme else 2, today)


def _group_bar(name: str, level: int, groups: Sequence[RoadmapGroup], today: date) -> GanttBar:
    rows = [row for group in groups for row in group.projects]
    starts, ends = [row.start for row in rows if row.start], [row.end for row in rows if row.end]
    return GanttBar(
        number=0,
        name=name,
        level=level,
        kind="summary",
        start=_morning(min(starts, default=today)),
        finish=_evening(max(ends, default=today)),
        is_drawn=bool(starts and ends),
    )


def _project_bar(row: RoadmapProject, level: int, today: date) -> GanttBar:
    start = row.start or row.end or today
    return GanttBar(
        number=0,
        name=f"{row.project.code} {row.project.name}",
        level=level,
        kind="task",
        start=_morning(start),
        finish=_evening(max(row.end or start, start)),
        is_drawn=row.end is not None and row.start is not None,
        baseline_start=_morning(start) if row.baseline_end else None,
        baseline_finish=_evening(row.baseline_end) if row.baseline_end else None,
        slip=row.slip,
        marks=tuple(GanttMark(_evening(line.shown), is_reached=line.actual is not None) for line in row.milestones),
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(8))


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(17))
