"""Exposure: EUR at stake if nothing is decided. Ranks the director's list.

exposure = max(overrun, cost of delay) + expected loss of open threats, where
overrun = max(EAC - BAC, 0); cost of delay = days late x BAC / planned days x
`delay_share` (the part of the average daily budget that goes on while a project
waits). Overrun and delay are not added: an EAC drawn up honestly already
contains the delay. No component measurable gives None, never 0.
Proposed default of this product; worked numbers in docs/formulas/exposure.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from portfolio.engines.health import ProjectFacts
from portfolio.engines.money import to_cents
from portfolio.engines.risk_exposure import exposure_of


@dataclass(frozen=True, slots=True)
class ExposurePolicy:
    """`delay_share`: part of the average daily budget spent per day of delay."""

    delay_share: Decimal = Decimal("0.5")


DEFAULT_EXPOSURE_POLICY = ExposurePolicy()


@dataclass(frozen=True, slots=True)
class Exposure:
    """EUR to the cent; a component that cannot be measured is None."""

    overrun: Decimal | None
    delay: Decimal | None
    threats: Decimal | None
    total: Decimal | None


def money_at_stake(facts: ProjectFacts, policy: ExposurePolicy = DEFAULT_EXPOSURE_POLICY) -> Exposure:
    """The exposure of one project."""
    overrun = _overrun(facts)
    delay = _delay_cost(facts, policy)
    threats = _threats(facts)
    drift = max((part for part in (overrun, delay) if part is not None), default=None)
    measured = [part for part in (drift, threats) if part is not None]
    total = sum(measured, Decimal(0)) if measured else None
    return Exposure(overrun, delay, threats, total)


def _overrun(facts: ProjectFacts) -> Decimal | None:
    if facts.bac is None or facts.eac is None:
        return None
    return to_cents(max(facts.eac - facts.bac, Decimal(0)))


def _delay_cost(facts: ProjectFacts, policy: ExposurePolicy) -> Decimal | None:
    planned = facts.planned_days
    if facts.bac is None or facts.forecast_end is None or facts.baseline_end is None:
        return None
    if planned is None or planned <= 0:
        return None
    expected = max(facts.forecast_end, facts.as_of) if facts.actual_end is None else facts.actual_end
    late = max((expected - facts.baseline_end).days, 0)
    return to_cents(facts.bac * late / planned * policy.delay_share)


def _threats(facts: ProjectFacts) -> Decimal | None:
    exposure = exposure_of(facts.risks)
    return to_cents(exposure.threats) if exposure.valued else None
