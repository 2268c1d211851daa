"""Money to the cent: Decimal, half up, and shares that add up to the whole.

`allocate` uses the largest-remainder method (Hamilton): each share is cut to
the cent, then the missing cents go one by one to the largest remainders, the
earliest first on a tie. docs/formulas/money.md holds the worked numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext

CENT = Decimal("0.01")
_WORKING_PRECISION = 60


def to_cents(amount: Decimal) -> Decimal:
    """Round half up (away from zero) to the cent; a negative zero becomes zero."""
    with localcontext() as context:
        context.prec = _WORKING_PRECISION
        return amount.quantize(CENT, rounding=ROUND_HALF_UP) + Decimal(0)


def allocate(total: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share `total` in proportion to `weights`; the parts sum to the rounded total."""
    if not weights or any(weight < 0 for weight in weights) or sum(weights) == 0:
        raise ValueError("weights must be positive and not all zero")
    whole = to_cents(total)
    sign = -1 if whole < 0 else 1
    with localcontext() as context:
        context.prec = _WORKING_PRECISION
        base = sum(weights, Decimal(0))
        exact = [abs(whole) * weight / base for weight in weights]
        parts = [share.quantize(CENT, rounding=ROUND_DOWN) for share in exact]
        missing = int((abs(whole) - sum(parts, Decimal(0))) / CENT)
        by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
        for index in by_remainder[:missing]:
            parts[index] += CENT
        return tuple(sign * part + Decimal(0) for part in parts)


def split(total: Decimal, parts: int) -> tuple[Decimal, ...]:
    """Share `total` in equal parts, the first ones taking the odd cents."""
    return allocate(total, [Decimal(1)] * parts)
