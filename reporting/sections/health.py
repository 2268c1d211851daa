"""Page 4: every project's state by axis, twelve weeks of counts, lasting gaps, and who is silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext

from config.web import formats
from portfolio.engines.reporting_calendar import IsoWeek
from reporting.charts.week_counts import WeekCount, week_counts
from reporting.engines.edition import AMBER, GREEN, NOT_OWED, PAUSED, RED, STALE, Edition, ProjectFacts
from reporting.sections.base import Mark, Page, counted_states, is_overdue, mark_of, quantity, sentence, subtitle

GAP_WEEKS = 3
GAPS_SHOWN = 6
SILENT_SHOWN = 65
NAMES_IN_FULL = 12
MANY_AXES = 8
_ORDER = {RED: 0, AMBER: 1, STALE: 2, GREEN: 3, PAUSED: 4, NOT_OWED: 5}


@dataclass(frozen=True, slots=True)
class AxisHealth:
    name: str
    name_language: str
    projects: tuple[Mark, ...]
    red: int
    amber: int
    stale: int
    green: int
    deltas: dict[str, int | None]
    chart: SafeString | None
    budget: Decimal
    overdue: int


@dataclass(frozen=True, slots=True)
class GapRow:
    project: Mark
    declared: str
    computed: str
    weeks: int
    reason: str
    reason_language: str


@dataclass(frozen=True, slots=True)
class SilentRow:
    project: Mark
    last_on: str
    last_state: str


@dataclass(frozen=True, slots=True)
class Freshness:
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Health:
    axes: tuple[AxisHealth, ...]
    total: AxisHealth
    gaps: tuple[GapRow, ...]
    more_gaps: int
    silent: tuple[SilentRow, ...]
    more_silent: int
    compact: bool
    freshness: tuple[Freshness, ...]
    has_history: bool
    tight: bool


def build(edition: Edition, language: str) -> Page:
    silent = sorted(edition.silent, key=lambda row: (not row.is_top, row.rank or 9999, row.code))
    gaps = sorted(
        (row for row in edition.projects if row.gap_weeks >= GAP_WEEKS and row.status is not None),
        key=lambda row: (-row.gap_weeks, row.code),
    )
    axes = _axes(edition, language)
    body = Health(
        axes=axes,
        tight=len(axes) > MANY_AXES,
        total=_axis(gettext("Portefeuille"), language, edition.projects, edition, language),
        gaps=tuple(_gap(row, language) for row in gaps[:GAPS_SHOWN]),
        more_gaps=max(0, len(gaps) - GAPS_SHOWN),
        silent=tuple(_silent(row, language) for row in silent[:SILENT_SHOWN]),
        more_silent=max(0, len(silent) - SILENT_SHOWN),
        compact=len(silent) > NAMES_IN_FULL,
        freshness=_freshness(edition),
        has_history=any(state in (RED, AMBER, GREEN) for row in edition.projects for state in row.history),
    )
    return Page(
        key="health",
        name=gettext("Santé du portefeuille"),
        title=_title(edition),
        subtitle=subtitle(
            edition,
            ngettext("%(n)d projet actif", "%(n)d projets actifs", quantity(len(edition.projects)))
            % {"n": len(edition.projects)},
            _owing(edition),
            gettext("état déclaré en %(week)s") % {"week": formats.week(edition.week)},
            gettext("un signe par projet, par axe stratégique"),
            gettext("sans statut : rien reçu cette semaine"),
        ),
        template="sections/health.html",
        body=body,
    )


def _owing(edition: Edition) -> str:
    """How many of the active projects owe a status, where they are not all of them."""
    if edition.expected == len(edition.projects):
        return ""
    return ngettext("%(n)d doit un statut", "%(n)d doivent un statut", quantity(edition.expected)) % {
        "n": edition.expected
    }


def _title(edition: Edition) -> str:
    silent = len(edition.silent)
    if not edition.received:
        text = ngettext(
            "%(n)d projet, aucun statut : l’état du portefeuille n’est pas connu",
            "%(n)d projets, aucun statut : l’état du portefeuille n’est pas connu",
            quantity(silent),
        )
        return text % {"n": silent}
    parts = counted_states(edition)
    if not silent:
        parts.append(gettext("tous les projets ont répondu"))
    return gettext("Portefeuille : %(counts)s") % {"counts": sentence(parts)}


def _axes(edition: Edition, language: str) -> tuple[AxisHealth, ...]:
    known = {axis.code: axis for axis in edition.axes}
    rows = []
    for axis in edition.axes:
        members = [row for row in edition.projects if row.axis == axis.code]
        if members:
            rows.append(_axis(axis.names.text(language), axis.names.language(language), members, edition, language))
    others = [row for row in edition.projects if row.axis not in known]
    if others:
        rows.append(_axis(gettext("Sans axe stratégique"), language, others, edition, language))
    return tuple(rows)


def _axis(
    name: str, name_language: str, members: Sequence[ProjectFacts], edition: Edition, language: str
) -> AxisHealth:
    counts = Counter(row.state for row in members)
    before = Counter(row.previous.state for row in members if row.previous)
    compared = any(row.previous for row in members)
    ordered = sorted(members, key=lambda row: (_ORDER.get(row.state, 9), row.rank or 9999, row.code))
    return AxisHealth(
        name=name,
        name_language=name_language,
        projects=tuple(mark_of(row, language) for row in ordered),
        red=counts[RED],
        amber=counts[AMBER],
        stale=counts[STALE],
        green=counts[GREEN],
        deltas={state: counts[state] - before[state] if compared else None for state in (RED, AMBER, STALE, GREEN)},
        chart=_chart(name, members, edition),
        budget=sum((row.bac or Decimal(0) for row in members), Decimal(0)),
        overdue=sum(1 for row in members if is_overdue(row, edition)),
    )


def _chart(name: str, members: Sequence[ProjectFacts], edition: Edition) -> SafeString | None:
    """The axis over twelve weeks, on its own scale: its size is told by the counts."""
    weeks = _weeks(members, edition)
    if not any(week.red or week.amber or week.green for week in weeks):
        return None
    last = weeks[-1]
    title = gettext("%(name)s en %(week)s : %(red)d rouge, %(amber)d orange, %(stale)d sans statut, %(green)d vert") % {
        "name": name,
        "week": last.week,
        "red": last.red,
        "amber": last.amber,
        "stale": last.stale,
        "green": last.green,
    }
    return week_counts(
        weeks,
        scale_max=max(week.total for week in weeks),
        title=title,
        chart_id=f"counts-{slugify(name)}",
    )


def _weeks(members: Iterable[ProjectFacts], edition: Edition) -> tuple[WeekCount, ...]:
    histories = [row.history for row in members]
    last = IsoWeek.parse(edition.week)
    length = max((len(history) for history in histories), default=0)
    return tuple(
        WeekCount(
            week=formats.week(str(week)),
            red=sum(history[position] == RED for history in histories),
            amber=sum(history[position] == AMBER for history in histories),
            stale=sum(history[position] == STALE for history in histories),
            green=sum(history[position] == GREEN for history in histories),
        )
        for position, week in enumerate(last.last(length))
    )


def _gap(row: ProjectFacts, language: str) -> GapRow:
    status = row.status
    reasons = status.reasons if status else {}
    return GapRow(
        project=mark_of(row, language),
        declared=status.overall if status else STALE,
        computed=row.computed_overall,
        weeks=row.gap_weeks,
        reason=reasons.get("overall") or next(iter(reasons.values()), ""),
        reason_language=status.language if status else language,
    )


def _silent(row: ProjectFacts, language: str) -> SilentRow:
    return SilentRow(
        project=mark_of(row, language),
        last_on=formats.date_short(row.last_status_on) if row.last_status_on else "",
        last_state=row.last_state,
    )


def _freshness(edition: Edition) -> tuple[Freshness, ...]:
    """How old the last word of each project is at the cut."""
    ages = [_age(row, edition) for row in edition.projects if row.owes_status]
    bands = (
        (gettext("cette semaine"), lambda age: age == 0),
        (gettext("8 à 14 jours"), lambda age: age is not None and 0 < age <= 14),
        (gettext("plus de 14 jours"), lambda age: age is not None and age > 14),
        (gettext("jamais"), lambda age: age is None),
    )
    return tuple(Freshness(label, sum(1 for age in ages if holds(age))) for label, holds in bands)


def _age(row: ProjectFacts, edition: Edition) -> int | None:
    if row.status is not None:
        return 0
    return None if row.last_status_on is None else max(1, (edition.as_of.date() - row.last_status_on).days)
