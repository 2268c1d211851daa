"""Which body decides: the lowest one whose mandate covers the amount on the day.

A mandate is dated data: a body, a kind of decision, an upper limit in EUR (None
is unlimited) and the days it is in force. Bodies are tried from the lowest rank
up; each one passed over is kept with its reason, so that the answer explains
itself. No body at all is an answer too. Source: domain reference 0.1 and F;
docs/formulas/mandate.md.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class Reason(enum.StrEnum):
    """Why a body decides, or why it does not."""

    WITHIN_LIMIT = "within_limit"
    UNLIMITED = "unlimited"
    ABOVE_LIMIT = "above_limit"
    AMOUNT_UNKNOWN = "amount_unknown"
    NO_MANDATE = "no_mandate"


@dataclass(frozen=True, slots=True)
class MandateFacts:
    """One body's power for one kind of decision; a higher rank is a higher body.

    With `limit_inclusive` the limit itself is still covered: "above 250 000 EUR
    goes to the committee" leaves 250 000.00 to the body below.
    """

    body: str
    rank: int
    kind: str
    limit: Decimal | None
    valid_from: date
    valid_to: date | None = None
    limit_inclusive: bool = True

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


def competent_body(kind: str, amount: Decimal | None, on: date, mandates: Iterable[MandateFacts]) -> Competence:
    """The lowest body competent for `kind` and `amount` on the day `on`."""
    if amount is not None and not amount.is_finite():
        raise ValueError("the amount must be a finite number")
    valid = [item for item in mandates if item.kind == kind and item.is_valid(on)]
    passed: list[PassedOver] = []
    for mandate in sorted(valid, key=lambda item: (item.rank, item.body)):
        if mandate.covers(amount):
            reason = Reason.UNLIMITED if mandate.limit is None else Reason.WITHIN_LIMIT
            return Competence(mandate, reason, tuple(passed))
        refusal = Reason.AMOUNT_UNKNOWN if amount is None else Reason.ABOVE_LIMIT
        passed.append(PassedOver(mandate, refusal))
    return Competence(None, Reason.NO_MANDATE, tuple(passed))
