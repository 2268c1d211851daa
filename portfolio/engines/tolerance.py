"""Tolerance use: how much of the agreed room a forecast takes.

u = |forecast - baseline| / tolerance on that side; green u <= 0.5, amber
0.5 < u <= 1, red u > 1; a tolerance of 0 with any deviation is red; no
tolerance or no fact is grey. Source: domain reference A1 (PRINCE2 7 targets),
worked numbers in docs/formulas/health.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portfolio.engines.verdict import FactValue, Rule, Verdict
from portfolio.engines.vocabulary import Rag, Unit

AMBER_ABOVE = Decimal("0.5")
RED_ABOVE = Decimal(1)
DAYS_PER_WEEK = Decimal(7)


@dataclass(frozen=True, slots=True)
class ToleranceFacts:
    """Room on each side of a baseline, both given as positive numbers.

    One side None: that side is unbounded and using it costs nothing (finishing
    early, a benefit above plan). Both None: no tolerance was agreed. For time,
    cost and risk the project's own facts replace an empty baseline or forecast.
    """

    minus: Decimal | None = None
    plus: Decimal | None = None
    baseline: Decimal | None = None
    forecast: Decimal | None = None
    unit: Unit = Unit.PERCENT
    measure: str = ""

    @property
    def is_set(self) -> bool:
        return self.minus is not None or self.plus is not None


@dataclass(frozen=True, slots=True)
class ToleranceUse:
    """The measured deviation; `use` None means a tolerance of 0 was exceeded."""

    deviation: Decimal
    allowed: Decimal | None
    use: Decimal | None

    @property
    def rag(self) -> Rag:
        if self.use is None or self.use > RED_ABOVE:
            return Rag.RED
        return Rag.AMBER if self.use > AMBER_ABOVE else Rag.GREEN


def measure(baseline: Decimal, forecast: Decimal, tolerance: ToleranceFacts) -> ToleranceUse:
    """The use of `tolerance`, already expressed on the scale of `baseline`."""
    deviation = forecast - baseline
    side = tolerance.plus if deviation > 0 else tolerance.minus
    allowed = _on_scale(side, baseline, tolerance.unit)
    if deviation == 0 or allowed is None:
        return ToleranceUse(deviation, allowed, Decimal(0))
    if allowed == 0:
        return ToleranceUse(deviation, allowed, None)
    return ToleranceUse(deviation, allowed, abs(deviation) / allowed)


def judge(
    tolerance: ToleranceFacts | None,
    *,
    baseline: Decimal | None = None,
    forecast: Decimal | None = None,
) -> Verdict:
    """The verdict on one target; the keyword facts fill what `tolerance` leaves empty."""
    if tolerance is None or not tolerance.is_set:
        return Verdict(Rag.UNKNOWN, Rule.NO_TOLERANCE)
    baseline = tolerance.baseline if tolerance.baseline is not None else baseline
    forecast = tolerance.forecast if tolerance.forecast is not None else forecast
    if baseline is None:
        return Verdict(Rag.UNKNOWN, Rule.NO_BASELINE)
    if forecast is None:
        return Verdict(Rag.UNKNOWN, Rule.NO_FORECAST, {"baseline": baseline})
    used = measure(baseline, forecast, tolerance)
    facts: dict[str, FactValue] = {
        "baseline": baseline,
        "forecast": forecast,
        "deviation": used.deviation,
        "allowed": used.allowed,
        "unit": tolerance.unit.value,
    }
    if tolerance.measure:
        facts["measure"] = tolerance.measure
    return Verdict(used.rag, tolerance_rule(used), facts, used.use)


def tolerance_rule(used: ToleranceUse) -> Rule:
    """The rule that names the colour of `used`."""
    if used.use is None:
        return Rule.ZERO_TOLERANCE
    if used.rag is Rag.RED:
        return Rule.BEYOND_TOLERANCE
    return Rule.NEAR_TOLERANCE if used.rag is Rag.AMBER else Rule.WITHIN_TOLERANCE


def days_allowed(tolerance: ToleranceFacts, planned_days: int | None) -> ToleranceFacts | None:
    """The same time tolerance in days; None if its unit cannot be turned into days."""
    if tolerance.unit is Unit.DAYS:
        factor = Decimal(1)
    elif tolerance.unit is Unit.WEEKS:
        factor = DAYS_PER_WEEK
    elif tolerance.unit is Unit.PERCENT and planned_days is not None and planned_days > 0:
        factor = Decimal(planned_days) / 100
    else:
        return None
    return ToleranceFacts(
        minus=None if tolerance.minus is None else tolerance.minus * factor,
        plus=None if tolerance.plus is None else tolerance.plus * factor,
        unit=Unit.DAYS,
    )


def _on_scale(side: Decimal | None, baseline: Decimal, unit: Unit) -> Decimal | None:
    if side is None or unit is not Unit.PERCENT:
        return side
    return abs(baseline) * side / 100
