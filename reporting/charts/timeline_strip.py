"""Milestones on a time line: state glyphs above a week-ruled axis, in lanes.

Glyphs that would touch are stacked upwards, so none hides another. Green is
quiet: no letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web import formats
from config.web.glyphs import known_state, state_word
from reporting.charts.glyphs import glyph_at
from reporting.charts.scale import DateScale
from reporting.charts.svg import Ink, Pen, Weight, figure, label, line
from reporting.charts.twin import DataTable

_LEVEL = 15.0
_HEAD = 6.0
_FOOT = 20.0
_MIN_TICK = 34.0
_MARGIN = 10.0


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """One milestone on the day it is expected."""

    on: date
    state: str
    label: str
    baseline: date | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of milestones, such as a strategic axis; an empty label takes no room."""

    label: str
    marks: tuple[TimelineMark, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    mark: TimelineMark
    x: float
    level: int
    size: float


def timeline_strip(
    lanes: Sequence[Lane],
    *,
    first: date,
    last: date,
    title: str,
    chart_id: str,
    today: date | None = None,
    width: float = 376,
    label_width: float | None = None,
    lang: str | None = None,
) -> SafeString:
    """The milestones from `first` to `last`; marks outside are left out."""
    named = any(lane.label for lane in lanes)
    left = (130.0 if named else 0.0) if label_width is None else label_width
    across = DateScale(first, last, left + _MARGIN, width - _MARGIN)
    drawn: list[SafeString] = []
    top = _HEAD
    for lane in lanes:
        placed = _place([mark for mark in lane.marks if first <= mark.on <= last], across)
        levels = 1 + max((item.level for item in placed), default=0)
        base = top + levels * _LEVEL + 3
        drawn.append(line(left, base, width, base, Pen(stroke=Ink.RULE if named else Ink.INK)))
        if lane.label:
            drawn.append(label(0, base - 6, lane.label, size=12))
        for item in placed:
            y = base - 9 - item.level * _LEVEL
            drawn.append(glyph_at(item.mark.state, item.x, y, item.size, lang=lang))
        top = base + (4 if named else 0)
    axis = top
    drawn.append(line(left, axis, width, axis, Pen(stroke=Ink.INK, width=1.4)))
    drawn.extend(_week_ticks(across, axis, lang))
    if today is not None and first <= today <= last:
        pen = Pen(stroke=Ink.ACCENT, width=1.2)
        drawn.insert(0, line(across(today), 0, across(today), axis, pen))
    return figure(kind="timeline", title=title, chart_id=chart_id, width=width, height=axis + _FOOT, children=drawn)


def table_rows(lanes: Sequence[Lane], lang: str | None = None) -> DataTable:
    return DataTable(
        columns=(gettext("Date"), gettext("Jalon"), gettext("État"), gettext("Écart"), gettext("Groupe")),
        rows=tuple(
            (
                formats.date_short(mark.on, lang=lang),
                mark.label,
                state_word(mark.state),
                formats.delta_days(None if mark.baseline is None else (mark.on - mark.baseline).days, lang=lang),
                lane.label,
            )
            for lane in lanes
            for mark in sorted(lane.marks, key=lambda item: item.on)
        ),
    )


def _place(marks: Sequence[TimelineMark], across: DateScale) -> list[_Placed]:
    placed: list[_Placed] = []
    ends: list[float] = []
    for mark in sorted(marks, key=lambda item: item.on):
        size = 11.0 if known_state(mark.state) == "green" else 15.0
        x = across(mark.on)
        level = next((level for level, end in enumerate(ends) if x - size / 2 >= end + 1), len(ends))
        ends[level : level + 1] = [x + size / 2]
        placed.append(_Placed(mark, x, level, size))
    return placed


def _week_ticks(across: DateScale, axis: float, lang: str | None) -> list[SafeString]:
    drawn: list[SafeString] = []
    monday = across.first + timedelta(days=(7 - across.first.weekday()) % 7)
    previous_label = -_MIN_TICK
    while monday <= across.last:
        x = across(monday)
        drawn.append(line(x, axis, x, axis + 4, Pen(stroke=Ink.INK)))
        fits = x - previous_label >= _MIN_TICK and x + _MIN_TICK - 6 <= across.end + _MARGIN
        if fits:
            text = formats.week(monday, lang=lang)
            drawn.append(label(x + 3, axis + 14, text, size=11, ink=Ink.INK_2, weight=Weight.NORMAL))
            previous_label = x
        monday += timedelta(weeks=1)
    return drawn
