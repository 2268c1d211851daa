"""The planning of a project on its plan page: the sentence that answers first, the chart and its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.web import formats
from portfolio.charts.gantt import GanttArrow, GanttBar, gantt, legend
from portfolio.engines.schedule_file import Span, TimeUnit
from portfolio.models.project import Project
from portfolio.selectors.plan_page import LATE_ARROWS, PlanLine, PlanPage, plan_page
from portfolio.services.importers.schedule_words import DEPARTURES
from portfolio.views.plan_words import span_text

PER_DAY = {"week": 6.0, "month": 2.2}
PAPERS = ("a4", "a3")
DEEPEST_CHOICE = 6


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A row of the table: `indent` is a class, texts are in the reader's language."""

    line: PlanLine
    indent: str
    duration: str
    float_text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    query: str
    is_current: bool


def schedule_context(project: Project, today: date, query: QueryDict) -> dict[str, Any]:
    """What the planning part of the page needs; `planning` is None where there is no plan."""
    level = _level(query.get("level", ""))
    page = plan_page(project, today, level=level)
    if page is None:
        return {"planning": None}
    scale = query.get("scale", "") if query.get("scale", "") in PER_DAY else ""
    focus = _focus(page, query.get("focus", ""))
    paper = query.get("paper", "") if query.get("paper", "") in PAPERS else ""
    return {
        "planning": page,
        "headline": headline(page),
        "bands": _chart(page, focus, scale),
        "legend": legend("gantt-legend"),
        "rows": [shown_line(line, page.plan.minutes_per_day) for line in page.lines],
        "focus": focus,
        "paper": paper,
        "levels": _levels(level, scale),
        "scales": _scales(level, scale),
    }


def headline(page: PlanPage) -> str:
    """When the plan ends, how far that is from its baseline, how much of it is critical or late."""
    if page.finish is None:
        return _("Le plan ne porte aucune date.")
    end, slip = formats.date_short(page.finish.date()), page.slip
    if slip is None:
        first = _("Fin calculée le %(end)s, sans référence pour la comparer.") % {"end": end}
    elif slip == 0:
        first = _("Fin calculée le %(end)s, comme la référence.") % {"end": end}
    elif slip > 0:
        first = ngettext(
            "Fin calculée le %(end)s, %(days)s jour après la référence.",
            "Fin calculée le %(end)s, %(days)s jours après la référence.",
            slip,
        ) % {"end": end, "days": slip}
    else:
        first = ngettext(
            "Fin calculée le %(end)s, %(days)s jour avant la référence.",
            "Fin calculée le %(end)s, %(days)s jours avant la référence.",
            -slip,
        ) % {"end": end, "days": -slip}
    critical = ngettext("%(n)s activité critique", "%(n)s activités critiques", page.critical_count) % {
        "n": page.critical_count
    }
    late = ngettext("%(n)s en retard", "%(n)s en retard", page.late_count) % {"n": page.late_count}
    return _("%(first)s %(critical)s, %(late)s sur %(total)s.") % {
        "first": first,
        "critical": critical,
        "late": late,
        "total": len(page.work),
    }


def _chart(page: PlanPage, focus: PlanLine | None, scale: str) -> list[SafeString]:
    places = {line.pk: place for place, line in enumerate(page.lines)}
    at = None if focus is None else places[focus.pk]
    shown = [
        GanttArrow(arrow.before, arrow.after, arrow.kind, is_focus=at is not None and at in (arrow.before, arrow.after))
        for arrow in page.arrows
        if at in (arrow.before, arrow.after) or arrow.is_late
    ]
    shown.sort(key=lambda arrow: arrow.is_focus)
    return gantt(
        [bar_of(page, line, is_focus=focus is not None and line.pk == focus.pk) for line in page.lines],
        shown[-LATE_ARROWS:],
        today=page.today,
        title=headline(page),
        chart_id="gantt",
        per_day=PER_DAY.get(scale),
    )


def bar_of(page: PlanPage, line: PlanLine, *, is_focus: bool = False) -> GanttBar:
    origin = line.start or line.finish or page.plan.start
    return GanttBar(
        number=line.number,
        name=line.name,
        level=line.level,
        kind=line.kind,
        start=line.start or origin or page.plan.created_at.replace(tzinfo=None),
        finish=line.finish or origin or page.plan.created_at.replace(tzinfo=None),
        is_drawn=line.start is not None and line.finish is not None and line.is_active,
        baseline_start=line.baseline_start,
        baseline_finish=line.baseline_finish,
        float_until=line.late_finish if line.state != "closed" and not line.is_critical else None,
        progress=line.progress,
        is_critical=line.is_critical,
        slip=line.slip,
        is_focus=is_focus,
    )


def shown_line(line: PlanLine, minutes_per_day: int) -> ShownLine:
    words = {reason.value: text for reason, text in DEPARTURES.items()}
    notes = [str(words[reason]) for reason in line.departures if reason in words]
    if not line.is_active:
        notes.append(_("Inactive : ne compte pas."))
    if line.is_manual:
        notes.append(_("Planifiée à la main : garde ses dates."))
    if line.misses_deadline and line.deadline is not None:
        notes.append(_("Échéance du %(day)s dépassée.") % {"day": formats.date_short(line.deadline.date())})
    return ShownLine(
        line=line,
        indent=f"lv-{min(line.level, 8)}",
        duration=_duration(line, minutes_per_day),
        float_text=formats.number(line.float_days, 0 if line.float_days == round(line.float_days) else 1)
        if line.float_days is not None
        else "",
        notes=tuple(notes),
    )


def _duration(line: PlanLine, minutes_per_day: int) -> str:
    if line.minutes is None:
        return "—"
    unit = TimeUnit(line.unit)
    return span_text(
        Span(line.minutes, TimeUnit.DAYS if unit is TimeUnit.PERCENT else unit, line.is_elapsed), minutes_per_day
    )


def _level(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _focus(page: PlanPage, text: str) -> PlanLine | None:
    return next((line for line in page.lines if text and str(line.uid) == text), None)


def _levels(level: int, scale: str) -> list[Choice]:
    names: Mapping[int, str] = {0: _("Tout"), 1: _("Niveau 1"), 2: _("Niveau 2"), 3: _("Niveau 3")}
    return [Choice(name, _query(level=key or "", scale=scale), key == level) for key, name in names.items()]


def _scales(level: int, scale: str) -> list[Choice]:
    names = {"": _("Ajusté à la page"), "month": _("Mois"), "week": _("Semaines")}
    return [Choice(name, _query(level=level or "", scale=key), key == scale) for key, name in names.items()]


def _query(**values: object) -> str:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in values.items() if value})
    return f"?{query.urlencode()}#planning"
