"""Page 7: budget, actual and forecast by axis in IBCS notation, by year, and the largest deviations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext

from config.clock import BRUSSELS
from config.web import formats
from reporting.charts.budget_bars import BudgetRow, budget_bar, legend, scale_of
from reporting.charts.s_curve import SCurve, s_curve
from reporting.engines.edition import BudgetFacts, Edition, ProjectFacts
from reporting.sections.base import Mark, Page, mark_of, quantity, sentence, subtitle

DEVIATIONS_SHOWN = 8
FEW_YEARS = 2
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class MoneyRow:
    name: str
    name_language: str
    bar: SafeString | None
    budget: Decimal
    actual: Decimal
    forecast: Decimal | None

    @property
    def delta(self) -> Decimal | None:
        return None if self.forecast is None else self.forecast - self.budget

    @property
    def percent(self) -> Decimal | None:
        return None if self.forecast is None or not self.budget else (self.forecast - self.budget) * 100 / self.budget


@dataclass(frozen=True, slots=True)
class Deviation:
    project: Mark
    budget: Decimal
    forecast: Decimal
    delta: Decimal
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Finances:
    rows: tuple[MoneyRow, ...]
    total: MoneyRow
    legend: SafeString
    has_actual: bool
    has_forecast: bool
    scope: str
    curve: SafeString | None
    curve_title: str
    deviations: tuple[Deviation, ...]
    deviations_title: str
    sources: str


@dataclass(frozen=True, slots=True)
class _Sums:
    budget: Decimal
    actual: Decimal
    forecast: Decimal | None


def build(edition: Edition, language: str) -> Page | None:
    if not any(row.budget for row in edition.projects):
        return None
    year = _year(edition)
    total = _sums(edition.projects, year)
    rows = _rows(edition, year, language)
    curve = _curve(edition)
    deviations = _deviations(edition, language)
    body = Finances(
        rows=rows,
        total=MoneyRow(gettext("Total"), language, None, total.budget, total.actual, total.forecast),
        legend=legend(title=gettext("Légende : réel, prévision, budget"), chart_id="legend-budget"),
        has_actual=total.actual > 0,
        has_forecast=total.forecast is not None,
        scope=str(year) if year else gettext("toutes années"),
        curve=curve,
        curve_title=_curve_title(edition),
        deviations=deviations,
        deviations_title=_deviations_title(edition, deviations),
        sources=_sources(edition),
    )
    return Page(
        key="finances",
        name=gettext("Finances"),
        title=_title(edition, total, rows, year),
        subtitle=_subtitle(edition, year),
        template="sections/finances.html",
        body=body,
    )


def _year(edition: Edition) -> int | None:
    """The year of the cut where it has a budget; None means all years together."""
    year = edition.as_of.astimezone(BRUSSELS).year
    has_budget = any(line.year == year and line.approved for row in edition.projects for line in row.budget)
    return year if has_budget else None


def _lines(projects: Iterable[ProjectFacts], year: int | None) -> list[BudgetFacts]:
    return [line for row in projects for line in row.budget if year is None or line.year == year]


def _sums(projects: Iterable[ProjectFacts], year: int | None) -> _Sums:
    """A line nobody forecast counts as approved, or as spent if more; None where no line has a forecast."""
    lines = _lines(projects, year)
    forecast = None
    if any(line.forecast is not None for line in lines):
        forecast = sum(
            (line.forecast if line.forecast is not None else max(line.approved, line.actual) for line in lines), ZERO
        )
    return _Sums(sum((line.approved for line in lines), ZERO), sum((line.actual for line in lines), ZERO), forecast)


def _rows(edition: Edition, year: int | None, language: str) -> tuple[MoneyRow, ...]:
    groups: list[tuple[str, str, list[ProjectFacts]]] = []
    known = {axis.code for axis in edition.axes}
    for axis in edition.axes:
        members = [row for row in edition.projects if row.axis == axis.code]
        groups.append((axis.names.text(language), axis.names.language(language), members))
    groups.append(
        (gettext("Sans axe stratégique"), language, [row for row in edition.projects if row.axis not in known])
    )
    summed = [(name, tongue, _sums(members, year)) for name, tongue, members in groups if _lines(members, year)]
    bars = [BudgetRow(name, sums.budget, sums.actual or None, sums.forecast) for name, _, sums in summed]
    scale = scale_of(bars)
    return tuple(
        MoneyRow(
            name,
            tongue,
            budget_bar(bar, scale_max=scale, title=_bar_title(bar), chart_id=f"money-{slugify(name)}", width=420),
            sums.budget,
            sums.actual,
            sums.forecast,
        )
        for (name, tongue, sums), bar in zip(summed, bars, strict=True)
    )


def _bar_title(bar: BudgetRow) -> str:
    parts = [gettext("budget %(amount)s") % {"amount": formats.meuro(bar.budget)}]
    if bar.actual:
        parts.append(gettext("réel %(amount)s") % {"amount": formats.meuro(bar.actual)})
    if bar.forecast is not None:
        parts.append(gettext("prévision %(amount)s") % {"amount": formats.meuro(bar.forecast)})
    return formats.labelled(bar.label, ", ".join(parts))


def _title(edition: Edition, total: _Sums, rows: Sequence[MoneyRow], year: int | None) -> str:
    whole = (
        gettext("%(year)d finira à %(amount)s") % {"year": year, "amount": formats.meuro(total.forecast)}
        if (year and total.forecast is not None)
        else ""
    )
    if total.forecast is None:
        text = gettext("Le portefeuille engage %(amount)s de budget approuvé, sans prévision du coût final")
        told = text % {"amount": formats.meuro(total.budget)}
        largest = _largest(rows, total)
        return sentence([told, largest] if largest else [told], separator=gettext(" ; "))
    whole = whole or gettext("Le portefeuille finira à %(amount)s") % {"amount": formats.meuro(total.forecast)}
    delta = total.forecast - total.budget
    if formats.round_half_up(delta / formats.MILLION, 1) == 0:
        return gettext("%(whole)s, comme au budget") % {"whole": whole}
    words = {
        True: gettext("%(whole)s, soit %(delta)s au-dessus du budget"),
        False: gettext("%(whole)s, soit %(delta)s sous le budget"),
    }
    first = words[delta > 0] % {"whole": whole, "delta": formats.meuro(abs(delta))}
    driver = _driver(rows, delta)
    if driver is None or driver.delta is None:
        return sentence([first])
    second = gettext("l’axe %(axis)s en explique %(part)s") % {
        "axis": driver.name,
        "part": formats.meuro_bare(abs(driver.delta)),
    }
    return sentence([first, second], separator=gettext(" ; "))


def _driver(rows: Sequence[MoneyRow], delta: Decimal) -> MoneyRow | None:
    """The axis that explains at least half of a deviation, and visibly more than any other; None where none does."""
    side = 1 if delta > 0 else -1
    ordered = sorted(rows, key=lambda row: -(row.delta or ZERO) * side)
    if len(ordered) < FEW_YEARS:
        return None
    first, second = (_shown_millions(row.delta or ZERO) * side for row in ordered[:2])
    explains = (ordered[0].delta or ZERO) * side * 2 >= abs(delta)
    return ordered[0] if explains and first > 0 and first > second else None


def _shown_millions(amount: Decimal) -> Decimal:
    """The amount as the table prints it."""
    return formats.round_half_up(amount / formats.MILLION, 1)


def _largest(rows: Sequence[MoneyRow], total: _Sums) -> str:
    if len(rows) < FEW_YEARS or not total.budget:
        return ""
    first = max(rows, key=lambda row: row.budget)
    return gettext("%(axis)s en porte %(share)s") % {
        "axis": first.name,
        "share": formats.percent(first.budget * 100 / total.budget, 0),
    }


def _subtitle(edition: Edition, year: int | None) -> str:
    dates = [line.actual_on for line in _lines(edition.projects, year) if line.actual_on is not None]
    count = sum(1 for row in edition.projects if row.budget)
    parts = [
        ngettext("%(n)d projet budgété", "%(n)d projets budgétés", quantity(count)) % {"n": count},
        gettext("budget (BU), réel (AC), prévision (PRÉV)"),
    ]
    if dates:
        parts.append(gettext("réel au %(date)s au plus tard") % {"date": formats.date_short(max(dates))})
    parts.append(gettext("M€ TVAC, %(scope)s") % {"scope": year or gettext("toutes années")})
    return subtitle(edition, *parts)


def _by_year(edition: Edition) -> dict[int, _Sums]:
    years = sorted({line.year for row in edition.projects for line in row.budget})
    return {year: _sums(edition.projects, year) for year in years}


def _curve(edition: Edition) -> SafeString | None:
    """Cumulated money by year; drawn from three years on, since two points are no curve."""
    sums = _by_year(edition)
    if len(sums) <= FEW_YEARS:
        return None
    budget = forecast = actual = ZERO
    planned: list[Decimal | None] = []
    spent: list[Decimal | None] = []
    expected: list[Decimal | None] = []
    spending_ends = max((year for year, item in sums.items() if item.actual), default=None)
    for year, item in sums.items():
        budget += item.budget
        actual += item.actual
        forecast += item.forecast if item.forecast is not None else item.budget
        planned.append(budget)
        spent.append(actual if spending_ends is not None and year <= spending_ends else None)
        expected.append(forecast)
    has_forecast = any(item.forecast is not None for item in sums.values())
    data = SCurve(
        periods=tuple(str(year) for year in sums),
        planned=tuple(planned),
        actual=tuple(spent),
        forecast=tuple(expected) if has_forecast else (),
        actual_share=_share_of_year(edition, spending_ends),
    )
    return s_curve(data, title=_curve_title(edition), chart_id="curve-years", height=230)


def _share_of_year(edition: Edition, year: int | None) -> float:
    """How much of its last year the actual covers, by the latest day it was taken."""
    dates = [line.actual_on for row in edition.projects for line in row.budget if line.year == year and line.actual_on]
    last = max(dates, default=None)
    if last is None or year is None or last.year > year:
        return 1.0
    if last.year < year:
        return 0.0
    return last.timetuple().tm_yday / date(year, 12, 31).timetuple().tm_yday


def _curve_title(edition: Edition) -> str:
    sums = _by_year(edition)
    if not sums:
        return ""
    first, last = min(sums), max(sums)
    spent = sum((item.actual for item in sums.values()), ZERO)
    budget = sum((item.budget for item in sums.values()), ZERO)
    if spent and budget:
        return gettext("De %(first)d à %(last)d, %(share)s du budget est dépensé") % {
            "first": first,
            "last": last,
            "share": formats.percent(spent * 100 / budget, 0),
        }
    return gettext("Budget cumulé de %(first)d à %(last)d : %(amount)s") % {
        "first": first,
        "last": last,
        "amount": formats.meuro(budget),
    }


def _deviations(edition: Edition, language: str) -> tuple[Deviation, ...]:
    rows = [
        Deviation(mark_of(row, language), row.bac, row.eac, row.overrun, row.overrun_percent)
        for row in edition.projects
        if row.bac is not None and row.eac is not None and row.overrun
    ]
    rows.sort(key=lambda row: (-abs(row.delta), row.project.code))
    return tuple(rows[:DEVIATIONS_SHOWN])


def _deviations_title(edition: Edition, rows: Sequence[Deviation]) -> str:
    if not rows:
        return ""
    first = rows[0]
    word = gettext("au-dessus") if first.delta > 0 else gettext("sous")
    return gettext("Plus grand écart : %(name)s, %(amount)s %(side)s du budget total") % {
        "name": first.project.name,
        "amount": formats.keuro(abs(first.delta)),
        "side": word,
    }


def _sources(edition: Edition) -> str:
    names = sorted({line.actual_source for row in edition.projects for line in row.budget if line.actual_source})
    return ", ".join(names[:3])
