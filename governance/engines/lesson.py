"""Which lessons of others a gate review is asked to answer.

A lesson is worth as many points as what its project shares with this one: 3 for
the strategic axis, 2 for the method, 2 when its kind is one this project is
exposed to (a public contract: suppliers; personal data: data and security; a
late or dear forecast: planning). From 3 points on it is proposed, the most
similar first, the newest between equals, five at most. Source: domain reference
A1 (learn from experience, lessons log); docs/formulas/gate-review.md.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


class Kind(enum.StrEnum):
    PLANNING = "planning"
    SUPPLIER = "supplier"
    DATA = "data"
    SECURITY = "security"
    QUALITY = "quality"
    PEOPLE = "people"
    GOVERNANCE = "governance"


AXIS, METHOD, EXPOSURE, ENOUGH, AT_MOST = 3, 2, 2, 3, 5


@dataclass(frozen=True, slots=True)
class Traits:
    """What a project shares with others."""

    axis: int | None
    method: str
    exposed_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """A lesson with the traits of the project it comes from."""

    key: int
    axis: int | None
    method: str
    kind: str
    recorded_on: date


def exposures(*, has_procurement: bool, handles_personal_data: bool, is_off_plan: bool) -> frozenset[str]:
    """The kinds of lesson a project is exposed to."""
    found: set[str] = set()
    if has_procurement:
        found.add(Kind.SUPPLIER)
    if handles_personal_data:
        found |= {Kind.DATA, Kind.SECURITY}
    if is_off_plan:
        found.add(Kind.PLANNING)
    return frozenset(found)


def similarity(traits: Traits, lesson: Known) -> int:
    """Points from 0 to 7."""
    same_axis = traits.axis is not None and traits.axis == lesson.axis
    points = AXIS if same_axis else 0
    points += METHOD if traits.method == lesson.method else 0
    return points + (EXPOSURE if lesson.kind in traits.exposed_to else 0)


def proposed(traits: Traits, lessons: Iterable[Known]) -> list[int]:
    """The keys of the lessons to answer, the most similar first."""
    scored = [(similarity(traits, lesson), lesson) for lesson in lessons]
    kept = [(points, lesson) for points, lesson in scored if points >= ENOUGH]
    kept.sort(key=lambda pair: (-pair[0], -pair[1].recorded_on.toordinal(), pair[1].key))
    return [lesson.key for _points, lesson in kept[:AT_MOST]]
