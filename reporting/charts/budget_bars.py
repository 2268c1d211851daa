"""Budget, actual and forecast in IBCS notation, one zero-based scale per chart.

Actual is solid, the part of the forecast still to come hatched, the budget an
outline behind both. Amounts share one unit, given by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web import formats
from reporting.charts.scale import LinearScale, largest
from reporting.charts.svg import Ink, Pen, Weight, figure, hatch, hatched, label, line, rect
from reporting.charts.twin import DataTable

_OUTLINE = 1.2


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One line in EUR; `forecast` is the year-end figure, actual included."""

    label: str
    budget: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None

    @property
    def deviation(self) -> Decimal | None:
        if self.budget is None or self.forecast is None:
            return None
        return self.forecast - self.budget


def scale_of(rows: Sequence[BudgetRow]) -> Decimal:
    """The amount at the right end of the one scale that all rows share."""
    return Decimal(largest(value for row in rows for value in (row.budget, row.actual, row.forecast)))


def budget_bar(
    row: BudgetRow, *, scale_max: Decimal, title: str, chart_id: str, width: float = 380, height: float = 22
) -> SafeString:
    """One bar, for a table cell; `scale_max` comes from `scale_of` all the rows."""
    across = LinearScale(0, float(scale_max) or 1, _OUTLINE, width - _OUTLINE)
    children = [hatch(chart_id), *_bar(row, chart_id, across, 0, height)]
    return figure(kind="budget-bar", title=title, chart_id=chart_id, width=width, height=height, children=children)


def budget_bars(
    rows: Sequence[BudgetRow],
    *,
    title: str,
    chart_id: str,
    total: BudgetRow | None = None,
    width: float = 420,
    label_width: float = 96,
    lang: str | None = None,
) -> SafeString:
    """All rows with their forecast and deviation in M€, and an optional total line."""
    pitch, head = 27.0, 20.0
    columns = (width - 58, width)
    across = LinearScale(0, float(scale_of(rows)), label_width, columns[0] - 52)
    drawn: list[SafeString] = [hatch(chart_id)]
    for x, heading in zip(columns, (gettext("PRÉV"), gettext("ΔBU")), strict=True):
        drawn.append(label(x, 12, heading, size=11.5, ink=Ink.INK_2, weight=Weight.SEMIBOLD, anchor="end"))
    for index, row in enumerate(rows):
        top = head + index * pitch
        drawn.append(label(0, top + 15, row.label, size=13))
        drawn.extend(_bar(row, chart_id, across, top, 20))
        drawn.extend(_figures(row, columns, top + 15, lang, strong=False))
    height = head + len(rows) * pitch
    if total is not None:
        drawn.append(line(0, height, width, height, Pen(stroke=Ink.INK)))
        drawn.append(label(0, height + 17, total.label, size=13, weight=Weight.BOLD))
        drawn.extend(_figures(total, columns, height + 17, lang, strong=True))
        height += 24
    return figure(kind="budget-bars", title=title, chart_id=chart_id, width=width, height=height, children=drawn)


def legend(*, title: str, chart_id: str) -> SafeString:
    """The key: actual, forecast, budget."""
    y, drawn, x = 2.0, [hatch(chart_id)], 0.0
    entries = (("actual", gettext("réel")), ("forecast", gettext("prévision")), ("budget", gettext("budget")))
    for kind, text in entries:
        if kind == "actual":
            drawn.append(rect(x, y, 14, 10, Pen(fill=Ink.INK)))
        elif kind == "forecast":
            drawn.append(hatched(chart_id, x + 0.5, y + 0.5, 13, 9))
        else:
            drawn.append(rect(x + 0.5, y + 0.5, 13, 9, Pen(fill=Ink.SHEET, stroke=Ink.INK)))
        drawn.append(label(x + 19, 11, text, size=12, ink=Ink.INK_2))
        x += 19 + 6.4 * len(text) + 16
    return figure(kind="legend", title=title, chart_id=chart_id, width=x, height=14, children=drawn)


def table_rows(rows: Sequence[BudgetRow], lang: str | None = None) -> DataTable:
    return DataTable(
        columns=(gettext("Libellé"), gettext("Budget"), gettext("Réel"), gettext("Prévision"), gettext("Écart")),
        rows=tuple(
            (
                row.label,
                formats.keuro(row.budget, lang=lang),
                formats.keuro(row.actual, lang=lang),
                formats.keuro(row.forecast, lang=lang),
                formats.delta_keuro(row.deviation, lang=lang),
            )
            for row in rows
        ),
    )


def _bar(row: BudgetRow, chart_id: str, across: LinearScale, top: float, height: float) -> list[SafeString]:
    drawn: list[SafeString] = []
    inset = height * 0.22
    zero = across(0)
    if row.budget is not None and row.budget > 0:
        frame = Pen(fill=Ink.SHEET, stroke=Ink.INK, width=_OUTLINE)
        drawn.append(rect(zero, top + 1, across.clamp(row.budget) - zero, height - 2, frame))
    inner_top, inner_height = top + inset, height - 2 * inset
    reached = across.clamp(row.actual) if row.actual is not None else zero
    if row.forecast is not None and across.clamp(row.forecast) > reached:
        end = across.clamp(row.forecast)
        drawn.append(hatched(chart_id, reached, inner_top, end - reached, inner_height))
    if reached > zero:
        drawn.append(rect(zero, inner_top - 0.5, reached - zero, inner_height + 1, Pen(fill=Ink.INK)))
    return drawn


def _figures(
    row: BudgetRow, columns: tuple[float, float], baseline: float, lang: str | None, *, strong: bool
) -> list[SafeString]:
    weight = Weight.BOLD if strong else Weight.NORMAL
    forecast = formats.meuro_bare(row.forecast, lang=lang)
    deviation = formats.delta_meuro_bare(row.deviation, lang=lang)
    return [
        label(columns[0], baseline, forecast, size=13, weight=weight, anchor="end"),
        label(columns[1], baseline, deviation, size=13, weight=Weight.SEMIBOLD, ink=_tone(row), anchor="end"),
    ]


def _tone(row: BudgetRow) -> Ink:
    rounded = 0 if row.deviation is None else formats.round_half_up(row.deviation / 1_000_000, 1)
    if rounded == 0:
        return Ink.INK_2
    return Ink.RED if rounded > 0 else Ink.GREEN_TEXT
