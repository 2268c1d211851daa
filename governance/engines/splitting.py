"""The splitting alarm (trust S3): requests that stay below a threshold one by one and pass it together.

Counted are those of the same project or programme within twelve months of the one looked at. The limit itself is
still below: only more than it is above. Source: trust model S3; docs/formulas/splitting.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

WINDOW = timedelta(days=365)
DEFAULT_LIMIT = Decimal("250000.00")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with its amount, the day it was asked, its project and programme."""

    key: int
    on: date
    amount: Decimal
    project: int
    programme: int | None = None


@dataclass(frozen=True, slots=True)
class Splitting:
    """The requests that together pass the limit, the one looked at included, and their sum."""

    keys: tuple[int, ...]
    total: Decimal
    limit: Decimal


def splitting(this: Asked, others: Iterable[Asked], limit: Decimal) -> Splitting | None:
    """The alarm for one request; None where it is above the limit by itself, or where nothing adds up to more."""
    if this.amount > limit:
        return None
    near = [one for one in others if one.key != this.key and one.amount <= limit and _belongs(one, this)]
    total = this.amount + sum((one.amount for one in near), Decimal(0))
    if not near or total <= limit:
        return None
    return Splitting(tuple(sorted([this.key, *(one.key for one in near)])), total, limit)


def _belongs(one: Asked, this: Asked) -> bool:
    same = one.project == this.project or (this.programme is not None and one.programme == this.programme)
    return same and abs(one.on - this.on) <= WINDOW
