"""A line without axes: the shape of a series, its last point marked."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.safestring import SafeString

from reporting.charts.scale import LinearScale
from reporting.charts.svg import Ink, Pen, circle, figure, line, polyline

_DOT = 2.2


def sparkline(
    values: Sequence[Decimal | int | None],
    *,
    title: str,
    chart_id: str,
    reference: Decimal | None = None,
    width: float = 84,
    height: float = 18,
) -> SafeString:
    """Oldest value first; a missing value breaks the line; `reference` is dotted."""
    known = [float(value) for value in values if value is not None]
    if reference is not None:
        known.append(float(reference))
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if low == high:
        low, high = low - 1, high + 1
    across = LinearScale(0, max(len(values) - 1, 1), 1, width - _DOT - 1)
    up = LinearScale(low, high, height - _DOT - 1, _DOT + 1)
    drawn: list[SafeString] = []
    if reference is not None:
        drawn.append(line(0, up(reference), width, up(reference), Pen(stroke=Ink.FAINT, width=0.8, dash="1.5 2")))
    for run in _runs(values):
        points = [(across(index), up(value)) for index, value in run]
        if len(points) > 1:
            drawn.append(polyline(points, Pen(stroke=Ink.INK, width=1.4)))
        else:
            drawn.append(circle(*points[0], 0.9, Pen(fill=Ink.INK)))
    if values and values[-1] is not None:
        drawn.append(circle(across(len(values) - 1), up(values[-1]), _DOT, Pen(fill=Ink.INK)))
    return figure(kind="sparkline", title=title, chart_id=chart_id, width=width, height=height, children=drawn)


def _runs(values: Sequence[Decimal | int | None]) -> list[list[tuple[int, Decimal | int]]]:
    runs: list[list[tuple[int, Decimal | int]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((index, value))
    return [run for run in runs if run]
