"""How the chance of being over grows with the day: a cumulated curve, with the days that people ask about on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from config.web import formats
from portfolio.charts.shapes import ACCENT, INK, INK_2, RED, RULE, SHEET, STRONG, picture, word
from portfolio.charts.time_axis import TimeAxis, axis_over

LEFT, RIGHT, TOP, HEIGHT, BOTTOM = 52.0, 64.0, 40.0, 300.0, 40.0
WIDTH = 900.0
STEPS = (0, 20, 50, 80, 100)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """By that day the work is over in `percent` of the runs."""

    day: date
    percent: float


@dataclass(frozen=True, slots=True)
class CurveMark:
    """A day with its name; the target is dashed and red, the others are on the curve."""

    day: date
    label: str
    percent: float
    is_target: bool = False


def risk_curve(points: Sequence[CurvePoint], marks: Sequence[CurveMark], *, title: str, chart_id: str) -> SafeString:
    """The curve of the runs over the days they end on; the table of the page is its twin."""
    days = [*(one.day for one in points), *(one.day for one in marks)]
    axis = axis_over(min(days), max(days), left=LEFT, width=WIDTH - RIGHT)
    drawn = [_grid(axis), _curve(points, axis)]
    drawn += [_mark(one, axis, row) for row, one in enumerate(marks)]
    return picture("".join(drawn), title, chart_id, WIDTH, HEIGHT)


def _up(percent: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * percent / 100


def _grid(axis: TimeAxis) -> str:
    drawn = []
    for percent in STEPS:
        y = _up(percent)
        css, colour = ("c-rule-strong", STRONG) if percent == 0 else ("c-rule", RULE)
        drawn.append(f'<path class="{css}-stroke" d="M{LEFT:.0f} {y:.1f}H{axis.right:.1f}" stroke="{colour}"/>')
        drawn.append(word(LEFT - 8, y + 4, formats.percent(percent, 0), 12, INK_2, "c-ink-2-fill", anchor="end"))
    floor, shown = _up(0), {True: 0.0, False: 0.0}
    for tick in axis.ticks():
        drawn.append(
            f'<path class="c-rule-stroke" d="M{tick.x:.1f} {floor:.1f}v{8 if tick.major else 4}" stroke="{RULE}"/>'
        )
        if tick.x >= shown[tick.major]:
            y = floor + (33 if tick.major else 17)
            drawn.append(word(tick.x + 2, y, tick.label, 11.5, INK_2, "c-ink-2-fill", weight=600 if tick.major else 0))
            shown[tick.major] = tick.x + 7 * len(tick.label) + 8
    return "".join(drawn)


def _curve(points: Sequence[CurvePoint], axis: TimeAxis) -> str:
    """From none before the first day to all at the last."""
    first, last = points[0], points[-1]
    drawn = [(axis.at(first.day), _up(0)), *((axis.at(one.day), _up(one.percent)) for one in points)]
    drawn += [(axis.at(last.day), _up(100)), (axis.right, _up(100))]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)
    return (
        f'<polyline class="c-ink-stroke" points="{line}" fill="none" stroke="{INK}" stroke-width="2.4" '
        'stroke-linejoin="round"/>'
    )


def _mark(one: CurveMark, axis: TimeAxis, row: int) -> str:
    """Its name stands above, one row each, on the side that has room."""
    x, y = axis.at(one.day), _up(one.percent)
    colour, css, dash = (RED, "c-red", ' stroke-dasharray="5 4"') if one.is_target else (ACCENT, "c-accent", "")
    at_right = x > (axis.left + axis.right) / 2
    text = f"{one.label} · {formats.date_short(one.day)}"
    return (
        f'<path class="{css}-stroke" d="M{x:.1f} {14 + row * 14:.0f}V{_up(0):.1f}" stroke="{colour}" '
        f'stroke-width="1.5"{dash}/>'
        f'<circle class="{css}-stroke c-sheet-fill" cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{SHEET}" '
        f'stroke="{colour}" stroke-width="2"/>'
        + word(
            x + (-6 if at_right else 6),
            22 + row * 14,
            text,
            12,
            colour,
            f"{css}-fill",
            weight=600,
            anchor="end" if at_right else "",
        )
    )
