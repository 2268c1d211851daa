"""Page 5: one line per priority project, always in rank order, changes marked and never re-sorted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from config.web import formats, glyphs
from portfolio.engines.reporting_calendar import IsoWeek
from reporting.charts.budget_bars import BudgetRow, budget_bar
from reporting.charts.variance_bar import VarianceBar, scale_of, variance_bar
from reporting.charts.weeks_strip import WeekState, weeks_strip
from reporting.engines.edition import DIMENSIONS, Edition, ProjectFacts
from reporting.sections.base import (
    TITLE_MAX,
    Mark,
    Page,
    clip,
    counted_states,
    is_ranked,
    mark_of,
    quantity,
    sentence,
    shown,
    spoken_state,
    subtitle,
    top_projects,
)

LINE_MAX = 110
PURPOSE_MAX, AXIS_MAX = 80, 46
NAME_MAX, NAME_LINE = 64, 33
QUIET_DAYS = 10


@dataclass(frozen=True, slots=True)
class Line:
    position: int
    project: Mark
    spoken: str
    declared: tuple[str, ...]
    message: str
    message_language: str
    milestone: str
    milestone_on: date | None
    milestone_slip: int | None
    end_slip: int | None
    end_on: date | None
    eac: Decimal | None
    overrun_percent: Decimal | None
    tolerance: Decimal | None
    quiet_days: int
    bar: SafeString
    strip: SafeString
    axis: str
    purpose: str
    start: date | None
    budget: Decimal | None
    budget_bar: SafeString

    @property
    def name_wraps(self) -> bool:
        """The name needs the second line, which its code then shares."""
        return len(self.project.name) > NAME_LINE


@dataclass(frozen=True, slots=True)
class TopProjects:
    lines: tuple[Line, ...]
    ranked: bool
    previous_week: str
    has_statuses: bool
    dimension_letters: tuple[tuple[str, str], ...]


def build(edition: Edition, language: str) -> Page | None:
    projects = top_projects(edition)
    if not projects:
        return None
    bars = [_bar(row, language) for row in projects]
    scale = scale_of(bars)
    largest = max((row.bac or Decimal(0) for row in projects), default=Decimal(0))
    lines = tuple(
        _line(position, row, bar, scale, largest, edition, language)
        for position, (row, bar) in enumerate(zip(projects, bars, strict=True), start=1)
    )
    body = TopProjects(
        lines=lines,
        ranked=is_ranked(edition),
        previous_week=formats.week(edition.previous.week) if edition.previous else "",
        has_statuses=edition.has_statuses,
        dimension_letters=_dimension_letters(),
    )
    return Page(
        key="top",
        name=_name(edition, len(projects)),
        title=_title(edition, projects),
        subtitle=_subtitle(edition),
        template="sections/top_projects.html" if edition.has_statuses else "sections/largest_projects.html",
        body=body,
    )


def _name(edition: Edition, count: int) -> str:
    if is_ranked(edition):
        return gettext("Top %(n)d en une ligne") % {"n": count}
    return gettext("Les %(n)d plus grands budgets") % {"n": count}


def _title(edition: Edition, projects: tuple[ProjectFacts, ...]) -> str:
    own = Edition(**{**{name: getattr(edition, name) for name in Edition.__slots__}, "projects": projects})
    beyond = sum(1 for row in projects if _beyond(row))
    if not is_ranked(edition):
        return _size_title(edition, projects)
    counts = sentence(counted_states(own)) or gettext("aucun état déclaré")
    if not any(row.status for row in projects):
        counts = gettext("aucun statut cette semaine")
    if not beyond:
        return gettext("Top %(n)d : %(counts)s") % {"n": len(projects), "counts": counts}
    text = ngettext(
        "Top %(n)d : %(counts)s ; %(beyond)d projet dépasse sa tolérance budgétaire",
        "Top %(n)d : %(counts)s ; %(beyond)d projets dépassent leur tolérance budgétaire",
        beyond,
    )
    told = text % {"n": len(projects), "counts": counts, "beyond": beyond}
    if len(told) > TITLE_MAX:
        return gettext("Top %(n)d : %(counts)s") % {"n": len(projects), "counts": counts}
    return told


def _size_title(edition: Edition, projects: tuple[ProjectFacts, ...]) -> str:
    total = sum((row.bac or Decimal(0) for row in edition.projects), Decimal(0))
    shown = sum((row.bac or Decimal(0) for row in projects), Decimal(0))
    if not total or len(projects) == len(edition.projects):
        return ngettext(
            "Le portefeuille en %(n)d ligne", "Le portefeuille en %(n)d lignes", quantity(len(projects))
        ) % {"n": len(projects)}
    return gettext("Les %(n)d plus grands projets portent %(share)s des budgets") % {
        "n": len(projects),
        "share": formats.percent(shown * 100 / total, 0),
    }


def _subtitle(edition: Edition) -> str:
    if not is_ranked(edition):
        order = gettext("aucun rang de priorité n’est fixé : par budget approuvé décroissant")
        return subtitle(
            edition,
            order,
            gettext("Δ fin : jours d’écart à la référence") if edition.has_statuses else "",
            gettext("montants en k€ TVAC"),
        )
    weeks = formats.week(edition.week)
    if edition.previous:
        weeks = f"{formats.week(edition.previous.week)} › {weeks}"
    return subtitle(
        edition,
        gettext("par rang de priorité"),
        gettext("état déclaré (%(weeks)s)") % {"weeks": weeks},
        gettext("jours d’écart à la référence"),
        gettext("coût final estimé (EAC) en k€"),
    )


def _beyond(row: ProjectFacts) -> bool:
    return _bar(row, "fr").is_beyond


def cost_tolerance(row: ProjectFacts) -> Decimal | None:
    """The agreed overrun in per cent of the budget."""
    tolerance = row.tolerance("cost")
    if tolerance is None or tolerance.plus is None:
        return None
    if tolerance.unit == "percent":
        return tolerance.plus
    return tolerance.plus * 100 / row.bac if tolerance.unit in ("eur", "euro") and row.bac else None


def quiet_days(row: ProjectFacts) -> int:
    """The slip said without colour: half the agreed time tolerance, ten days where none is agreed in time."""
    tolerance = row.tolerance("time")
    days = {"days": 1, "weeks": 7}.get(tolerance.unit) if tolerance else None
    if tolerance is None or tolerance.plus is None or days is None:
        return QUIET_DAYS
    return int(tolerance.plus * days / 2)


def _bar(row: ProjectFacts, language: str) -> VarianceBar:
    return VarianceBar(row.names.text(language), row.overrun_percent, cost_tolerance(row))


def _budget_bar(row: ProjectFacts, largest: Decimal) -> SafeString:
    """The whole budget in IBCS notation: outline approved, hatched forecast, solid spent."""
    bar = BudgetRow(row.code, row.bac, row.actual or None, row.eac)
    title = gettext("Budget %(budget)s, coût final estimé %(eac)s") % {
        "budget": formats.keuro(row.bac),
        "eac": formats.keuro(row.eac),
    }
    return budget_bar(bar, scale_max=largest, title=title, chart_id=f"budget-{row.code}", width=136, height=13)


def _line(
    position: int,
    row: ProjectFacts,
    bar: VarianceBar,
    scale: Decimal,
    largest: Decimal,
    edition: Edition,
    language: str,
) -> Line:
    milestone = row.next_milestone
    message, message_language = _message(row, language)
    return Line(
        position=row.rank if row.is_top and row.rank else position,
        project=_short(mark_of(row, language)),
        spoken=spoken_state(row),
        declared=tuple(row.status.declared.get(name, "none") if row.status else row.state for name in DIMENSIONS),
        message=message,
        message_language=message_language,
        milestone=milestone.name if milestone else "",
        milestone_on=milestone.forecast if milestone else None,
        milestone_slip=milestone.slip_on(edition.today) if milestone else None,
        end_slip=row.end_slip_days,
        end_on=row.forecast_end,
        eac=row.eac,
        overrun_percent=row.overrun_percent,
        tolerance=bar.tolerance,
        quiet_days=quiet_days(row),
        bar=variance_bar(bar, scale_percent=scale, title=_bar_title(bar), chart_id=f"bar-{row.code}", width=70),
        strip=strip(row, edition, width=86),
        axis=clip(next((shown(axis.names, language) for axis in edition.axes if axis.code == row.axis), ""), AXIS_MAX),
        purpose=clip(" ".join(row.purpose.split()), PURPOSE_MAX),
        start=row.start,
        budget=row.bac,
        budget_bar=_budget_bar(row, largest),
    )


def _short(project: Mark) -> Mark:
    return replace(project, name=clip(project.name, NAME_MAX))


def _message(row: ProjectFacts, language: str) -> tuple[str, str]:
    if row.status is not None:
        return clip(row.status.message, LINE_MAX), row.status.language
    if not row.owes_status:
        return gettext("Pas de statut attendu à cette étape."), language
    if row.last_status_on is None:
        return gettext("Aucun statut reçu à ce jour."), language
    text = gettext("Aucun statut cette semaine ; dernier le %(date)s (%(state)s).")
    return text % {"date": formats.date_day(row.last_status_on), "state": glyphs.state_word(row.last_state)}, language


def _bar_title(bar: VarianceBar) -> str:
    if bar.deviation is None:
        return gettext("Pas d’estimation du coût final")
    if bar.tolerance is None:
        return gettext("%(deviation)s du budget, sans tolérance fixée") % {
            "deviation": formats.delta_percent(bar.deviation)
        }
    return gettext("%(deviation)s du budget, tolérance %(tolerance)s") % {
        "deviation": formats.delta_percent(bar.deviation),
        "tolerance": formats.percent(bar.tolerance),
    }


def strip(row: ProjectFacts, edition: Edition, *, width: float) -> SafeString:
    """The last twelve weeks of one project."""
    weeks = IsoWeek.parse(edition.week).last(len(row.history))
    states = [WeekState(formats.week(str(week)), state) for week, state in zip(weeks, row.history, strict=True)]
    return weeks_strip(
        states,
        title=glyphs.strip_title([item.state for item in states]),
        chart_id=f"weeks-{row.code}",
        width=width,
    )


def _dimension_letters() -> tuple[tuple[str, str], ...]:
    return (
        (gettext("D"), gettext("Délai")),
        (gettext("B"), gettext("Budget")),
        (gettext("P"), gettext("Périmètre")),
        (gettext("R"), gettext("Ressources")),
        (gettext("Q"), gettext("Risques")),
    )
