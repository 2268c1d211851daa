"""One value against its three references: first approval, current baseline, last week.

A deviation is value minus reference: positive is later or dearer. A missing
value or reference gives None, never 0. docs/formulas/deviation.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from portfolio.engines.vocabulary import Rag


@dataclass(frozen=True, slots=True)
class DateDeviation:
    """Calendar days; positive is later."""

    first_approved: int | None
    baseline: int | None
    last_week: int | None


@dataclass(frozen=True, slots=True)
class MoneyDeviation:
    """EUR and percent of the reference; positive is dearer."""

    first_approved: Decimal | None
    baseline: Decimal | None
    last_week: Decimal | None
    first_approved_percent: Decimal | None
    baseline_percent: Decimal | None
    last_week_percent: Decimal | None


def date_deviation(
    value: date | None,
    *,
    first_approved: date | None,
    baseline: date | None,
    last_week: date | None,
) -> DateDeviation:
    """Days between `value` and each reference."""
    return DateDeviation(
        first_approved=days_between(first_approved, value),
        baseline=days_between(baseline, value),
        last_week=days_between(last_week, value),
    )


def money_deviation(
    value: Decimal | None,
    *,
    first_approved: Decimal | None,
    baseline: Decimal | None,
    last_week: Decimal | None,
) -> MoneyDeviation:
    """EUR and percent between `value` and each reference."""
    return MoneyDeviation(
        first_approved=difference(first_approved, value),
        baseline=difference(baseline, value),
        last_week=difference(last_week, value),
        first_approved_percent=percent_of(difference(first_approved, value), first_approved),
        baseline_percent=percent_of(difference(baseline, value), baseline),
        last_week_percent=percent_of(difference(last_week, value), last_week),
    )


def days_between(reference: date | None, value: date | None) -> int | None:
    """Days from `reference` to `value`; None if either is missing."""
    return None if reference is None or value is None else (value - reference).days


def difference(reference: Decimal | None, value: Decimal | None) -> Decimal | None:
    """`value` minus `reference`; None if either is missing."""
    return None if reference is None or value is None else value - reference


def percent_of(delta: Decimal | None, reference: Decimal | None) -> Decimal | None:
    """`delta` as a percentage of `reference`; None without a reference above zero."""
    if delta is None or reference is None or reference <= 0:
        return None
    return delta / reference * 100


@dataclass(frozen=True, slots=True)
class MeanDeviation:
    """The mean of so many known deviations; None of none."""

    mean: Decimal | None
    count: int

    @property
    def days(self) -> int | None:
        """The mean in whole days, half a day up."""
        return None if self.mean is None else int(self.mean.to_integral_value(ROUND_HALF_UP))


def mean_deviation(values: Iterable[int | None]) -> MeanDeviation:
    """The mean of what is known; what is not known is not counted as nought."""
    known = [value for value in values if value is not None]
    return MeanDeviation(Decimal(sum(known)) / len(known) if known else None, len(known))


def total_percent(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> MeanDeviation:
    """By how many percent the sum of values differs from the sum of references, over the pairs known on both sides."""
    known = [(value, reference) for value, reference in pairs if value is not None and reference is not None]
    values, references = (sum(column, Decimal(0)) for column in zip(*known, strict=True)) if known else (None, None)
    return MeanDeviation(percent_of(difference(references, values), references), len(known))


LATE_RED_DAYS = 30


def milestone_slip(*, baseline: date, forecast: date, actual: date | None, today: date) -> int:
    """Days after the baseline (negative: early); one overdue and not reached has slipped to `today` at least."""
    reached = actual if actual is not None else max(forecast, today)
    return (reached - baseline).days


def milestone_rag(slip_days: int, *, overdue: bool = False) -> Rag:
    """The colour of one milestone by itself: on its baseline green, later or overdue amber, over 30 days red."""
    if slip_days <= 0 and not overdue:
        return Rag.GREEN
    return Rag.RED if slip_days > LATE_RED_DAYS else Rag.AMBER
