"""State glyphs placed inside a chart: same drawings as everywhere else."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from config.web.glyphs import known_state, shape
from reporting.charts.svg import group, number

BOX = 20
"""Side of the box in which a glyph is drawn."""

SMALL = 13
"""At this size and under, a glyph carries no letter."""


def glyph_at(
    state: object, x: float, y: float, size: float, *, letter: bool = True, lang: str | None = None
) -> SafeString:
    """The glyph of `state`, centred on (x, y)."""
    name = known_state(state)
    small = size <= SMALL
    drawn = mark_safe(shape(name, small=small, letter=letter, lang=lang))  # noqa: S308
    corner = f"translate({number(x - size / 2)} {number(y - size / 2)}) scale({size / BOX:.4g})"
    return group([drawn], transform=corner, css=f"glyph-{name}")
