"""Shared vocabulary of the portfolio engines.

Plain enums, so that models can build their choices around them without the
engines knowing Django. Values are stored and must never be renamed.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Rag(enum.StrEnum):
    """A status colour. `UNKNOWN` is grey: no evidence, which is never green."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"

    @property
    def severity(self) -> int:
        """Order of concern among known colours; unknown is outside the order."""
        return _SEVERITY[self]

    @property
    def is_known(self) -> bool:
        return self is not Rag.UNKNOWN


_SEVERITY = {Rag.UNKNOWN: 0, Rag.GREEN: 1, Rag.AMBER: 2, Rag.RED: 3}


class Target(enum.StrEnum):
    """The seven PRINCE2 7 tolerance targets."""

    BENEFITS = "benefits"
    COST = "cost"
    TIME = "time"
    QUALITY = "quality"
    SCOPE = "scope"
    SUSTAINABILITY = "sustainability"
    RISK = "risk"


class Dimension(enum.StrEnum):
    """The five dimensions a project manager declares every week."""

    TIME = "time"
    COST = "cost"
    SCOPE = "scope"
    RESOURCES = "resources"
    RISK = "risk"


class Unit(enum.StrEnum):
    """Unit of a tolerance; `PERCENT` is of the baseline."""

    PERCENT = "percent"
    EUR = "eur"
    DAYS = "days"
    WEEKS = "weeks"
    COUNT = "count"
    SCORE = "score"
    POINTS = "points"


def worst(colours: Iterable[Rag]) -> Rag:
    """The most severe known colour; unknown when none is known."""
    return max(colours, key=lambda colour: colour.severity, default=Rag.UNKNOWN)
