import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.engines.network import CycleError, LinkType, UnknownActivityError
from portfolio.engines.schedule_risk import Runs, simulate
from portfolio.engines.three_point import (
    Distribution,
    Estimate,
    InvalidEstimateError,
    RiskActivity,
    RiskEvent,
    RiskLink,
    pert,
)
from tests.formula_tables import worked


def network(name):
    rows = worked("schedule_risk", name)
    activities = [
        RiskActivity(row["activity"], Estimate(float(row["a"]), float(row["m"]), float(row["b"]))) for row in rows
    ]
    links = [RiskLink(before, row["activity"]) for row in rows for before in (row["predecessors"] or "").split()]
    return activities, links


def certain(name, duration, **more):
    return RiskActivity(name, Estimate(duration, duration, duration), **more)


@pytest.mark.parametrize("row", worked("schedule_risk", "PERT"), ids=lambda row: row["network"])
def test_pert_has_the_published_probability(row):
    found = pert(*network(row["network"]), float(row["target"]))
    assert found.mean == pytest.approx(float(row["mean"]))
    assert found.variance == pytest.approx(float(row["variance"]), abs=5e-5)
    assert found.probability_of_target == pytest.approx(float(row["probability"]), abs=5e-5)


@pytest.mark.parametrize("row", worked("schedule_risk", "simulation of N7"), ids=lambda row: row["distribution"])
def test_simulation_of_reliable_construction_shows_merge_bias(row):
    runs = Runs(Distribution(row["distribution"]), 60_000, 7, float(row["target"]))
    found = simulate(*network("N7"), runs)
    assert found.mean == pytest.approx(float(row["mean"]), abs=0.15)
    assert found.percentile(50) == pytest.approx(float(row["p50"]), abs=0.15)
    assert found.percentile(80) == pytest.approx(float(row["p80"]), abs=0.15)
    assert found.probability_of_target == pytest.approx(float(row["probability"]), abs=0.01)
    assert found.contingency == found.percentile(80) - found.percentile(50)
    assert found.criticality["A"] == found.criticality["C"] == 1
    assert found.criticality["M"] + found.criticality["N"] == pytest.approx(1, abs=1e-3)
    assert found.sensitivity["C"] == max(found.sensitivity.values())


def test_simulated_sum_has_the_exact_moments():
    kinds = (
        Estimate(4, 10, 16, Distribution.NORMAL),
        Estimate(5, 10, 15),
        Estimate(8, 10, 12, Distribution.UNIFORM),
    )
    chain = [RiskActivity(str(place), estimate) for place, estimate in enumerate(kinds)]
    found = simulate(chain, [RiskLink("0", "1"), RiskLink("1", "2")], Runs(iterations=100_000))
    assert found.mean == pytest.approx(30, abs=0.05)
    assert found.sd == pytest.approx(3.0822, abs=0.03)
    assert found.percentile(80) == pytest.approx(32.62, abs=0.06)
    exact = sum(one.estimate.sd(one.estimate.distribution or Distribution.TRIANGULAR) ** 2 for one in chain)
    assert exact**0.5 == pytest.approx(3.0822, abs=5e-5)


@pytest.mark.parametrize("kind", Distribution)
def test_draws_have_the_standard_deviation_of_their_formula(kind):
    estimate = Estimate(10, 14, 30)
    found = simulate([RiskActivity("A", estimate)], [], Runs(kind, 100_000, 3))
    assert found.sd == pytest.approx(estimate.sd(kind), rel=0.02)


def test_same_seed_gives_the_same_figures_and_another_seed_others():
    plan = network("N7")
    assert simulate(*plan, Runs(seed=5)) == simulate(*plan, Runs(seed=5))
    assert simulate(*plan, Runs(seed=5)).mean != simulate(*plan, Runs(seed=6)).mean


def test_risk_event_strikes_its_share_of_runs_and_delays_all_it_touches():
    plan = [certain("A", 10), certain("B", 10)]
    event = RiskEvent("R1", 0.3, ("A", "B"), Estimate(5, 5, 5))
    found = simulate(plan, [RiskLink("A", "B")], Runs(iterations=50_000, target=20), [event])
    assert found.struck["R1"] == pytest.approx(0.3, abs=0.01)
    assert found.probability_of_target == pytest.approx(1 - found.struck["R1"])
    assert found.mean == pytest.approx(20 + 10 * found.struck["R1"], abs=1e-4)
    assert (found.percentile(50), found.percentile(80)) == (20, 30)


def test_opportunity_shortens_but_never_below_nothing():
    event = RiskEvent("O", 1, ("A",), Estimate(-9, -9, -9))
    assert simulate([certain("A", 4)], [], Runs(), [event]).mean == 0


@pytest.mark.parametrize(
    ("kind", "lag", "finish"), [("FS", 2, 16), ("SS", 3, 10), ("FF", 3, 13), ("SF", 1, 10), ("FS", -4, 10)]
)
def test_certain_plan_finishes_where_the_critical_path_says(kind, lag, finish):
    found = simulate(
        [certain("A", 10), certain("B", 4)], [RiskLink("A", "B", LinkType(kind), lag)], Runs(iterations=10)
    )
    assert found.mean == finish
    assert found.sd == 0
    assert set(found.criticality.values()) <= {0, 1}


def test_activity_never_starts_before_its_earliest_date():
    assert simulate([certain("A", 4), certain("B", 3, earliest=20)], [RiskLink("A", "B")], Runs()).mean == 23


def naive(activities, links, iterations, seed):
    """The same question by the plainest possible loop."""
    rng, finishes = random.Random(seed), []
    for _ in range(iterations):
        ends: dict[str, float] = {}
        for one in activities:
            start = max((ends[link.predecessor] for link in links if link.successor == one.id), default=0)
            estimate = one.estimate
            ends[one.id] = start + rng.triangular(estimate.optimistic, estimate.pessimistic, estimate.most_likely)
        finishes.append(max(ends.values()))
    return sorted(finishes)


def test_p80_agrees_with_the_plain_loop():
    rng = random.Random(1)
    plan = [RiskActivity(str(n), Estimate(m * 0.7, m, m * 1.8)) for n in range(30) for m in [rng.uniform(2, 20)]]
    links = [RiskLink(str(before), str(n)) for n in range(1, 30) for before in {rng.randrange(n), rng.randrange(n)}]
    finishes = naive(plan, links, 10_000, 2)
    assert simulate(plan, links, Runs(iterations=50_000)).percentile(80) == pytest.approx(finishes[8_000], rel=0.01)


@settings(max_examples=30, deadline=None)
@given(points=st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9), st.floats(0, 9)), min_size=1, max_size=6))
def test_every_run_lies_between_the_best_and_the_worst_chain(points):
    chain = [RiskActivity(str(place), Estimate(*sorted(three))) for place, three in enumerate(points)]
    links = [RiskLink(before.id, then.id) for before, then in pairwise(chain)]
    found = simulate(chain, links, Runs(iterations=200))
    assert sum(one.estimate.optimistic for one in chain) <= found.percentiles[0] * (1 + 1e-5) + 1e-4
    assert found.percentiles[-1] <= sum(one.estimate.pessimistic for one in chain) * (1 + 1e-5) + 1e-4
    assert list(found.percentiles) == sorted(found.percentiles)
    assert set(found.criticality.values()) == {1.0}


def test_broken_plans_and_estimates_are_refused():
    with pytest.raises(CycleError, match="A -> B -> A"):
        simulate([certain("A", 1), certain("B", 1)], [RiskLink("A", "B"), RiskLink("B", "A")], Runs())
    with pytest.raises(UnknownActivityError, match="Z"):
        simulate([certain("A", 1)], [], Runs(), [RiskEvent("R", 0.5, ("Z",), Estimate(1, 1, 1))])
    for wrong in (lambda: Estimate(3, 2, 4), lambda: Estimate(1, 2, float("inf")), lambda: Runs(iterations=0)):
        with pytest.raises(InvalidEstimateError):
            wrong()
    with pytest.raises(InvalidEstimateError):
        RiskEvent("R", 1.5, (), Estimate(1, 1, 1))
