"""The plan as bars on a time scale, in bands short enough for a sheet of paper.

Forecast solid, what is done as a light line in it, the baseline an outline under it, float hatched after it. A critical
bar is taller, darker and pointed at both ends: it is told by shape and weight in greyscale too. Arrows are drawn for
the links given only. The table of the page is its twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web import formats
from config.web.languages import language_apart
from portfolio.charts.shapes import (
    ACCENT,
    FAINT,
    INK,
    INK_2,
    RED,
    RULE,
    SHEET,
    STRONG,
    block,
    picture,
    word,
)
from portfolio.charts.time_axis import TimeAxis, axis_over

ROW, HEAD, LABELS, WIDTH = 22.0, 40.0, 320.0, 1360.0
BAND = 40
"""Rows of a band: with its own scale it fits a landscape A4."""
TAIL = 64.0
_SIGN = 6.4


@dataclass(frozen=True, slots=True)
class GanttMark:
    """A milestone on the bar of what it belongs to."""

    at: datetime
    is_reached: bool = False


@dataclass(frozen=True, slots=True)
class GanttBar:
    """A row; dates are wall times, and none that count unless it `is_drawn`. `slip` is in days, positive when late."""

    number: int
    name: str
    level: int
    kind: str
    start: datetime
    finish: datetime
    is_drawn: bool = True
    baseline_start: datetime | None = None
    baseline_finish: datetime | None = None
    float_until: datetime | None = None
    progress: int = 0
    is_critical: bool = False
    slip: int | None = None
    is_focus: bool = False
    marks: tuple[GanttMark, ...] = ()


@dataclass(frozen=True, slots=True)
class GanttArrow:
    """From one row to another by their places; `kind` is the type of the link."""

    before: int
    after: int
    kind: str = "FS"
    is_focus: bool = False


def span_of(bars: Sequence[GanttBar], today: date) -> tuple[date, date]:
    """What the bars cover; around today where there is none."""
    moments = [
        moment.date()
        for bar in bars
        if bar.is_drawn
        for moment in (bar.start, bar.finish, bar.baseline_start, bar.baseline_finish, *(one.at for one in bar.marks))
        if moment is not None
    ]
    return min(moments, default=today), max(moments, default=today)


def gantt(
    bars: Sequence[GanttBar],
    arrows: Sequence[GanttArrow],
    *,
    today: date,
    title: str,
    chart_id: str,
    per_day: float | None = None,
) -> list[SafeString]:
    """One image per band of rows, all on the same scale."""
    first, last = span_of(bars, today)
    axis = axis_over(first, last, left=LABELS, width=WIDTH - TAIL, per_day=per_day)
    return [
        _band(bars, place, arrows, axis, today=today, title=title, chart_id=f"{chart_id}-{place // BAND}")
        for place in range(0, len(bars), BAND)
    ]


def legend(chart_id: str) -> SafeString:
    """The key, drawn with the bars themselves."""
    drawn, x = [_hatch(chart_id)], 2.0
    for text, sample in (
        (gettext("prévision"), block(0, 4, 30, 9, INK_2, "c-ink-2-fill")),
        (gettext("critique"), _pointed(0, 30, 2, 13)),
        (gettext("référence"), _outline(0, 5, 30, 7)),
        (gettext("marge"), _hatched(chart_id, 0, 6, 30, 6)),
        (gettext("aujourd’hui"), f'<path class="c-accent-stroke" d="M15 0V17" stroke="{ACCENT}" stroke-width="2"/>'),
    ):
        drawn.append(f'<g transform="translate({x:.0f} 0)">{sample}{word(38, 13, text, 12, INK_2, "c-ink-2-fill")}</g>')
        x += 38 + _SIGN * len(text) + 22
    return picture("".join(drawn), gettext("Légende du diagramme"), chart_id, x, 18)


def _band(
    bars: Sequence[GanttBar],
    place: int,
    arrows: Sequence[GanttArrow],
    axis: TimeAxis,
    *,
    today: date,
    title: str,
    chart_id: str,
) -> SafeString:
    shown = bars[place : place + BAND]
    width, height = axis.right + TAIL, HEAD + len(shown) * ROW + 4
    drawn = [_hatch(chart_id), _scale(axis, width, height)]
    for index, bar in enumerate(shown):
        top = HEAD + index * ROW
        drawn.append(_row(bar, top, axis, chart_id, width))
    if axis.first <= today <= axis.last:
        x = axis.at(today)
        drawn.append(
            f'<path class="c-accent-stroke" d="M{x:.1f} {HEAD - 4:.0f}V{height:.0f}" stroke="{ACCENT}" '
            'stroke-width="1.5" stroke-dasharray="4 3"/>'
        )
    drawn.extend(_arrow(arrow, bars, place, len(shown), axis) for arrow in arrows)
    if len(bars) > BAND:
        title = gettext("%(title)s Lignes %(first)s à %(last)s.") % {
            "title": title,
            "first": shown[0].number,
            "last": shown[-1].number,
        }
    return picture("".join(drawn), title, chart_id, width, height)


def _scale(axis: TimeAxis, width: float, height: float) -> str:
    drawn, ticks = [], axis.ticks()
    for place, tick in enumerate(ticks):
        top, colour, css = (4, STRONG, "c-rule-strong") if tick.major else (22, RULE, "c-rule")
        drawn.append(
            f'<path class="{css}-stroke" d="M{tick.x:.1f} {top}V{height:.0f}" stroke="{colour}" stroke-width="1"/>'
        )
        later = next((one.x for one in ticks[place + 1 :] if one.major is tick.major), width)
        if later - tick.x > _SIGN * len(tick.label):
            y, weight = (14, 600) if tick.major else (32, 0)
            drawn.append(word(tick.x + 4, y, tick.label, 11.5, INK_2, "c-ink-2-fill", weight=weight))
    drawn.append(f'<path class="c-ink-stroke" d="M0 {HEAD - 2:.0f}H{width:.0f}" stroke="{INK}" stroke-width="1.5"/>')
    return "".join(drawn)


def _row(bar: GanttBar, top: float, axis: TimeAxis, chart_id: str, width: float) -> str:
    parts = []
    if bar.is_focus:
        parts.append(block(0, top, width, ROW, "#ECEAE3", "c-sunken-fill"))
    parts.append(f'<path class="c-rule-stroke" d="M0 {top + ROW:.0f}H{width:.0f}" stroke="{RULE}" stroke-width="0.5"/>')
    parts.append(_label(bar, top))
    if bar.is_drawn:
        draw = {"summary": _summary, "milestone": _milestone}.get(bar.kind, _task)
        parts.append(f"<title>{escape(_told(bar))}</title>{draw(bar, top, axis, chart_id)}")
    return f"<g>{''.join(parts)}</g>"


def _label(bar: GanttBar, top: float) -> str:
    indent = 34 + min(bar.level - 1, 8) * 12
    room = int((LABELS - indent - 8) / _SIGN)
    name = bar.name if len(bar.name) <= room else f"{bar.name[: room - 1].rstrip()}…"
    weight = 600 if bar.kind == "summary" or bar.is_critical else 0
    lang = language_apart(bar.name)
    number = word(26, top + 15, str(bar.number), 11, FAINT, "c-faint-fill", anchor="end")
    return number + word(indent, top + 15, name, 12.5, INK, "c-ink-fill", weight=weight, lang=lang)


def _told(bar: GanttBar) -> str:
    days = " – ".join(dict.fromkeys((formats.date_short(bar.start.date()), formats.date_short(bar.finish.date()))))
    return f"{bar.number} {bar.name} : {days}"


def _task(bar: GanttBar, top: float, axis: TimeAxis, chart_id: str) -> str:
    x, end = axis.at(bar.start), axis.at(bar.finish)
    end = max(end, x + 3)
    drawn = []
    if bar.baseline_start is not None and bar.baseline_finish is not None:
        begun, due = axis.at(bar.baseline_start), axis.at(bar.baseline_finish)
        drawn.append(_outline(begun, top + 13, max(due - begun, 3), 6))
    if bar.float_until is not None and axis.at(bar.float_until) > end + 2:
        until = min(axis.at(bar.float_until), axis.right)
        drawn.append(_hatched(chart_id, end, top + 6, until - end, 5))
    if bar.is_critical:
        drawn.append(_pointed(x, end, top + 2, 13))
    else:
        drawn.append(block(x, top + 4, end - x, 9, INK_2, "c-ink-2-fill"))
    if bar.progress:
        done = (end - x) * bar.progress / 100
        drawn.append(
            f'<path class="c-sheet-stroke" d="M{x:.1f} {top + 8.5:.1f}h{done:.1f}" stroke="{SHEET}" stroke-width="2"/>'
        )
    drawn += [_mark(axis.at(mark.at), top + 8.5, is_reached=mark.is_reached) for mark in bar.marks]
    return "".join(drawn) + _slip(bar, end, top, axis)


def _mark(x: float, y: float, *, is_reached: bool) -> str:
    """A diamond that stands out on the bar: full where reached, open where expected."""
    shape = f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z"
    css, fill = ("c-ink-fill", INK) if is_reached else ("c-sheet-fill", SHEET)
    return f'<path class="{css} c-ink-stroke" d="{shape}" fill="{fill}" stroke="{INK}" stroke-width="1.2"/>'


def _summary(bar: GanttBar, top: float, axis: TimeAxis, _chart_id: str) -> str:
    x, end = axis.at(bar.start), max(axis.at(bar.finish), axis.at(bar.start) + 6)
    y = top + 6
    drawn = ""
    if bar.baseline_start is not None and bar.baseline_finish is not None:
        begun, due = axis.at(bar.baseline_start), axis.at(bar.baseline_finish)
        drawn = _outline(begun, top + 14, max(due - begun, 3), 4)
    shape = f"M{x:.1f} {y:.0f}H{end:.1f}v8l-4 -4H{x + 4:.1f}l-4 4z"
    return f'{drawn}<path class="c-ink-fill" d="{shape}" fill="{INK}"/>' + _slip(bar, end, top, axis)


def _milestone(bar: GanttBar, top: float, axis: TimeAxis, _chart_id: str) -> str:
    x, y = axis.at(bar.finish), top + 10
    drawn = []
    if bar.baseline_finish is not None:
        drawn.append(_diamond(axis.at(bar.baseline_finish), y, 6.5, is_filled=False))
    drawn.append(_diamond(x, y, 6.5 if bar.is_critical else 5.5, is_filled=True))
    if bar.is_critical:
        drawn.append(_diamond(x, y, 9, is_filled=False))
    return "".join(drawn) + _slip(bar, x + 7, top, axis)


def _slip(bar: GanttBar, x: float, top: float, axis: TimeAxis) -> str:
    """How late it is, written after the bar: in days, red and with its sign."""
    if not bar.slip or bar.slip < 0:
        return ""
    at = axis.at(bar.float_until) if bar.float_until is not None and bar.kind == "task" else x
    text = formats.delta_days(bar.slip)
    return word(min(max(at, x), axis.right) + 5, top + 14, text, 11, RED, "c-red-fill", weight=600)


def _arrow(arrow: GanttArrow, bars: Sequence[GanttBar], place: int, count: int, axis: TimeAxis) -> str:
    """Out of the end that binds, down or up, into the end that is bound; parts outside the band are cut off."""
    rows = range(place, place + count)
    low, high = sorted((arrow.before, arrow.after))
    before, after = bars[arrow.before], bars[arrow.after]
    if high < rows.start or low >= rows.stop or not (before.is_drawn and after.is_drawn):
        return ""
    out = before.start if arrow.kind in ("SS", "SF") else before.finish
    into = after.start if arrow.kind in ("FS", "SS") else after.finish
    x, end = axis.at(out), axis.at(into)
    y, target = (HEAD + (row - place) * ROW + 9 for row in (arrow.before, arrow.after))
    down = target > y
    side = -1 if arrow.kind in ("FS", "SS") else 1
    knee = y + (ROW / 2 + 1 if down else -ROW / 2 - 1)
    tip = end + side * 8
    colour, css, width = (ACCENT, "c-accent", 1.6) if arrow.is_focus else (RED, "c-red", 1.1)
    out_to = x + (-5 if arrow.kind in ("SS", "SF") else 5)
    line = f"M{x:.1f} {y:.1f}H{out_to:.1f}V{knee:.1f}H{tip:.1f}V{target:.1f}H{end + side:.1f}"
    head = f"M{end:.1f} {target:.1f}l{side * 6} -3.5v7z"
    return (
        f'<path class="{css}-stroke" d="{line}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
        f'<path class="{css}-fill" d="{head}" fill="{colour}"/>'
    )


def _hatch(chart_id: str) -> str:
    return (
        f'<defs><pattern id="{chart_id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse">'
        f'<path class="c-ink-2-stroke" d="M-1 1 1 -1M0 5 5 0M4 6 6 4" stroke="{INK_2}" stroke-width="1"/>'
        "</pattern></defs>"
    )


def _hatched(chart_id: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.0f}" fill="url(#{chart_id}-hatch)"/>'


def _outline(x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="c-sheet-fill c-ink-2-stroke" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{SHEET}" stroke="{INK_2}" stroke-width="1"/>'
    )


def _pointed(x: float, end: float, y: float, height: float) -> str:
    tip, middle = min(4.0, (end - x) / 2), y + height / 2
    shape = (
        f"M{x:.1f} {middle:.1f}L{x + tip:.1f} {y:.1f}H{end - tip:.1f}L{end:.1f} {middle:.1f}"
        f"L{end - tip:.1f} {y + height:.1f}H{x + tip:.1f}z"
    )
    return f'<path class="c-ink-fill" d="{shape}" fill="{INK}"/>'


def _diamond(x: float, y: float, size: float, *, is_filled: bool) -> str:
    shape = f"M{x:.1f} {y - size:.1f}l{size} {size}l-{size} {size}l-{size} -{size}z"
    if is_filled:
        return f'<path class="c-ink-fill" d="{shape}" fill="{INK}"/>'
    return f'<path class="c-ink-2-stroke" d="{shape}" fill="none" stroke="{INK_2}" stroke-width="1.2"/>'
