"""Page 8: the milestones of the next ninety days by axis, and the threatened ones by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from config.web import formats
from reporting.charts.timeline_strip import Lane, TimelineMark, timeline_strip
from reporting.engines.edition import PAUSED, Edition, MilestoneFacts, ProjectFacts
from reporting.sections.base import Mark, Page, clip, mark_of, quantity, sentence, shown, subtitle

DAYS = 90
SHOWN = 9
LABEL_SIGNS = 30


@dataclass(frozen=True, slots=True)
class Threat:
    project: Mark
    name: str
    baseline: date
    forecast: date
    slip: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class Milestones:
    strip: SafeString
    threats: tuple[Threat, ...]
    more: int
    on_time: int
    total: int


def build(edition: Edition, language: str) -> Page | None:
    today = edition.today
    until = today + timedelta(days=DAYS)
    due = [
        (project, item)
        for project in edition.projects
        if project.state != PAUSED
        for item in project.milestones
        if item.actual is None and item.forecast <= until
    ]
    coming = [(project, item) for project, item in due if item.forecast >= today]
    if not due:
        return None
    threats = _threats(due, today, language)
    title = _title(len(coming), sum(not row.overdue for row in threats), sum(row.overdue for row in threats))
    body = Milestones(
        strip=_strip(edition, coming, today, until, title, language),
        threats=tuple(threats[:SHOWN]),
        more=max(0, len(threats) - SHOWN),
        on_time=sum(1 for _, item in coming if item.slip_on(today) <= 0),
        total=len(coming),
    )
    return Page(
        key="milestones",
        name=gettext("Jalons à 90 jours"),
        title=title,
        subtitle=subtitle(
            edition,
            gettext("Jalons non atteints, du %(start)s au %(end)s")
            % {"start": formats.date_short(today), "end": formats.date_short(until)},
            gettext("un signe par jalon : vert à l’heure, orange en retard, rouge en retard de plus de 30 jours"),
        ),
        template="sections/milestones.html",
        body=body,
    )


def _threats(due: list[tuple[ProjectFacts, MilestoneFacts]], today: date, language: str) -> list[Threat]:
    """The milestones already past, then those after their baseline, the latest of each first."""
    threats = [
        Threat(
            mark_of(project, language),
            item.name,
            item.baseline,
            item.forecast,
            item.slip_on(today),
            item.is_overdue(today),
        )
        for project, item in due
        if item.slip_on(today) > 0 or item.is_overdue(today)
    ]
    return sorted(threats, key=lambda row: (not row.overdue, -row.slip, row.project.code))


def _title(coming: int, late: int, overdue: int) -> str:
    parts = [
        ngettext("%(n)d jalon en 90 jours", "%(n)d jalons en 90 jours", quantity(coming)) % {"n": coming},
        ngettext("%(n)d en retard sur la référence", "%(n)d en retard sur la référence", quantity(late)) % {"n": late},
    ]
    if overdue:
        parts.append(ngettext("%(n)d échu et non atteint", "%(n)d échus et non atteints", overdue) % {"n": overdue})
    return sentence(parts)


def _strip(
    edition: Edition,
    coming: list[tuple[ProjectFacts, MilestoneFacts]],
    today: date,
    until: date,
    title: str,
    language: str,
) -> SafeString:
    known = {axis.code: shown(axis.names, language) for axis in edition.axes}
    groups: dict[str, list[TimelineMark]] = {name: [] for name in known.values()}
    other = gettext("Sans axe stratégique")
    for project, item in coming:
        mark = TimelineMark(item.forecast, item.rag_on(today), f"{project.code} {item.name}", item.baseline)
        groups.setdefault(known.get(project.axis, other), []).append(mark)
    lanes = [Lane(clip(name, LABEL_SIGNS), tuple(marks)) for name, marks in groups.items() if marks]
    return timeline_strip(
        lanes,
        first=today,
        last=until,
        title=title,
        chart_id="timeline-90",
        today=today,
        width=1020,
        label_width=210,
        lang=language,
    )
