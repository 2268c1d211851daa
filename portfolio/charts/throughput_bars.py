"""What a team finished and what came in and went, week by week: two bands on one scale of weeks.

Finished work is solid; what came in is outlined above the line, what left hatched below it, so that greyscale tells
them apart. The table of the page is the twin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portfolio.charts.shapes import ACCENT, INK, INK_2, SHEET, STRONG, block, picture, word

WIDTH, LEFT, RIGHT = 900.0, 120.0, 8.0
TOP, DONE_HEIGHT, GAP, CHANGE_HEIGHT, FOOT = 22.0, 130.0, 30.0, 110.0, 42.0
NARROW, INSIDE = 26.0, 22.0


@dataclass(frozen=True, slots=True)
class ThroughputBar:
    """The figures of a week; `is_open` while the week is not over."""

    label: str
    done: int
    added: int
    removed: int
    is_open: bool = False


def throughput_bars(
    weeks: Sequence[ThroughputBar], *, mean: float | None, mean_label: str, title: str, chart_id: str
) -> SafeString:
    """The weeks, oldest first; `mean` is drawn across the first band."""
    pitch = (WIDTH - LEFT - RIGHT) / max(len(weeks), 1)
    floor = TOP + DONE_HEIGHT
    done_scale = DONE_HEIGHT / max(1, *(one.done for one in weeks), mean or 0)
    top = max(1, *(one.added for one in weeks))
    change_scale = CHANGE_HEIGHT / (top + max(0, *(one.removed for one in weeks)))
    zero = floor + GAP + top * change_scale
    height = floor + GAP + CHANGE_HEIGHT + FOOT
    drawn = [_hatch(chart_id), _names(floor, zero)]
    for place, one in enumerate(weeks):
        x, wide = LEFT + place * pitch, max(pitch - 5, 2)
        drawn += [_done(one, x, wide, floor, done_scale), _change(one, x, wide, zero, change_scale, chart_id)]
        if pitch >= NARROW or place % 2 == (len(weeks) - 1) % 2:
            drawn.append(word(x + wide / 2, height - 8, one.label, 11, INK_2, "c-ink-2-fill", anchor="middle"))
    drawn += [_line(floor, STRONG, "c-rule-strong"), _line(zero, STRONG, "c-rule-strong")]
    if mean:
        drawn.append(_mean(floor - mean * done_scale, mean_label))
    return picture("".join(drawn), title, chart_id, WIDTH, height)


def _done(one: ThroughputBar, x: float, wide: float, floor: float, scale: float) -> str:
    """The figure stands in the head of its bar, or on it where there is no room."""
    tall = one.done * scale
    is_inside = tall >= INSIDE and not one.is_open
    y, ink, css = (floor - tall + 15, SHEET, "c-sheet-fill") if is_inside else (floor - tall - 4, INK, "c-ink-fill")
    figure = word(x + wide / 2, y, str(one.done), 11, ink, css, weight=600, anchor="middle")
    if one.is_open:
        return _outlined(x, floor - tall, wide, tall) + figure
    return block(x, floor - tall, wide, tall, INK, "c-ink-fill") + figure


def _change(one: ThroughputBar, x: float, wide: float, zero: float, scale: float, chart_id: str) -> str:
    drawn = ""
    if one.added:
        drawn = _outlined(x, zero - one.added * scale, wide, one.added * scale)
        y = zero - one.added * scale - 4
        drawn += word(x + wide / 2, y, str(one.added), 11, INK_2, "c-ink-2-fill", anchor="middle")
    if one.removed:
        drawn += (
            f'<rect class="c-ink-stroke" x="{x:.1f}" y="{zero:.1f}" width="{wide:.1f}" '
            f'height="{one.removed * scale:.1f}" fill="url(#{chart_id}-hatch)" stroke="{INK}"/>'
        )
        y = zero + one.removed * scale + 13
        drawn += word(x + wide / 2, y, str(one.removed), 11, INK_2, "c-ink-2-fill", anchor="middle")
    return drawn


def _outlined(x: float, y: float, wide: float, tall: float) -> str:
    return (
        f'<rect class="c-ink-stroke" x="{x + 0.5:.1f}" y="{y:.1f}" width="{wide - 1:.1f}" height="{tall:.1f}" '
        f'fill="none" stroke="{INK}"/>'
    )


def _names(floor: float, zero: float) -> str:
    """What each band counts, on the left of its line."""
    named = ((floor, gettext("Terminées")), (zero - 6, gettext("Ajoutées ↑")), (zero + 14, gettext("Retirées ↓")))
    return "".join(word(0, y, text, 12, INK_2, "c-ink-2-fill", weight=600) for y, text in named)


def _line(y: float, colour: str, css: str) -> str:
    return f'<path class="{css}-stroke" d="M{LEFT - 4:.0f} {y:.1f}H{WIDTH - RIGHT:.0f}" stroke="{colour}"/>'


def _mean(y: float, text: str) -> str:
    return (
        f'<path class="c-accent-stroke" d="M{LEFT - 4:.0f} {y:.1f}H{WIDTH - RIGHT:.0f}" stroke="{ACCENT}" '
        'stroke-width="1.5" stroke-dasharray="6 4"/>' + word(0, y + 4, text, 12, ACCENT, "c-accent-fill", weight=600)
    )


def _hatch(chart_id: str) -> str:
    return (
        f'<defs><pattern id="{chart_id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse">'
        f'<path class="c-ink-stroke" d="M-1 1 1 -1M0 5 5 0M4 6 6 4" stroke="{INK}" stroke-width="1.2"/>'
        "</pattern></defs>"
    )
