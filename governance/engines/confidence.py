"""Confidence in delivery: five levels, or three, and how five become three.

Green, amber/green, amber, amber/red, red. Reduced to three, amber/green and
amber/red are amber: the middle keeps everything that needs attention. Source:
domain reference F (NAO and NISTA scales); docs/formulas/gate-review.md.
"""

from __future__ import annotations

import enum


class Level(enum.StrEnum):
    GREEN = "green"
    AMBER_GREEN = "amber_green"
    AMBER = "amber"
    AMBER_RED = "amber_red"
    RED = "red"


SCALES: dict[int, tuple[Level, ...]] = {
    5: tuple(Level),
    3: (Level.GREEN, Level.AMBER, Level.RED),
}
_ORDER = {"green": 0, "amber": 1, "red": 2}


def reduced(level: Level) -> Level:
    """The level on the scale of three; amber/green and amber/red become amber."""
    return Level.AMBER if level in (Level.AMBER_GREEN, Level.AMBER_RED) else level


def on_scale(level: Level, scale: int) -> Level:
    """The level as a house with that scale shows it."""
    return reduced(level) if scale == 3 else level


def disagrees(level: Level, declared: str) -> bool:
    """Whether the assessment, on three levels, is graver than the colour the project manager declared."""
    return declared in _ORDER and _ORDER[reduced(level)] > _ORDER[declared]
