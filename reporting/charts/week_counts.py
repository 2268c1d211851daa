"""How many projects stood in each state, week by week: stacked columns, gravest at the foot.

Red is solid, amber outlined, silence hatched in outline, green a quiet open box on top. All
charts of one table share a scale when the caller gives them the same `scale_max`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web.glyphs import week_word
from reporting.charts.scale import LinearScale
from reporting.charts.svg import Ink, Pen, figure, label, line, rect
from reporting.charts.twin import DataTable

_PENS = (
    ("red", Pen(fill=Ink.RED)),
    ("amber", Pen(fill=Ink.AMBER, stroke=Ink.AMBER_LINE, width=0.7)),
    ("stale", Pen(fill=Ink.SUNKEN, stroke=Ink.FAINT, width=0.7, dash="1.6 1.4")),
    ("green", Pen(fill=Ink.SHEET, stroke=Ink.GREEN, width=0.9)),
)


@dataclass(frozen=True, slots=True)
class WeekCount:
    """The counts of one week; `week` is its label, such as S47."""

    week: str
    red: int
    amber: int
    stale: int
    green: int

    @property
    def total(self) -> int:
        return self.red + self.amber + self.stale + self.green


def week_counts(
    weeks: Sequence[WeekCount],
    *,
    scale_max: int,
    title: str,
    chart_id: str,
    width: float = 150,
    height: float = 26,
    with_labels: bool = False,
) -> SafeString:
    """One column per week, oldest first."""
    foot = height - (14.0 if with_labels else 0.5)
    up = LinearScale(0, max(scale_max, 1), foot, 0.8)
    pitch = width / max(len(weeks), 1)
    drawn: list[SafeString] = []
    for position, week in enumerate(weeks):
        x, base = position * pitch + 0.5, 0
        for state, pen in _PENS:
            count = getattr(week, state)
            if count:
                top = up(base + count)
                drawn.append(rect(x, top, pitch - 2.2, up(base) - top, pen))
                base += count
        if with_labels and (position % 2 == (len(weeks) - 1) % 2):
            drawn.append(label(x + pitch / 2 - 1, height - 2, week.week, size=10, ink=Ink.INK_2, anchor="middle"))
    drawn.append(line(0, foot, width, foot, Pen(stroke=Ink.INK, width=0.8)))
    return figure(kind="week-counts", title=title, chart_id=chart_id, width=width, height=height, children=drawn)


def table_rows(weeks: Sequence[WeekCount]) -> DataTable:
    return DataTable(
        columns=(gettext("Semaine"), *(week_word(state) for state, _ in _PENS)),
        rows=tuple((week.week, str(week.red), str(week.amber), str(week.stale), str(week.green)) for week in weeks),
    )
