"""One deviation against its tolerance, as a bar from a zero line.

Over tolerance is filled red, over budget within tolerance filled ink, under
budget outlined green: fill, side and colour all say it. The dotted line is the
tolerance. All bars of a table share one scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web import formats
from reporting.charts.scale import LinearScale, largest
from reporting.charts.svg import Ink, Pen, figure, line, path, rect
from reporting.charts.twin import DataTable

_CAP = Decimal(25)
_FLOOR = Decimal(8)


@dataclass(frozen=True, slots=True)
class VarianceBar:
    """Deviation and tolerance in percent of the budget; positive is dearer."""

    label: str
    deviation: Decimal | None
    tolerance: Decimal | None = None

    @property
    def is_beyond(self) -> bool:
        if self.deviation is None or self.tolerance is None:
            return False
        return self.deviation > self.tolerance


def scale_of(bars: Iterable[VarianceBar]) -> Decimal:
    """Half-width of the common scale in percent: the widest bar, between 8 and 25."""
    wide = Decimal(largest((abs(bar.deviation) for bar in bars if bar.deviation is not None), default=_FLOOR))
    return min(max(wide, _FLOOR), _CAP)


def variance_bar(
    bar: VarianceBar, *, scale_percent: Decimal, title: str, chart_id: str, width: float = 76, height: float = 15
) -> SafeString:
    """A bar that does not fit the scale ends in an arrow head."""
    across = LinearScale(-float(scale_percent), float(scale_percent), 4, width - 4)
    zero, drawn = across(0), []
    top, thick = height * 0.22, height * 0.56
    if bar.deviation is not None and bar.deviation != 0:
        end = across.clamp(bar.deviation)
        drawn.append(rect(min(zero, end), top, abs(end - zero), thick, _pen(bar)))
        if abs(bar.deviation) > scale_percent:
            drawn.append(_arrow(end, top, thick, 1 if bar.deviation > 0 else -1, _pen(bar)))
    drawn.append(line(zero, 0.5, zero, height - 0.5, Pen(stroke=Ink.INK, width=1.4)))
    if bar.tolerance is not None and bar.tolerance <= scale_percent:
        x = across(bar.tolerance)
        drawn.append(line(x, 0.5, x, height - 0.5, Pen(stroke=Ink.FAINT, width=1, dash="1.6 1.6")))
    return figure(kind="variance", title=title, chart_id=chart_id, width=width, height=height, children=drawn)


def table_rows(bars: Iterable[VarianceBar], lang: str | None = None) -> DataTable:
    return DataTable(
        columns=(gettext("Projet"), gettext("Écart au budget"), gettext("Tolérance")),
        rows=tuple(
            (
                bar.label,
                formats.delta_percent(bar.deviation, lang=lang),
                formats.delta_percent(bar.tolerance, lang=lang),
            )
            for bar in bars
        ),
    )


def _pen(bar: VarianceBar) -> Pen:
    if bar.deviation is not None and bar.deviation < 0:
        return Pen(fill=Ink.SHEET, stroke=Ink.GREEN, width=1.3)
    return Pen(fill=Ink.RED if bar.is_beyond else Ink.INK)


def _arrow(x: float, top: float, thick: float, direction: int, pen: Pen) -> SafeString:
    tip = x + 4 * direction
    x -= 0.5 * direction
    return path(f"M{x:.2f} {top:.2f}L{tip:.2f} {top + thick / 2:.2f}L{x:.2f} {top + thick:.2f}Z", pen)
