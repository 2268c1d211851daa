"""What changed in a plan, in words and figures for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.web import formats
from portfolio.engines.network import ConstraintType
from portfolio.engines.schedule_difference import Difference, Fate, FieldChange, RowChange, RowKind
from portfolio.engines.schedule_file import Link, Span, TimeUnit
from portfolio.engines.schedule_totals import ScheduleTotals
from portfolio.enums import ActivityConstraint
from portfolio.services.importers.schedule_words import KINDS

SHOWN = 120
NOTHING = "—"
FIELDS: dict[str, Promise] = {
    "name": gettext_lazy("Nom"),
    "duration": gettext_lazy("Durée"),
    "start": gettext_lazy("Début"),
    "finish": gettext_lazy("Fin"),
    "outline_level": gettext_lazy("Niveau"),
    "is_milestone": gettext_lazy("Jalon"),
    "is_manual": gettext_lazy("Planifiée à la main"),
    "is_active": gettext_lazy("Active"),
    "constraint": gettext_lazy("Contrainte"),
    "constraint_date": gettext_lazy("Date de la contrainte"),
    "deadline": gettext_lazy("Échéance"),
    "work": gettext_lazy("Travail"),
    "cost": gettext_lazy("Coût"),
    "notes": gettext_lazy("Notes"),
    "baselines": gettext_lazy("Référence du fichier"),
    "kind": gettext_lazy("Type"),
    "lag": gettext_lazy("Décalage"),
    "units": gettext_lazy("Unités"),
    "status_date": gettext_lazy("Date d’état"),
    "progress.percent_complete": gettext_lazy("Avancement"),
    "progress.actual_start": gettext_lazy("Début réel"),
    "progress.actual_finish": gettext_lazy("Fin réelle"),
    "progress.remaining_duration": gettext_lazy("Reste"),
}
UNITS: dict[TimeUnit, Promise] = {
    TimeUnit.MINUTES: gettext_lazy("min"),
    TimeUnit.HOURS: gettext_lazy("h"),
    TimeUnit.DAYS: gettext_lazy("j"),
    TimeUnit.WEEKS: gettext_lazy("sem"),
    TimeUnit.MONTHS: gettext_lazy("mois"),
    TimeUnit.PERCENT: gettext_lazy("%"),
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A row that changes: each field in words with its old and new value; `others` are fields without a word."""

    label: str
    fields: list[tuple[str, str, str]]
    others: int

    @property
    def lines(self) -> int:
        return max(len(self.fields), 1)


@dataclass(frozen=True, slots=True)
class KindCount:
    label: str
    created: int
    updated: int
    unchanged: int
    removed: int
    skipped: int


def shown_change(row: RowChange, minutes_per_day: int) -> ShownChange:
    told = [change for change in row.fields if change.name in FIELDS]
    return ShownChange(
        row.label,
        [
            (str(FIELDS[one.name]), shown(one, one.old, minutes_per_day), shown(one, one.new, minutes_per_day))
            for one in told
        ],
        len(row.fields) - len(told),
    )


def shown(change: FieldChange, value: Any, minutes_per_day: int) -> str:
    if value is None or value in ("", ()):
        return NOTHING
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, Span):
        return span_text(value, minutes_per_day)
    if isinstance(value, ConstraintType):
        return str(ActivityConstraint(value.value).label)
    if isinstance(value, datetime):
        return formats.date_short(value.date())
    if change.name == "progress.percent_complete":
        return f"{value} %"
    if isinstance(value, Decimal):
        return formats.number(value) if change.name in ("cost", "units") else minutes_text(value, minutes_per_day)
    if isinstance(value, tuple):
        return str(len(value))
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def span_text(span: Span, minutes_per_day: int) -> str:
    """A duration in the unit somebody typed, as exact as it was typed: 1,5 j is not 2 j."""
    sizes = {TimeUnit.MINUTES: 1, TimeUnit.HOURS: 60, TimeUnit.DAYS: 1440 if span.is_elapsed else minutes_per_day}
    unit = span.unit if span.unit in sizes or span.unit is TimeUnit.PERCENT else TimeUnit.DAYS
    size = sizes.get(unit, 1 if unit is TimeUnit.PERCENT else minutes_per_day)
    amount = round(span.amount / size, 2)
    decimals = next(n for n in (0, 1, 2) if amount == round(amount, n))
    written = f"{formats.number(amount, decimals)} {UNITS[unit]}"
    return _("%(duration)s écoulés") % {"duration": written} if span.is_elapsed else written


def minutes_text(minutes: Decimal, minutes_per_day: int) -> str:
    return span_text(Span(minutes), minutes_per_day)


def link_text(link: Link, minutes_per_day: int) -> str:
    return f"{link.kind.value} {span_text(link.lag, minutes_per_day)}" if link.lag.amount else link.kind.value


def kind_counts(found: Difference, skipped: Iterable[Any]) -> list[KindCount]:
    """How many rows of each kind meet which fate; kinds the file does not have are left out."""
    left_out = [item.kind for item in skipped]
    counts = []
    for kind in RowKind:
        rows = [row.fate for row in found.rows if row.key.kind is kind]
        skips = left_out.count(kind.value)
        if rows or skips:
            each = {fate.value: rows.count(fate) for fate in Fate}
            counts.append(KindCount(label=str(KINDS[kind.value]), skipped=skips, **each))
    return counts


def total_facts(totals: ScheduleTotals) -> list[tuple[str, str]]:
    """The figures by which an import can be checked at a glance."""
    types = ", ".join(f"{name} {count}" for name, count in totals.dependency_types.items() if count)
    return [
        (_("Activités"), formats.number(totals.tasks)),
        (_("dont récapitulatifs"), formats.number(totals.summaries)),
        (_("dont jalons"), formats.number(totals.milestones)),
        (_("Liens"), f"{totals.dependencies} ({types})" if types else "0"),
        (_("Début"), formats.date_short(totals.start.date()) if totals.start else NOTHING),
        (_("Fin"), formats.date_short(totals.finish.date()) if totals.finish else NOTHING),
        (_("Activités critiques"), formats.number(totals.critical_tasks)),
        (_("Longueur en jours ouvrés"), formats.number(totals.critical_path_working_days)),
        (_("Travail (heures)"), formats.number(totals.work_hours)),
        (_("Ressources"), formats.number(totals.resources)),
    ]
