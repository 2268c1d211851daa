"""Risk level, bands and expected monetary value.

Level = likelihood x impact, both 1 to 5. Bands (proposed default): 1-4 low,
5-9 medium, 10-14 high, 15-25 critical. EMV = probability x impact in EUR, a
threat counted as loss, an opportunity as gain. Without a stated probability
the middle of the likelihood band is used: <10, 10-30, 30-50, 50-70, >70 %.
Source: domain reference G (PM2 3.1, PRINCE2 7); docs/formulas/risk_exposure.md.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portfolio.engines.vocabulary import Rag

MEDIUM_FROM = 5
HIGH_FROM = 10
CRITICAL_FROM = 15

BAND_PROBABILITY = {
    1: Decimal("0.05"),
    2: Decimal("0.20"),
    3: Decimal("0.40"),
    4: Decimal("0.60"),
    5: Decimal("0.85"),
}


class RiskBand(enum.StrEnum):
    """Four bands of risk level."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


_BAND_RAG = {
    RiskBand.LOW: Rag.GREEN,
    RiskBand.MEDIUM: Rag.GREEN,
    RiskBand.HIGH: Rag.AMBER,
    RiskBand.CRITICAL: Rag.RED,
}


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """One risk; `probability` and `impact` are the 1 to 5 scores."""

    probability: int
    impact: int
    impact_eur: Decimal | None = None
    chance: Decimal | None = None
    is_open: bool = True
    is_opportunity: bool = False
    code: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        if not (1 <= self.probability <= 5 and 1 <= self.impact <= 5):
            raise ValueError("probability and impact are scores from 1 to 5")

    @property
    def score(self) -> int:
        return self.probability * self.impact


@dataclass(frozen=True, slots=True)
class RiskExposure:
    """Sums over open risks; threats and opportunities are shown apart."""

    threats: Decimal
    opportunities: Decimal
    valued: int
    not_valued: int

    @property
    def net(self) -> Decimal:
        return self.opportunities - self.threats


def risk_band(score: int) -> RiskBand:
    """The band of a level from 1 to 25."""
    if not 1 <= score <= 25:
        raise ValueError(f"risk level {score} is not in 1..25")
    if score >= CRITICAL_FROM:
        return RiskBand.CRITICAL
    if score >= HIGH_FROM:
        return RiskBand.HIGH
    return RiskBand.MEDIUM if score >= MEDIUM_FROM else RiskBand.LOW


def band_rag(band: RiskBand) -> Rag:
    """Critical is red, high is amber, the two lower bands are green."""
    return _BAND_RAG[band]


def emv(risk: RiskFacts) -> Decimal | None:
    """Expected monetary value, always positive; None without an impact in EUR."""
    if risk.impact_eur is None:
        return None
    chance = risk.chance if risk.chance is not None else BAND_PROBABILITY[risk.probability]
    return chance * risk.impact_eur


def exposure_of(risks: Iterable[RiskFacts]) -> RiskExposure:
    """EMV totals of the open risks."""
    threats = opportunities = Decimal(0)
    valued = not_valued = 0
    for risk in risks:
        if not risk.is_open:
            continue
        value = emv(risk)
        if value is None:
            not_valued += 1
            continue
        valued += 1
        if risk.is_opportunity:
            opportunities += value
        else:
            threats += value
    return RiskExposure(threats, opportunities, valued, not_valued)


def open_threats(risks: Iterable[RiskFacts]) -> tuple[RiskFacts, ...]:
    """Open threats, highest level first."""
    threats = [risk for risk in risks if risk.is_open and not risk.is_opportunity]
    return tuple(sorted(threats, key=lambda risk: -risk.score))
