"""Verdicts as JSON and back: what a status freezes and what a standing stores.

Types survive the trip: a fact is written as [type, text], so that a Decimal or a date read from
the database is the one the engine gave.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypedDict

from portfolio.engines.health import Assessment
from portfolio.engines.verdict import FactValue, Rule, Verdict
from portfolio.engines.vocabulary import Rag


class VerdictJson(TypedDict):
    """One verdict; `use` is a decimal string or null."""

    rag: str
    rule: str
    use: str | None
    facts: dict[str, tuple[str, str]]


class AssessmentJson(TypedDict):
    """The computed position: overall, the five dimensions, the seven targets."""

    overall: VerdictJson
    dimensions: dict[str, VerdictJson]
    targets: dict[str, VerdictJson]


def encode_assessment(assessment: Assessment) -> AssessmentJson:
    return {
        "overall": encode_verdict(assessment.overall),
        "dimensions": {name.value: encode_verdict(verdict) for name, verdict in assessment.dimensions.items()},
        "targets": {name.value: encode_verdict(verdict) for name, verdict in assessment.targets.items()},
    }


def encode_verdict(verdict: Verdict) -> VerdictJson:
    return {
        "rag": verdict.rag.value,
        "rule": verdict.rule.value,
        "use": None if verdict.use is None else str(verdict.use.quantize(Decimal("0.0001"))),
        "facts": {name: (_tag(value), str(value)) for name, value in verdict.facts.items() if value is not None},
    }


def decode_verdict(raw: VerdictJson | None) -> Verdict:
    """The verdict written by `encode_verdict`; None or an empty mapping is `no facts`."""
    if not raw:
        return Verdict(Rag.UNKNOWN, Rule.NO_FACTS)
    return Verdict(
        rag=Rag(raw["rag"]),
        rule=Rule(raw["rule"]),
        facts={name: _untag(*pair) for name, pair in raw["facts"].items()},
        use=None if raw["use"] is None else Decimal(raw["use"]),
    )


def _tag(value: FactValue) -> str:
    if isinstance(value, Decimal):
        return "decimal"
    if isinstance(value, date):
        return "date"
    return "int" if isinstance(value, int) else "text"


def _untag(tag: str, text: str) -> FactValue:
    if tag == "decimal":
        return Decimal(text)
    if tag == "date":
        return date.fromisoformat(text)
    return int(text) if tag == "int" else text
