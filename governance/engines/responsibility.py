"""Checks of who answers for what: the RACI matrix and the roles of a PRINCE2 board.

RACI: one accountable per row, at least one who does it. A person or role may be
accountable and do it (A/R). Board: one executive, at least one senior user and
one senior supplier; the executive is not the project manager, who takes no part
in project assurance. Source: domain reference A1 and F;
docs/formulas/responsibility.md.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


class Letter(enum.StrEnum):
    ACCOUNTABLE = "A"
    RESPONSIBLE = "R"
    BOTH = "AR"
    CONSULTED = "C"
    INFORMED = "I"


class RowFault(enum.StrEnum):
    NOBODY_ACCOUNTABLE = "nobody_accountable"
    SEVERAL_ACCOUNTABLE = "several_accountable"
    NOBODY_RESPONSIBLE = "nobody_responsible"


def row_faults(letters: Mapping[str, Letter]) -> tuple[RowFault, ...]:
    """What is wrong with one activity; `letters` are by role."""
    values = list(letters.values())
    accountable = sum(1 for letter in values if letter in (Letter.ACCOUNTABLE, Letter.BOTH))
    faults = []
    if accountable == 0:
        faults.append(RowFault.NOBODY_ACCOUNTABLE)
    if accountable > 1:
        faults.append(RowFault.SEVERAL_ACCOUNTABLE)
    if not any(letter in (Letter.RESPONSIBLE, Letter.BOTH) for letter in values):
        faults.append(RowFault.NOBODY_RESPONSIBLE)
    return tuple(faults)


class BoardRole(enum.StrEnum):
    """What a seat of a project board stands for."""

    NONE = ""
    EXECUTIVE = "executive"
    SENIOR_USER = "senior_user"
    SENIOR_SUPPLIER = "senior_supplier"
    ASSURANCE = "assurance"
    CHANGE_AUTHORITY = "change_authority"


class BoardFault(enum.StrEnum):
    NO_EXECUTIVE = "no_executive"
    SEVERAL_EXECUTIVES = "several_executives"
    NO_SENIOR_USER = "no_senior_user"
    NO_SENIOR_SUPPLIER = "no_senior_supplier"
    EXECUTIVE_IS_MANAGER = "executive_is_manager"
    MANAGER_IN_ASSURANCE = "manager_in_assurance"


@dataclass(frozen=True, slots=True)
class BoardSeat:
    person: int
    role: BoardRole


def board_faults(seats: Iterable[BoardSeat], managers: Collection[int]) -> tuple[BoardFault, ...]:
    """What the board lacks or mixes up; `managers` are the project managers of the projects it directs."""
    seats = list(seats)
    held = {role: [seat.person for seat in seats if seat.role is role] for role in BoardRole}
    faults = []
    if not held[BoardRole.EXECUTIVE]:
        faults.append(BoardFault.NO_EXECUTIVE)
    if len(held[BoardRole.EXECUTIVE]) > 1:
        faults.append(BoardFault.SEVERAL_EXECUTIVES)
    if not held[BoardRole.SENIOR_USER]:
        faults.append(BoardFault.NO_SENIOR_USER)
    if not held[BoardRole.SENIOR_SUPPLIER]:
        faults.append(BoardFault.NO_SENIOR_SUPPLIER)
    if any(person in managers for person in held[BoardRole.EXECUTIVE]):
        faults.append(BoardFault.EXECUTIVE_IS_MANAGER)
    if any(person in managers for person in held[BoardRole.ASSURANCE]):
        faults.append(BoardFault.MANAGER_IN_ASSURANCE)
    return tuple(faults)
