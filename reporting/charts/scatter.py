"""Two indices of many projects: state glyphs, a tolerance zone, outliers named.

Projects in order are quiet rings without a name; a label goes to the free side
of its glyph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web import formats
from config.web.glyphs import known_state, state_word
from reporting.charts.glyphs import glyph_at
from reporting.charts.scale import INDEX_STEPS, LinearScale, nice_step
from reporting.charts.svg import Ink, Pen, Weight, figure, label, line, rect
from reporting.charts.twin import DataTable

_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 14.0, 26.0, 42.0
_SIZE = 12.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ScatterPoint:
    """One project."""

    label: str
    x: Decimal
    y: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """The points, the value that means on plan, and the lower edge of the tolerance."""

    points: tuple[ScatterPoint, ...]
    x_name: str
    y_name: str
    par: Decimal = Decimal(1)
    tolerance: Decimal | None = None


def scatter(
    data: Scatter,
    *,
    title: str,
    chart_id: str,
    width: float = 480,
    height: float = 320,
    lang: str | None = None,
) -> SafeString:
    """Better is up and right; the zone holds what both tolerances allow."""
    across = _scale([point.x for point in data.points], data, _LEFT, width - _RIGHT)
    up = _scale([point.y for point in data.points], data, height - _BOTTOM, _TOP)
    drawn: list[SafeString] = []
    if data.tolerance is not None:
        x, y = across.clamp(data.tolerance), up.clamp(data.tolerance)
        drawn.append(rect(x, up.end, across.end - x, y - up.end, Pen(fill=Ink.SUNKEN)))
    axis = Pen(stroke=Ink.RULE_STRONG)
    drawn.append(line(across(data.par), up.end, across(data.par), up.start, axis))
    drawn.append(line(across.start, up(data.par), across.end, up(data.par), axis))
    drawn.extend(_ticks(across, up, height, lang))
    drawn.append(label(_LEFT, 14, _caption(data, lang), size=12, ink=Ink.INK_2))
    drawn.append(label(width - _RIGHT, height - 6, f"{data.x_name} →", size=12, ink=Ink.INK_2, anchor="end"))
    drawn.extend(_marks(data.points, across, up, lang))
    return figure(kind="scatter", title=title, chart_id=chart_id, width=width, height=height, children=drawn)


def table_rows(data: Scatter, lang: str | None = None) -> DataTable:
    return DataTable(
        columns=(gettext("Projet"), data.x_name, data.y_name, gettext("État")),
        rows=tuple(
            (
                point.label,
                formats.number(point.x, 2, lang=lang),
                formats.number(point.y, 2, lang=lang),
                state_word(point.state),
            )
            for point in data.points
        ),
    )


def _caption(data: Scatter, lang: str | None) -> str:
    name = f"{data.y_name} ↑"
    if data.tolerance is None:
        return name
    limit = formats.number(data.tolerance, 2, lang=lang)
    return gettext("%(name)s · zone grise : tolérance ≥ %(limit)s") % {"name": name, "limit": limit}


def _scale(values: Sequence[Decimal], data: Scatter, start: float, end: float) -> LinearScale:
    known = [float(value) for value in (*values, data.par, data.tolerance) if value is not None]
    low, high = min(known), max(known)
    room = max((high - low) * 0.12, 0.05)
    return LinearScale(low - room, high + room, start, end)


def _ticks(across: LinearScale, up: LinearScale, height: float, lang: str | None) -> list[SafeString]:
    drawn: list[SafeString] = []
    for value in _tick_values(across):
        text = formats.number(value, _decimals(across), lang=lang)
        y = height - _BOTTOM + 18
        drawn.append(label(across(value), y, text, size=12, ink=Ink.INK_2, anchor="middle"))
    for value in _tick_values(up):
        text = formats.number(value, _decimals(up), lang=lang)
        drawn.append(label(_LEFT - 8, up(value) + 4, text, size=12, ink=Ink.INK_2, anchor="end"))
    return drawn


def _step(scale: LinearScale) -> Decimal:
    return nice_step(scale.high - scale.low, 4, INDEX_STEPS)


def _decimals(scale: LinearScale) -> int:
    exponent = _step(scale).normalize().as_tuple().exponent
    return max(1, -exponent) if isinstance(exponent, int) else 1


def _tick_values(scale: LinearScale) -> list[Decimal]:
    step = _step(scale)
    value = (Decimal(str(scale.low)) // step + 1) * step
    found: list[Decimal] = []
    while float(value) < scale.high:
        if float(value) > scale.low:
            found.append(value)
        value += step
    return found


def _marks(points: Sequence[ScatterPoint], across: LinearScale, up: LinearScale, lang: str | None) -> list[SafeString]:
    centres = [(across(point.x), up(point.y)) for point in points]
    taken: list[Box] = [_box(x, y, _SIZE, _SIZE) for x, y in centres]
    drawn = [glyph_at(point.state, x, y, _SIZE, lang=lang) for point, (x, y) in zip(points, centres, strict=True)]
    for point, (x, y) in zip(points, centres, strict=True):
        if known_state(point.state) == "green":
            continue
        anchor, text_x, text_y, box = _free_side(point.label, x, y, taken)
        taken.append(box)
        drawn.append(label(text_x, text_y, point.label, size=11.5, weight=Weight.SEMIBOLD, anchor=anchor))
    return drawn


def _free_side(text: str, x: float, y: float, taken: Sequence[Box]) -> tuple[str, float, float, Box]:
    wide = 6.6 * len(text)
    sides = (
        ("start", x + 11, y + 4, (x + 11, y - 6, x + 11 + wide, y + 6)),
        ("end", x - 11, y + 4, (x - 11 - wide, y - 6, x - 11, y + 6)),
        ("middle", x, y - 10, (x - wide / 2, y - 20, x + wide / 2, y - 8)),
        ("middle", x, y + 19, (x - wide / 2, y + 8, x + wide / 2, y + 20)),
    )
    return next((side for side in sides if not any(_overlap(side[3], box) for box in taken)), sides[0])


def _box(x: float, y: float, width: float, height: float) -> Box:
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
