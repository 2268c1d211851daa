"""Computed health of a project: five dimensions, seven targets, one overall colour.

Rules and worked numbers: docs/formulas/health.md (domain reference A1). A
dimension without evidence is grey and never green; the overall colour is the
worst dimension, and green only if time and cost are both measured. Staleness
is a separate flag: an old colour is history, not a status.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from portfolio.engines.risk_exposure import (
    CRITICAL_FROM,
    RiskFacts,
    band_rag,
    exposure_of,
    open_threats,
    risk_band,
)
from portfolio.engines.tolerance import (
    ToleranceFacts,
    days_allowed,
    judge,
    measure,
)
from portfolio.engines.verdict import FactValue, Rule, Verdict, worst_verdict
from portfolio.engines.vocabulary import Dimension, Rag, Target, Unit, worst

__all__ = [
    "Assessment",
    "Dimension",
    "Gap",
    "MilestoneFacts",
    "Policy",
    "ProjectFacts",
    "Rag",
    "RiskFacts",
    "Rule",
    "Target",
    "ToleranceFacts",
    "Unit",
    "Verdict",
    "assess",
    "declared_gap",
    "gap_weeks",
    "greener_than_evidence",
    "is_stale",
]

_SCOPE_TARGETS = (Target.SCOPE, Target.QUALITY, Target.BENEFITS, Target.SUSTAINABILITY)


@dataclass(frozen=True, slots=True)
class Policy:
    """The adjustable parts of the rules."""

    stale_after_days: int = 14
    required_for_green: frozenset[Dimension] = frozenset({Dimension.TIME, Dimension.COST})


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """One milestone; `baseline` is the approved date, `actual` set once reached."""

    name: str
    baseline: date | None
    forecast: date | None
    actual: date | None = None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """All that the engine may know about one project at `as_of`."""

    as_of: date
    last_status_on: date | None = None
    baseline_start: date | None = None
    baseline_end: date | None = None
    forecast_end: date | None = None
    first_approved_end: date | None = None
    actual_end: date | None = None
    milestones: tuple[MilestoneFacts, ...] = ()
    bac: Decimal | None = None
    eac: Decimal | None = None
    tolerances: Mapping[Target, ToleranceFacts] = field(default_factory=dict)
    risks: tuple[RiskFacts, ...] = ()

    @property
    def planned_days(self) -> int | None:
        if self.baseline_start is None or self.baseline_end is None:
            return None
        return (self.baseline_end - self.baseline_start).days


@dataclass(frozen=True, slots=True)
class Assessment:
    """The computed position of one project; `overall` ignores staleness on purpose."""

    overall: Verdict
    dimensions: Mapping[Dimension, Verdict]
    targets: Mapping[Target, Verdict]
    stale: bool
    days_since_status: int | None


class Gap(enum.StrEnum):
    """A declared colour compared with the computed one."""

    NONE = "none"
    GREENER = "greener"
    GRAVER = "graver"
    UNKNOWN = "unknown"


def assess(facts: ProjectFacts, policy: Policy = DEFAULT_POLICY) -> Assessment:
    """Judge every target and dimension of `facts`."""
    targets = {target: _target_verdict(target, facts) for target in Target}
    dimensions = {
        Dimension.TIME: targets[Target.TIME],
        Dimension.COST: targets[Target.COST],
        Dimension.SCOPE: _scope_verdict(targets),
        Dimension.RESOURCES: Verdict(Rag.UNKNOWN, Rule.NO_MEASURE),
        Dimension.RISK: targets[Target.RISK],
    }
    return Assessment(
        overall=_overall(dimensions, policy),
        dimensions=MappingProxyType(dimensions),
        targets=MappingProxyType(targets),
        stale=is_stale(facts.last_status_on, facts.as_of, policy),
        days_since_status=_days_between(facts.last_status_on, facts.as_of),
    )


def is_stale(last_status_on: date | None, as_of: date, policy: Policy = DEFAULT_POLICY) -> bool:
    """Never reported, or more than `stale_after_days` days without a status."""
    days = _days_between(last_status_on, as_of)
    return days is None or days > policy.stale_after_days


def greener_than_evidence(declared: Rag, computed: Rag) -> bool:
    """Whether the declaration is milder than the evidence; False without evidence."""
    return declared_gap(declared, computed) is Gap.GREENER


def declared_gap(declared: Rag, computed: Rag) -> Gap:
    """Compare a declaration with the computed colour."""
    if not (declared.is_known and computed.is_known):
        return Gap.UNKNOWN
    if declared.severity == computed.severity:
        return Gap.NONE
    return Gap.GREENER if declared.severity < computed.severity else Gap.GRAVER


def gap_weeks(history: Sequence[tuple[Rag, Rag]]) -> int:
    """How many weeks in a row, up to the last, were declared greener than the evidence."""
    count = 0
    for declared, computed in reversed(history):
        if not greener_than_evidence(declared, computed):
            break
        count += 1
    return count


def _target_verdict(target: Target, facts: ProjectFacts) -> Verdict:
    tolerance = facts.tolerances.get(target)
    if target is Target.TIME:
        return _time_verdict(facts, tolerance)
    if target is Target.COST:
        return judge(tolerance, baseline=facts.bac, forecast=facts.eac)
    if target is Target.RISK:
        return _named(_risk_verdict(facts.risks, tolerance), target)
    return judge(tolerance)


def _time_verdict(facts: ProjectFacts, tolerance: ToleranceFacts | None) -> Verdict:
    """The end date decides; an open milestone can only make the verdict graver."""
    in_days = None
    if tolerance is not None and tolerance.is_set:
        in_days = days_allowed(tolerance, facts.planned_days)
    end = _end_verdict(facts, in_days)
    open_milestones = (item for item in facts.milestones if item.actual is None)
    milestones = worst_verdict(
        verdict for item in open_milestones for verdict in _milestone_verdicts(item, facts.as_of, in_days)
    )
    if milestones is None or (end.is_measured and worst_verdict((end, milestones)) is end):
        return end
    return end if milestones.rag is Rag.GREEN else milestones


def _end_verdict(facts: ProjectFacts, tolerance: ToleranceFacts | None) -> Verdict:
    forecast = facts.actual_end if facts.actual_end is not None else facts.forecast_end
    overdue = facts.actual_end is None and forecast is not None and forecast < facts.as_of
    reached = facts.as_of if overdue else forecast
    if overdue:
        return _overdue(Rule.END_OVERDUE, "", facts.baseline_end, forecast, facts.as_of, tolerance)
    if tolerance is None:
        return Verdict(Rag.UNKNOWN, Rule.NO_TOLERANCE)
    if facts.baseline_end is None:
        return Verdict(Rag.UNKNOWN, Rule.NO_BASELINE)
    if reached is None:
        return Verdict(Rag.UNKNOWN, Rule.NO_FORECAST, {"baseline": facts.baseline_end})
    slip = (reached - facts.baseline_end).days
    verdict = judge(tolerance, baseline=Decimal(0), forecast=Decimal(slip))
    dated: dict[str, FactValue] = {
        **verdict.facts,
        "baseline": facts.baseline_end,
        "forecast": reached,
    }
    return Verdict(verdict.rag, verdict.rule, dated, verdict.use)


def _milestone_verdicts(item: MilestoneFacts, as_of: date, tolerance: ToleranceFacts | None) -> Iterator[Verdict]:
    expected = item.forecast if item.forecast is not None else item.baseline
    if expected is not None and expected < as_of:
        yield _overdue(Rule.MILESTONE_OVERDUE, item.name, item.baseline, expected, as_of, tolerance)
    elif item.baseline is not None and item.forecast is not None and tolerance is not None:
        slip = (item.forecast - item.baseline).days
        used = measure(Decimal(0), Decimal(slip), tolerance)
        facts: dict[str, FactValue] = {
            "milestone": item.name,
            "baseline": item.baseline,
            "forecast": item.forecast,
            "deviation": used.deviation,
            "allowed": used.allowed,
        }
        yield Verdict(used.rag, Rule.MILESTONE_LATE, facts, used.use)


def _overdue(
    rule: Rule,
    name: str,
    baseline: date | None,
    expected: date | None,
    as_of: date,
    tolerance: ToleranceFacts | None,
) -> Verdict:
    """A date that has passed unreached: at least amber, its slip counted to `as_of`."""
    facts: dict[str, FactValue] = {"baseline": baseline, "forecast": expected, "as_of": as_of}
    if name:
        facts["milestone"] = name
    if expected is not None:
        facts["days_overdue"] = (as_of - expected).days
    if baseline is None or tolerance is None:
        return Verdict(Rag.AMBER, rule, facts)
    used = measure(Decimal(0), Decimal((as_of - baseline).days), tolerance)
    facts["deviation"] = used.deviation
    facts["allowed"] = used.allowed
    return Verdict(worst((Rag.AMBER, used.rag)), rule, facts, used.use)


def _risk_verdict(risks: tuple[RiskFacts, ...], tolerance: ToleranceFacts | None) -> Verdict:
    """By tolerance if one is agreed, else by the bands; an empty register is no evidence."""
    threats = open_threats(risks)
    if tolerance is not None and tolerance.is_set and tolerance.forecast is not None:
        return judge(tolerance, baseline=Decimal(0))
    if not risks:
        return Verdict(Rag.UNKNOWN, Rule.NO_MEASURE)
    if tolerance is not None and tolerance.is_set:
        return judge(tolerance, baseline=Decimal(0), forecast=_risk_measure(risks, threats, tolerance.unit))
    score = threats[0].score if threats else 0
    facts: dict[str, FactValue] = {
        "score": score,
        "risk": threats[0].title if threats else "",
        "critical": sum(1 for risk in threats if risk.score >= CRITICAL_FROM),
        "open": len(threats),
    }
    rag = band_rag(risk_band(score)) if threats else Rag.GREEN
    return Verdict(rag, Rule.RISK_BANDS, facts)


def _risk_measure(risks: tuple[RiskFacts, ...], threats: tuple[RiskFacts, ...], unit: Unit) -> Decimal | None:
    if unit is Unit.COUNT:
        return Decimal(sum(1 for risk in threats if risk.score >= CRITICAL_FROM))
    if unit is Unit.SCORE:
        return Decimal(threats[0].score if threats else 0)
    if unit is Unit.EUR:
        return exposure_of(risks).threats
    return None


def _scope_verdict(targets: Mapping[Target, Verdict]) -> Verdict:
    gravest = worst_verdict(targets[target] for target in _SCOPE_TARGETS)
    if gravest is None:
        return Verdict(Rag.UNKNOWN, Rule.NO_MEASURE)
    target = next(name for name in _SCOPE_TARGETS if targets[name] is gravest)
    return _named(gravest, target)


def _named(verdict: Verdict, target: Target) -> Verdict:
    """The same verdict, saying which target it measures."""
    facts: dict[str, FactValue] = {**verdict.facts, "target": target.value}
    return Verdict(verdict.rag, verdict.rule, facts, verdict.use)


def _overall(dimensions: Mapping[Dimension, Verdict], policy: Policy) -> Verdict:
    gravest = worst_verdict(dimensions.values())
    if gravest is None:
        return Verdict(Rag.UNKNOWN, Rule.NO_FACTS)
    missing = [
        dimension.value
        for dimension in Dimension
        if dimension in policy.required_for_green and not dimensions[dimension].is_measured
    ]
    if gravest.rag is Rag.GREEN and missing:
        return Verdict(Rag.UNKNOWN, Rule.INCOMPLETE_EVIDENCE, {"missing": ",".join(missing)})
    critical = [name for name in Dimension if dimensions[name].rag is gravest.rag]
    facts: dict[str, FactValue] = {
        "dimension": next(name.value for name in Dimension if dimensions[name] is gravest),
        "dimensions": ",".join(critical),
        "measured": sum(1 for verdict in dimensions.values() if verdict.is_measured),
    }
    return Verdict(gravest.rag, Rule.WORST_DIMENSION, facts, gravest.use)


def _days_between(earlier: date | None, later: date) -> int | None:
    return None if earlier is None else (later - earlier).days
