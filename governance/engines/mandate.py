"""Which body decides: the lowest one whose mandate covers the request on the day.

A mandate is dated data: a body, a kind of decision, an upper limit in EUR (None
is unlimited), the widest tolerance it may grant and the days it is in force. It
may be held by delegation: then it lives and ends with the delegating body's own
mandate, never reaches beyond it, and is not passed on (no chain). Bodies are
tried from the lowest rank up; each one passed over is kept with its reason, so
that the answer explains itself. No body at all is an answer too. Source: domain
reference 0.1, A1 and F; trust S5; docs/formulas/mandate.md.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class Reason(enum.StrEnum):
    """Why a body decides, or why it does not."""

    WITHIN_LIMIT = "within_limit"
    UNLIMITED = "unlimited"
    ABOVE_LIMIT = "above_limit"
    AMOUNT_UNKNOWN = "amount_unknown"
    BEYOND_TOLERANCE = "beyond_tolerance"
    DELEGATION_ENDED = "delegation_ended"
    NO_MANDATE = "no_mandate"


class Level(enum.IntEnum):
    """Whose tolerance a request would use up; the business layer sets the project's, the board the stage's."""

    WORK_PACKAGE = 1
    STAGE = 2
    PROJECT = 3
    PROGRAMME = 4


@dataclass(frozen=True, slots=True)
class MandateFacts:
    """One body's power for one kind of decision; a higher rank is a higher body.

    With `limit_inclusive` the limit itself is still covered: "above 250 000 EUR
    goes to the committee" leaves 250 000.00 to the body below. `level` is the
    widest tolerance the body may decide on, None where tolerance plays no part.
    `delegated_by` names the body whose power this is.
    """

    body: str
    rank: int
    kind: str
    limit: Decimal | None
    valid_from: date
    valid_to: date | None = None
    limit_inclusive: bool = True
    level: Level | None = None
    delegated_by: str | None = None

    def is_valid(self, on: date) -> bool:
        """Both days included."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def covers(self, amount: Decimal | None) -> bool:
        """An unknown amount is covered by an unlimited mandate only."""
        if self.limit is None:
            return True
        if amount is None:
            return False
        return amount <= self.limit if self.limit_inclusive else amount < self.limit

    def reaches(self, level: Level | None) -> bool:
        return level is None or self.level is None or level <= self.level


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A lower body that may not decide."""

    mandate: MandateFacts
    reason: Reason


@dataclass(frozen=True, slots=True)
class Competence:
    """The answer; `mandate` is None when nobody is competent."""

    mandate: MandateFacts | None
    reason: Reason
    passed_over: tuple[PassedOver, ...] = ()

    @property
    def body(self) -> str | None:
        return None if self.mandate is None else self.mandate.body


def competent_body(
    kind: str, amount: Decimal | None, on: date, mandates: Iterable[MandateFacts], level: Level | None = None
) -> Competence:
    """The lowest body competent for `kind`, `amount` and tolerance `level` on the day `on`."""
    if amount is not None and not amount.is_finite():
        raise ValueError("the amount must be a finite number")
    of_kind = [item for item in mandates if item.kind == kind]
    valid = [item for item in of_kind if item.is_valid(on)]
    passed: list[PassedOver] = []
    for mandate in sorted(valid, key=lambda item: (item.rank, item.body)):
        refusal = _refusal(mandate, amount, level, [item for item in valid if item.body == mandate.delegated_by])
        if refusal is None:
            reason = Reason.UNLIMITED if mandate.limit is None else Reason.WITHIN_LIMIT
            return Competence(mandate, reason, tuple(passed))
        passed.append(PassedOver(mandate, refusal))
    return Competence(None, Reason.NO_MANDATE, tuple(passed))


def _refusal(
    mandate: MandateFacts, amount: Decimal | None, level: Level | None, delegators: Sequence[MandateFacts]
) -> Reason | None:
    """Why this mandate does not suffice; None when it does."""
    if mandate.delegated_by is not None:
        own = [item for item in delegators if item.delegated_by is None]
        if not own:
            return Reason.DELEGATION_ENDED
        if not any(item.covers(amount) for item in own):
            return Reason.AMOUNT_UNKNOWN if amount is None else Reason.ABOVE_LIMIT
        if not any(item.reaches(level) for item in own):
            return Reason.BEYOND_TOLERANCE
    if not mandate.reaches(level):
        return Reason.BEYOND_TOLERANCE
    if not mandate.covers(amount):
        return Reason.AMOUNT_UNKNOWN if amount is None else Reason.ABOVE_LIMIT
    return None
