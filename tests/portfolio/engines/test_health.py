from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.engines.health import (
    Gap,
    MilestoneFacts,
    Policy,
    ProjectFacts,
    RiskFacts,
    Rule,
    ToleranceFacts,
    Unit,
    assess,
    declared_gap,
    gap_weeks,
    greener_than_evidence,
    is_stale,
)
from portfolio.engines.vocabulary import Dimension, Rag, Target, worst
from tests.formula_tables import worked

TODAY = date(2026, 11, 20)
COST_ROOM = ToleranceFacts(minus=Decimal(10), plus=Decimal(5))
TIME_ROOM = ToleranceFacts(plus=Decimal(20), unit=Unit.DAYS)


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def project(**changes: object) -> ProjectFacts:
    facts: dict[str, object] = {
        "as_of": TODAY,
        "last_status_on": TODAY,
        "baseline_start": date(2026, 1, 1),
        "baseline_end": date(2027, 3, 1),
        "forecast_end": date(2027, 3, 1),
        "bac": Decimal(400_000),
        "eac": Decimal(400_000),
        "tolerances": {Target.COST: COST_ROOM, Target.TIME: TIME_ROOM},
    }
    return ProjectFacts(**{**facts, **changes})  # type: ignore[arg-type]


def assert_verdict(verdict, row) -> None:
    assert verdict.rag == row["rag"]
    assert verdict.rule == row["rule"]
    expected = decimal(row["u"])
    assert (verdict.use is None) == (expected is None)
    if expected is not None:
        assert round(verdict.use, 9) == round(expected, 9)


@pytest.mark.parametrize("row", worked("health", "cost"), ids=lambda row: f"{row['eac']}-{row['rule']}")
def test_cost_worked_numbers(row):
    room = ToleranceFacts(minus=decimal(row["minus"]), plus=decimal(row["plus"]), unit=Unit(row["unit"]))
    facts = project(bac=decimal(row["bac"]), eac=decimal(row["eac"]), tolerances={Target.COST: room})
    assert_verdict(assess(facts).dimensions[Dimension.COST], row)


@pytest.mark.parametrize("row", worked("health", "time"), ids=lambda row: f"{row['forecast end']}-{row['rule']}")
def test_time_worked_numbers(row):
    facts = project(
        baseline_end=date.fromisoformat(row["baseline end"]),
        forecast_end=date.fromisoformat(row["forecast end"]),
        tolerances={Target.TIME: ToleranceFacts(plus=decimal(row["plus"]), unit=Unit(row["unit"]))},
    )
    assert_verdict(assess(facts).dimensions[Dimension.TIME], row)


@pytest.mark.parametrize("row", worked("health", "staleness"))
def test_staleness_worked_numbers(row):
    last = None if row["last status"] is None else date.fromisoformat(row["last status"])
    assessment = assess(project(as_of=date.fromisoformat(row["today"]), last_status_on=last))
    assert assessment.stale is (row["stale"] == "yes")
    assert assessment.days_since_status == (None if row["days"] is None else int(row["days"]))


def test_staleness_limit_is_configurable():
    assert is_stale(date(2026, 11, 12), TODAY, Policy(stale_after_days=7))


def test_on_plan_is_green_with_time_and_cost_measured():
    overall = assess(project()).overall
    assert overall.rag is Rag.GREEN
    assert overall.rule is Rule.WORST_DIMENSION
    assert overall.facts["measured"] == 2


def test_overall_is_the_worst_dimension():
    overall = assess(project(eac=Decimal(421_000), forecast_end=date(2027, 3, 19))).overall
    assert overall.rag is Rag.RED
    assert overall.facts["dimension"] == "cost"
    assert overall.use == Decimal("1.05")


def test_equal_colours_name_every_dimension():
    overall = assess(project(eac=Decimal(412_000), forecast_end=date(2027, 3, 19))).overall
    assert overall.facts["dimensions"] == "time,cost"
    assert overall.facts["dimension"] == "time"


def test_no_facts_is_unknown_and_stale():
    assessment = assess(ProjectFacts(as_of=TODAY))
    assert assessment.overall.rag is Rag.UNKNOWN
    assert assessment.overall.rule is Rule.NO_FACTS
    assert assessment.stale
    assert all(verdict.rag is Rag.UNKNOWN for verdict in assessment.dimensions.values())
    assert set(assessment.targets) == set(Target)


def test_green_needs_both_time_and_cost():
    overall = assess(project(bac=None, eac=None)).overall
    assert overall.rag is Rag.UNKNOWN
    assert overall.rule is Rule.INCOMPLETE_EVIDENCE
    assert overall.facts["missing"] == "cost"


def test_red_stands_on_one_measured_dimension():
    assert assess(project(bac=None, forecast_end=date(2027, 6, 1))).overall.rag is Rag.RED


def test_resources_are_never_green():
    verdict = assess(project()).dimensions[Dimension.RESOURCES]
    assert (verdict.rag, verdict.rule) == (Rag.UNKNOWN, Rule.NO_MEASURE)


def test_overdue_milestone_is_at_least_amber():
    late = MilestoneFacts("Lot 3", date(2026, 11, 16), date(2026, 11, 18))
    verdict = assess(project(milestones=(late,))).dimensions[Dimension.TIME]
    assert (verdict.rag, verdict.rule) == (Rag.AMBER, Rule.MILESTONE_OVERDUE)
    assert verdict.facts["milestone"] == "Lot 3"
    assert verdict.facts["days_overdue"] == 2
    assert verdict.use == Decimal("0.2")


def test_overdue_milestone_beyond_tolerance_is_red():
    late = MilestoneFacts("Lot 3", date(2026, 10, 20), None)
    assert assess(project(milestones=(late,))).dimensions[Dimension.TIME].rag is Rag.RED


def test_milestone_due_today_is_not_overdue():
    due = MilestoneFacts("Lot 3", TODAY, TODAY)
    assert assess(project(milestones=(due,))).dimensions[Dimension.TIME].rag is Rag.GREEN


def test_reached_milestone_does_not_count():
    done = MilestoneFacts("Lot 2", date(2026, 1, 1), date(2026, 6, 1), actual=date(2026, 6, 1))
    assert assess(project(milestones=(done,))).dimensions[Dimension.TIME].rag is Rag.GREEN


def test_late_milestone_makes_time_graver_than_the_end():
    late = MilestoneFacts("Lot 3", date(2026, 12, 1), date(2026, 12, 19))
    verdict = assess(project(milestones=(late,))).dimensions[Dimension.TIME]
    assert (verdict.rag, verdict.rule, verdict.use) == (Rag.AMBER, Rule.MILESTONE_LATE, Decimal("0.9"))


def test_green_milestones_do_not_make_an_unknown_end_green():
    good = MilestoneFacts("Lot 3", date(2026, 12, 1), date(2026, 12, 1))
    verdict = assess(project(milestones=(good,), forecast_end=None)).dimensions[Dimension.TIME]
    assert (verdict.rag, verdict.rule) == (Rag.UNKNOWN, Rule.NO_FORECAST)


def test_finished_project_is_judged_on_its_actual_end():
    facts = project(baseline_end=date(2026, 11, 1), forecast_end=date(2026, 11, 1), actual_end=date(2026, 11, 9))
    verdict = assess(facts).dimensions[Dimension.TIME]
    assert (verdict.rag, verdict.use) == (Rag.GREEN, Decimal("0.4"))


def test_scope_takes_the_worst_of_its_four_targets():
    room = {
        Target.SCOPE: ToleranceFacts(minus=Decimal(4), baseline=Decimal(20), forecast=Decimal(19), unit=Unit.COUNT),
        Target.BENEFITS: ToleranceFacts(minus=Decimal(10), baseline=Decimal(100), forecast=Decimal(85)),
    }
    verdict = assess(project(tolerances=room)).dimensions[Dimension.SCOPE]
    assert (verdict.rag, verdict.use, verdict.facts["target"]) == (Rag.RED, Decimal("1.5"), "benefits")


@pytest.mark.parametrize(
    ("unit", "plus", "rag", "use"),
    [
        (Unit.COUNT, "2", Rag.GREEN, "0.5"),
        (Unit.COUNT, "1", Rag.AMBER, "1"),
        (Unit.SCORE, "15", Rag.RED, "1.3333333333"),
        (Unit.EUR, "40000", Rag.AMBER, "0.75"),
    ],
)
def test_risk_tolerance_by_unit(unit, plus, rag, use):
    risks = (
        RiskFacts(4, 5, impact_eur=Decimal(50_000), chance=Decimal("0.5")),
        RiskFacts(2, 3, impact_eur=Decimal(25_000)),
    )
    room = {Target.RISK: ToleranceFacts(plus=Decimal(plus), unit=unit)}
    verdict = assess(project(tolerances=room, risks=risks)).dimensions[Dimension.RISK]
    assert verdict.rag is rag
    assert round(verdict.use, 8) == round(Decimal(use), 8)


@pytest.mark.parametrize(
    ("score", "rag"), [((3, 3), Rag.GREEN), ((2, 5), Rag.AMBER), ((3, 5), Rag.RED), ((5, 5), Rag.RED)]
)
def test_risk_bands_without_tolerance(score, rag):
    verdict = assess(project(risks=(RiskFacts(*score), RiskFacts(1, 1)))).dimensions[Dimension.RISK]
    assert (verdict.rag, verdict.rule) == (rag, Rule.RISK_BANDS)


def test_closed_risks_are_evidence_but_an_empty_register_is_silence():
    closed = (RiskFacts(5, 5, is_open=False),)
    assert assess(project(risks=closed)).dimensions[Dimension.RISK].rag is Rag.GREEN
    assert assess(project(risks=())).dimensions[Dimension.RISK].rag is Rag.UNKNOWN


@pytest.mark.parametrize(
    ("declared", "computed", "gap"),
    [
        (Rag.GREEN, Rag.RED, Gap.GREENER),
        (Rag.AMBER, Rag.RED, Gap.GREENER),
        (Rag.RED, Rag.GREEN, Gap.GRAVER),
        (Rag.AMBER, Rag.AMBER, Gap.NONE),
        (Rag.GREEN, Rag.UNKNOWN, Gap.UNKNOWN),
        (Rag.UNKNOWN, Rag.RED, Gap.UNKNOWN),
    ],
)
def test_declared_gap(declared, computed, gap):
    assert declared_gap(declared, computed) is gap
    assert greener_than_evidence(declared, computed) is (gap is Gap.GREENER)


def test_gap_weeks_counts_back_from_the_last_week():
    same, greener = (Rag.RED, Rag.RED), (Rag.GREEN, Rag.RED)
    assert gap_weeks([greener, same, greener, greener, greener]) == 3
    assert gap_weeks([greener, same]) == 0
    assert gap_weeks([]) == 0


dates = st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1))
amounts = st.none() | st.decimals(0, 10**7, places=2)
rooms = st.builds(ToleranceFacts, minus=amounts, plus=amounts, unit=st.sampled_from(Unit))


@given(
    facts=st.builds(
        ProjectFacts,
        as_of=st.just(TODAY),
        last_status_on=dates,
        baseline_start=dates,
        baseline_end=dates,
        forecast_end=dates,
        actual_end=dates,
        milestones=st.lists(st.builds(MilestoneFacts, st.just("m"), dates, dates, dates), max_size=3).map(tuple),
        bac=amounts,
        eac=amounts,
        tolerances=st.dictionaries(st.sampled_from(Target), rooms),
        risks=st.lists(st.builds(RiskFacts, st.integers(1, 5), st.integers(1, 5), amounts), max_size=3).map(tuple),
    )
)
def test_any_facts_give_a_consistent_assessment(facts):
    assessment = assess(facts)
    colours = [verdict.rag for verdict in assessment.dimensions.values()]
    if assessment.overall.rag is Rag.GREEN:
        assert assessment.dimensions[Dimension.TIME].rag is Rag.GREEN
        assert assessment.dimensions[Dimension.COST].rag is Rag.GREEN
    if assessment.overall.rag is not Rag.UNKNOWN:
        assert assessment.overall.rag is worst(colours)
    assert assess(facts) == assessment


@given(bac=st.integers(1, 10**9), eac=st.integers(1, 10**9), more=st.integers(1, 10**6))
def test_a_dearer_forecast_never_looks_better(bac, eac, more):
    room = {Target.COST: ToleranceFacts(plus=Decimal(5))}
    before = assess(project(bac=Decimal(bac), eac=Decimal(eac), tolerances=room)).dimensions[Dimension.COST]
    after = assess(project(bac=Decimal(bac), eac=Decimal(eac + more), tolerances=room)).dimensions[Dimension.COST]
    assert after.rag.severity >= before.rag.severity
