"""Linear scales and readable ticks. Pure arithmetic, zero-based where bars need it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Value = Decimal | int | float


@dataclass(frozen=True, slots=True)
class LinearScale:
    """Maps [low, high] to [start, end]; an empty domain maps to `start`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: Value) -> float:
        if self.high == self.low:
            return self.start
        share = (float(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def clamp(self, value: Value) -> float:
        """The position of `value`, kept inside the scale."""
        return self(min(max(float(value), self.low), self.high))


@dataclass(frozen=True, slots=True)
class DateScale:
    """Maps the days from `first` to `last` to [start, end]."""

    first: date
    last: date
    start: float
    end: float

    def __call__(self, day: date) -> float:
        span = (self.last - self.first).days
        if span == 0:
            return self.start
        return self.start + (day - self.first).days / span * (self.end - self.start)


BAR_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(3), Decimal(5), Decimal(6), Decimal(10))
INDEX_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


def nice_step(span: Value, count: int = 4, steps: Sequence[Decimal] = BAR_STEPS) -> Decimal:
    """The smallest of `steps` x 10^n that covers `span` in `count` steps."""
    wide = float(span)
    if wide <= 0:
        return Decimal(1)
    power = Decimal(10) ** (math.floor(math.log10(wide / count)))
    return next((c * power for c in steps if float(c * power) * count >= wide * (1 - 1e-9)), Decimal(10) * power)


def ticks_from_zero(high: Value, count: int = 4) -> tuple[Decimal, ...]:
    """Ticks 0, step, ... that cover `high`."""
    step = nice_step(high, count)
    return tuple(step * index for index in range(count + 1))


def largest(values: Iterable[Value | None], default: Value = 1) -> float:
    """The largest positive known value."""
    return max((float(value) for value in values if value is not None and value > 0), default=float(default))


def spread(positions: list[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart to at least `gap`, in their order, within [low, high]."""
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    placed = list(positions)
    floor = low
    for index in order:
        placed[index] = max(placed[index], floor)
        floor = placed[index] + gap
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed
