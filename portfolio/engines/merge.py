"""Three-way merge of form values: optimistic concurrency per field.

Rule (docs/formulas/merge.md): a field changed by one side only takes that
side's value; a field changed by both to the same value takes it; a field
changed by both to different values is a clash and appears in `clashes`, never
in `merged`. A field absent from `mine` was not on the form: theirs stays.
Line endings do not count as a change, because browsers rewrite them.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Absent(enum.Enum):
    """Marks a value that one of the three versions does not hold."""

    ABSENT = enum.auto()


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Clash:
    """One field changed by both sides; a missing value is None."""

    field: str
    base: object
    theirs: object
    mine: object


@dataclass(frozen=True, slots=True)
class MergeResult:
    """`merged` may be saved when `is_clean`; it never holds a clashing field."""

    merged: Mapping[str, object]
    clashes: tuple[Clash, ...]

    @property
    def is_clean(self) -> bool:
        return not self.clashes

    @property
    def clashing_fields(self) -> tuple[str, ...]:
        return tuple(clash.field for clash in self.clashes)


def three_way(
    base: Mapping[str, object],
    theirs: Mapping[str, object],
    mine: Mapping[str, object],
) -> MergeResult:
    """Merge `mine` into `theirs`, both derived from `base`, in field order of `theirs`."""
    merged: dict[str, object] = {}
    clashes: list[Clash] = []
    for field in _field_order(theirs, mine):
        before = base.get(field, ABSENT)
        stored = theirs.get(field, ABSENT)
        typed = mine.get(field, ABSENT)
        if typed is ABSENT or same_value(typed, before) or same_value(typed, stored):
            chosen = stored
        elif same_value(stored, before):
            chosen = typed
        else:
            clashes.append(Clash(field, _plain(before), _plain(stored), typed))
            continue
        if chosen is not ABSENT:
            merged[field] = chosen
    return MergeResult(merged=merged, clashes=tuple(clashes))


def changed_fields(base: Mapping[str, object], mine: Mapping[str, object]) -> tuple[str, ...]:
    """Fields of `mine` whose value differs from `base`, in form order."""
    return tuple(field for field, value in mine.items() if not same_value(value, base.get(field, ABSENT)))


def same_value(left: object, right: object) -> bool:
    """Equality as a person sees it: CRLF, CR and LF are one line ending."""
    if isinstance(left, str) and isinstance(right, str):
        return _one_line_ending(left) == _one_line_ending(right)
    return left == right


def _one_line_ending(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _field_order(theirs: Mapping[str, object], mine: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*theirs, *mine)))


def _plain(value: object) -> object:
    return None if value is ABSENT else value
