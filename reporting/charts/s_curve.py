"""Cumulated budget, actual and forecast by period, with an optional earned value.

Planned is dotted, actual solid, forecast dashed from the last actual, earned in
green. Lines are named where they end, never in a legend.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web import formats
from reporting.charts.scale import LinearScale, largest, spread, ticks_from_zero
from reporting.charts.svg import Ink, Pen, Weight, circle, figure, label, line, polyline
from reporting.charts.twin import DataTable

Values = tuple[Decimal | None, ...]
Points = tuple[tuple[float, Decimal], ...]
_MILLION = Decimal(1_000_000)
_THOUSAND = Decimal(1000)
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 92.0, 22.0, 24.0


@dataclass(frozen=True, slots=True)
class SCurve:
    """Cumulated EUR at the end of each period; None where there is no figure yet.

    `actual_share` is the part of its last period after which the actual was taken: 1 at its end.
    """

    periods: tuple[str, ...]
    planned: Values
    actual: Values
    forecast: Values = ()
    earned: Values = ()
    actual_share: float = 1.0


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    values: Values
    pen: Pen
    ink: Ink
    weight: Weight = Weight.NORMAL
    points: Points = field(default=())


def s_curve(
    data: SCurve,
    *,
    title: str,
    chart_id: str,
    width: float = 480,
    height: float = 300,
    lang: str | None = None,
) -> SafeString:
    """The curve from zero, in M€ from one million up, else in k€."""
    lines = _lines(data)
    unit = unit_of(data)
    ticks = ticks_from_zero(Decimal(_top_value(lines)) / unit)
    up = LinearScale(0, float(ticks[-1] * unit), height - _BOTTOM, _TOP)
    across = LinearScale(-1, max(len(data.periods) - 1, 0), _LEFT, width - _RIGHT)
    drawn = _grid(ticks, unit, up, width - _RIGHT, lang)
    drawn.extend(_period_labels(data.periods, across, height))
    for item in lines:
        points = [(across(index), up(value)) for index, value in item.points]
        drawn.append(polyline(points, item.pen))
        drawn.append(circle(*points[-1], 3, Pen(fill=Ink.SHEET if item.pen.dash else item.ink, stroke=item.ink)))
    drawn.extend(_names(lines, unit, across, up, height - _BOTTOM, lang))
    return figure(kind="s-curve", title=title, chart_id=chart_id, width=width, height=height, children=drawn)


def unit_of(data: SCurve) -> Decimal:
    """The unit of the axis in EUR: a million or a thousand."""
    return _MILLION if _top_value(_lines(data)) >= _MILLION else _THOUSAND


def table_rows(data: SCurve, lang: str | None = None) -> DataTable:
    columns = (gettext("Période"), gettext("Planifié"), gettext("Réel"), gettext("Prévision"), gettext("Acquis"))
    series = (data.planned, data.actual, data.forecast, data.earned)
    rows = tuple(
        (period, *(formats.keuro(_at(values, index), lang=lang) for values in series))
        for index, period in enumerate(data.periods)
    )
    return DataTable(columns=columns, rows=rows)


def _top_value(lines: Sequence[_Line]) -> float:
    return largest(value for item in lines for _, value in item.points)


def _at(values: Values, index: int) -> Decimal | None:
    return values[index] if index < len(values) else None


def _lines(data: SCurve) -> list[_Line]:
    candidates = (
        _Line(gettext("BU"), data.planned, Pen(stroke=Ink.INK, width=1.4, dash="1.5 3"), Ink.INK),
        _Line(gettext("acquis"), data.earned, Pen(stroke=Ink.GREEN, width=2.6), Ink.GREEN_TEXT, Weight.SEMIBOLD),
        _Line(gettext("réel"), data.actual, Pen(stroke=Ink.INK, width=2.4), Ink.INK, Weight.SEMIBOLD),
    )
    lines = [
        _with_points(item, _actual_points(data) if item.values is data.actual else _from_zero(item.values))
        for item in candidates
    ]
    forecast = _Line(gettext("PRÉV"), data.forecast, Pen(stroke=Ink.INK, width=2, dash="6 4"), Ink.INK, Weight.SEMIBOLD)
    lines.append(_with_points(forecast, _forecast_points(data)))
    return [item for item in lines if len(item.points) > 1]


def _with_points(item: _Line, points: Points) -> _Line:
    return _Line(item.name, item.values, item.pen, item.ink, item.weight, points=points)


def _actual_points(data: SCurve) -> Points:
    """The actual, its last point on the day it was taken."""
    points = _from_zero(data.actual)
    if not points:
        return ()
    period, amount = points[-1]
    return (*points[:-1], (period - 1 + data.actual_share, amount))


def _from_zero(values: Values) -> Points:
    known = tuple((index, value) for index, value in enumerate(values) if value is not None)
    return ((-1, Decimal(0)), *known) if known else ()


def _forecast_points(data: SCurve) -> Points:
    """From the last actual (or zero) through the later forecasts."""
    actual = _actual_points(data)
    start = actual[-1] if actual else (-1, Decimal(0))
    later = tuple((i, v) for i, v in enumerate(data.forecast) if v is not None and i > start[0])
    return (start, *later) if later else ()


def _grid(ticks: Sequence[Decimal], unit: Decimal, up: LinearScale, right: float, lang: str | None) -> list[SafeString]:
    decimals = 0 if all(tick == tick.to_integral_value() for tick in ticks) else 1
    name = gettext("M€") if unit == _MILLION else gettext("k€")
    drawn = [label(_LEFT - 7, 11, name, size=12, ink=Ink.INK_2, anchor="end")]
    for tick in ticks:
        y = up(tick * unit)
        pen = Pen(stroke=Ink.RULE_STRONG if tick == 0 else Ink.RULE)
        drawn.append(line(_LEFT, y, right, y, pen))
        text = formats.number(tick, decimals, lang=lang)
        drawn.append(label(_LEFT - 7, y + 4, text, size=12, ink=Ink.INK_2, anchor="end"))
    return drawn


def _period_labels(periods: Sequence[str], across: LinearScale, height: float) -> list[SafeString]:
    wide = max((len(period) for period in periods), default=1) * 6.5 + 6
    step = max(1, -(-int(wide) // max(int(across(1) - across(0)), 1)))
    return [
        label(across(index - 0.5), height - 6, period, size=12, ink=Ink.INK_2, anchor="middle")
        for index, period in enumerate(periods)
        if index % step == 0
    ]


def _names(
    lines: Sequence[_Line], unit: Decimal, across: LinearScale, up: LinearScale, floor: float, lang: str | None
) -> list[SafeString]:
    wanted = [up(item.points[-1][1]) + 4 for item in lines]
    columns = sorted({item.points[-1][0] for item in lines})
    drawn: list[SafeString] = []
    for column in columns:
        chosen = [index for index, item in enumerate(lines) if item.points[-1][0] == column]
        placed = spread([wanted[index] for index in chosen], 14, _TOP + 4, floor)
        for index, y in zip(chosen, placed, strict=True):
            item = lines[index]
            amount = formats.number(item.points[-1][1] / unit, 1 if unit == _MILLION else 0, lang=lang)
            text = f"{item.name} {amount}"
            drawn.append(label(across(column) + 9, y, text, size=12, ink=item.ink, weight=item.weight))
    return drawn
