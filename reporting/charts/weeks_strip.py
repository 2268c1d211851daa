"""Twelve weeks of one project as bars: height and fill grow with concern.

Green is a low dash, amber a mid bar with its outline, red a full bar, silence a
dotted dash; so the strip survives greyscale print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web.glyphs import known_state, week_word
from reporting.charts.svg import Ink, Pen, circle, figure, group, line, rect
from reporting.charts.twin import DataTable

_GAP = 1.6


@dataclass(frozen=True, slots=True)
class WeekState:
    """The state shown for one week; `week` is its label, such as S47."""

    week: str
    state: str


def weeks_strip(
    weeks: Sequence[WeekState],
    *,
    title: str,
    chart_id: str,
    width: float = 112,
    height: float = 16,
    slots: int = 12,
) -> SafeString:
    """The last `slots` weeks, oldest first; missing older weeks are faint dots."""
    shown = [week.state for week in weeks][-slots:]
    states = ["none"] * (slots - len(shown)) + shown
    pitch = width / slots
    drawn = [_bar(known_state(state), index * pitch, pitch - _GAP, height) for index, state in enumerate(states)]
    return figure(kind="weeks", title=title, chart_id=chart_id, width=width, height=height, children=drawn)


def table_rows(weeks: Sequence[WeekState]) -> DataTable:
    return DataTable(
        columns=(gettext("Semaine"), gettext("État")),
        rows=tuple((week.week, week_word(week.state)) for week in weeks),
    )


def _bar(state: str, x: float, width: float, height: float) -> SafeString:
    foot = height - 1
    if state == "red":
        mark = rect(x, 0.5, width, foot - 0.5, Pen(fill=Ink.RED))
    elif state == "amber":
        top = height * 0.34
        mark = rect(x + 0.5, top, width - 1, foot - top - 0.5, Pen(fill=Ink.AMBER, stroke=Ink.AMBER_LINE))
    elif state == "green":
        mark = line(x, foot - 1.2, x + width, foot - 1.2, Pen(stroke=Ink.GREEN, width=2.4))
    elif state == "stale":
        mark = line(x, foot - 1.2, x + width, foot - 1.2, Pen(stroke=Ink.FAINT, width=2, dash="1.6 1.6"))
    else:
        mark = circle(x + width / 2, foot - 1, 0.8, Pen(fill=Ink.RULE_STRONG))
    return group([mark])
