"""The 5 x 5 risk matrix: likelihood up, impact right, open threats by their code.

A cell's tint is its band; the band is also written by its edge weight, since a
red outline marks the critical cells in greyscale too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portfolio.engines.risk_exposure import RiskBand, risk_band
from reporting.charts.svg import Attribute, Ink, Pen, Weight, element, figure, label, rect
from reporting.charts.twin import DataTable

_CELL_W, _CELL_H = 64.0, 40.0
_LEFT, _TOP = 46.0, 8.0
_SHOWN = 2

_PENS = {
    RiskBand.LOW: Pen(fill=Ink.GREEN_TINT, stroke=Ink.SHEET, width=2),
    RiskBand.MEDIUM: Pen(fill=Ink.SUNKEN, stroke=Ink.SHEET, width=2),
    RiskBand.HIGH: Pen(fill=Ink.AMBER_TINT, stroke=Ink.SHEET, width=2),
    RiskBand.CRITICAL: Pen(fill=Ink.RED_TINT, stroke=Ink.SHEET, width=2),
}


@dataclass(frozen=True, slots=True)
class RiskMark:
    """One open threat with its 1 to 5 scores."""

    code: str
    probability: int
    impact: int
    title: str = ""


def risk_matrix(marks: Sequence[RiskMark], *, title: str, chart_id: str) -> SafeString:
    """Two codes per cell, then a count of the others."""
    drawn: list[SafeString] = []
    for probability in range(5, 0, -1):
        y = _TOP + (5 - probability) * _CELL_H
        drawn.append(label(_LEFT - 8, y + 24, str(probability), size=12, ink=Ink.INK_2, anchor="end"))
        for impact in range(1, 6):
            x = _LEFT + (impact - 1) * _CELL_W
            inside = [m.code for m in marks if (m.probability, m.impact) == (probability, impact)]
            drawn.extend(_cell(x, y, risk_band(probability * impact), inside))
    foot = _TOP + 5 * _CELL_H
    for impact in range(1, 6):
        x = _LEFT + (impact - 0.5) * _CELL_W
        drawn.append(label(x, foot + 15, str(impact), size=12, ink=Ink.INK_2, anchor="middle"))
    width, height = _LEFT + 5 * _CELL_W + 2, foot + 34
    drawn.append(label(width - 2, foot + 30, f"{gettext('impact')} →", size=12, ink=Ink.INK_2, anchor="end"))
    drawn.append(_upright(gettext("probabilité") + " →", 12, foot))
    return figure(kind="risk-matrix", title=title, chart_id=chart_id, width=width, height=height, children=drawn)


def table_rows(marks: Sequence[RiskMark]) -> DataTable:
    ordered = sorted(marks, key=lambda mark: (-mark.probability * mark.impact, mark.code))
    return DataTable(
        columns=(gettext("Risque"), gettext("Intitulé"), gettext("Probabilité"), gettext("Impact"), gettext("Niveau")),
        rows=tuple(
            (m.code, m.title, str(m.probability), str(m.impact), str(m.probability * m.impact)) for m in ordered
        ),
    )


def _cell(x: float, y: float, band: RiskBand, codes: Sequence[str]) -> list[SafeString]:
    drawn = [rect(x, y, _CELL_W, _CELL_H, _PENS[band])]
    if band is RiskBand.CRITICAL:
        drawn.append(rect(x + 2, y + 2, _CELL_W - 4, _CELL_H - 4, Pen(stroke=Ink.RED, width=1)))
    texts = list(codes[:_SHOWN])
    if len(codes) > _SHOWN:
        texts[-1] = f"{texts[-1]} +{len(codes) - _SHOWN}"
    middle = y + _CELL_H / 2 + 4 - (len(texts) - 1) * 7
    for index, text in enumerate(texts):
        drawn.append(
            label(x + _CELL_W / 2, middle + index * 14, text, size=11.5, weight=Weight.SEMIBOLD, anchor="middle")
        )
    return drawn


def _upright(text: str, x: float, foot: float) -> SafeString:
    attributes: dict[str, Attribute] = {
        "class": "c-ink-2-fill",
        "font-size": 12,
        "fill": Ink.INK_2.colour,
        "transform": f"translate({x} {foot}) rotate(-90)",
    }
    return element("text", attributes, [text])
