"""The portfolio's health: one glyph per project, by strategic axis, gravest first.

Priority projects are underlined; the count ends each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web.glyphs import known_state, state_word
from reporting.charts.glyphs import glyph_at
from reporting.charts.svg import Ink, Pen, figure, label, line
from reporting.charts.twin import DataTable

_ORDER = {name: rank for rank, name in enumerate(("red", "amber", "stale", "green", "paused", "closed", "none"))}
_PITCH, _GLYPH = 23.0, 17.0


@dataclass(frozen=True, slots=True)
class HealthMark:
    """One project's state; `is_priority` underlines it."""

    code: str
    state: str
    is_priority: bool = False


@dataclass(frozen=True, slots=True)
class HealthRow:
    """The projects of one axis."""

    label: str
    marks: tuple[HealthMark, ...]


def sorted_marks(marks: Sequence[HealthMark]) -> tuple[HealthMark, ...]:
    """Gravest first, priority projects first among equals, then by code."""
    return tuple(sorted(marks, key=lambda m: (_ORDER[known_state(m.state)], not m.is_priority, m.code)))


def health_matrix(
    rows: Sequence[HealthRow],
    *,
    title: str,
    chart_id: str,
    width: float = 480,
    label_width: float = 172,
    lang: str | None = None,
) -> SafeString:
    """A row that does not fit the width goes on below itself."""
    per_line = max(1, int((width - label_width - 30) // _PITCH))
    drawn: list[SafeString] = []
    top = 0.0
    for row in rows:
        lines = max(1, -(-len(row.marks) // per_line))
        drawn.append(line(0, top + 0.5, width, top + 0.5, Pen(stroke=Ink.RULE)))
        drawn.append(label(0, top + 19, row.label, size=12.5))
        drawn.append(label(width, top + 19, str(len(row.marks)), size=12.5, ink=Ink.INK_2, anchor="end"))
        for index, mark in enumerate(sorted_marks(row.marks)):
            x = label_width + (index % per_line) * _PITCH
            y = top + 3 + (index // per_line) * 26
            drawn.extend(_mark(mark, x, y, lang))
        top += 3 + lines * 26 + 1
    return figure(kind="health", title=title, chart_id=chart_id, width=width, height=top, children=drawn)


def health_row(marks: Sequence[HealthMark], *, title: str, chart_id: str, lang: str | None = None) -> SafeString:
    """The glyphs of one axis alone, for a table cell."""
    drawn: list[SafeString] = []
    for index, mark in enumerate(sorted_marks(marks)):
        drawn.extend(_mark(mark, index * _PITCH, 0, lang))
    width = max(1, len(marks)) * _PITCH
    return figure(kind="health-row", title=title, chart_id=chart_id, width=width, height=24, children=drawn)


def table_rows(rows: Sequence[HealthRow]) -> DataTable:
    return DataTable(
        columns=(gettext("Axe"), gettext("Projet"), gettext("État"), gettext("Prioritaire")),
        rows=tuple(
            (row.label, mark.code, state_word(mark.state), gettext("oui") if mark.is_priority else gettext("non"))
            for row in rows
            for mark in sorted_marks(row.marks)
        ),
    )


def _mark(mark: HealthMark, x: float, y: float, lang: str | None) -> list[SafeString]:
    drawn = [glyph_at(mark.state, x + _GLYPH / 2, y + 10, _GLYPH, lang=lang)]
    if mark.is_priority:
        drawn.append(line(x - 1, y + 22, x + _GLYPH + 1, y + 22, Pen(stroke=Ink.INK, width=2)))
    return drawn
