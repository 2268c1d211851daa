"""Who may not sit on an item: parties to the project, declared interests, and whoever they name in their place.

Somebody who was author, executive, project manager, deputy or programme manager
at any time since the project began stays a party after he hands it over. A
supplier link counts for two years after it ended. A person named by a
conflicted one is conflicted. Source: domain reference F (conflict of interest),
trust S1 and S5; docs/formulas/interest.md.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

SUPPLIER_YEARS = 2


class Ground(enum.StrEnum):
    """Why a person is recused."""

    OWN_PROJECT = "own_project"
    SUPPLIER = "supplier"
    FAMILY = "family"
    LINE_MANAGER = "line_manager"
    OTHER = "other"
    DELEGATE = "delegate"


@dataclass(frozen=True, slots=True)
class DeclaredInterest:
    """What a member declared; `project`, `employer` or `person` is what it is about, `ended_on` when it ended."""

    holder: int
    ground: Ground
    project: int | None = None
    employer: int | None = None
    person: int | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One item: its project, everybody who ever was a party to it, and the suppliers involved.

    `others` are the further projects that an arbitration concerns: a party to any of them is a party.
    """

    project: int | None
    parties: Collection[int] = ()
    employers: Collection[int] = ()
    others: Collection[int] = ()


def conflicts(
    members: Iterable[int],
    item: ItemFacts,
    declared: Iterable[DeclaredInterest],
    employer_of: Mapping[int, int],
    on: date,
    delegates: Mapping[int, int] | None = None,
) -> dict[int, Ground]:
    """The members to recuse with the first ground found; `delegates` are giver -> who votes in his place."""
    members = list(members)
    found: dict[int, Ground] = {}
    for member in members:
        if member in item.parties:
            found[member] = Ground.OWN_PROJECT
        elif employer_of.get(member) in item.employers:
            found[member] = Ground.SUPPLIER
    for interest in declared:
        if interest.holder in members and interest.holder not in found and _touches(interest, item, on):
            found[interest.holder] = interest.ground
    for giver, holder in (delegates or {}).items():
        if giver in found and holder in members:
            found.setdefault(holder, Ground.DELEGATE)
    return found


def _touches(interest: DeclaredInterest, item: ItemFacts, on: date) -> bool:
    if interest.ended_on is not None and on > _until(interest):
        return False
    return (
        (interest.project is not None and interest.project in (item.project, *item.others))
        or (interest.employer is not None and interest.employer in item.employers)
        or (interest.person is not None and interest.person in item.parties)
    )


def _until(interest: DeclaredInterest) -> date:
    """A supplier link outlives its end, another interest ends with it."""
    end = interest.ended_on or date.max
    if interest.ground is not Ground.SUPPLIER or end == date.max:
        return end
    year = end.year + SUPPLIER_YEARS
    return end.replace(year=year, day=28) if (end.month, end.day) == (2, 29) else end.replace(year=year)
