"""A verdict: a colour, the rule that gave it, and the facts it was given.

Engines never word a rule. They name it (`Rule`) and hand over typed facts;
`portfolio.selectors.wording.rule_text` says it in the reader's language.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portfolio.engines.vocabulary import Rag

FactValue = Decimal | int | date | str | None


class Rule(enum.StrEnum):
    """Every rule the health engine can apply; docs/formulas/health.md lists them."""

    WITHIN_TOLERANCE = "within_tolerance"
    NEAR_TOLERANCE = "near_tolerance"
    BEYOND_TOLERANCE = "beyond_tolerance"
    ZERO_TOLERANCE = "zero_tolerance"
    NO_TOLERANCE = "no_tolerance"
    NO_BASELINE = "no_baseline"
    NO_FORECAST = "no_forecast"
    NO_MEASURE = "no_measure"
    MILESTONE_LATE = "milestone_late"
    MILESTONE_OVERDUE = "milestone_overdue"
    END_OVERDUE = "end_overdue"
    RISK_BANDS = "risk_bands"
    WORST_DIMENSION = "worst_dimension"
    INCOMPLETE_EVIDENCE = "incomplete_evidence"
    NO_FACTS = "no_facts"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judgement; `use` is the share of the tolerance used, None if not measured."""

    rag: Rag
    rule: Rule
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    use: Decimal | None = None

    @property
    def is_measured(self) -> bool:
        return self.rag.is_known


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The gravest measured verdict, by colour then by use; the first on a tie."""
    measured = [verdict for verdict in verdicts if verdict.is_measured]
    return max(measured, key=_gravity, default=None)


def _gravity(verdict: Verdict) -> tuple[int, Decimal]:
    use = verdict.use if verdict.use is not None else Decimal(0)
    return (verdict.rag.severity, use)
