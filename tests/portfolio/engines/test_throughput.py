"""Forecasts from throughput against numbers that do not come from the engine: hand counts and exact distributions."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.engines.throughput import HORIZON, WeekSample, forecast, samples_of

FORMULA = Path(__file__).resolve().parents[3] / "docs/formulas/throughput.md"


def weeks(*done: int, changes: tuple[int, ...] = ()) -> tuple[WeekSample, ...]:
    return tuple(WeekSample(one, change) for one, change in zip(done, changes or (0,) * len(done), strict=True))


def exact(remaining: int, gains: list[int], horizon: int) -> list[Fraction]:
    """The probability to be over within 1, 2, ... weeks, by following every sum that is still short."""
    short, over, found = {0: Fraction(1)}, Fraction(0), []
    for _week in range(horizon):
        following: dict[int, Fraction] = {}
        for total, share in short.items():
            for gain in gains:
                part = share / len(gains)
                if total + gain >= remaining:
                    over += part
                else:
                    following[total + gain] = following.get(total + gain, Fraction(0)) + part
        short = following
        found.append(over)
    return found


def test_a_steady_team_needs_the_quotient() -> None:
    found = forecast(23, weeks(5, 5, 5, 5, 5, 5))
    assert found is not None
    assert [found.percentile(share) for share in (1, 50, 80, 90, 100)] == [5] * 5
    assert found.probability_within(4) == 0
    assert found.probability_within(5) == 1


def test_all_or_nothing_weeks_are_a_geometric_distribution() -> None:
    # Over at the first week that is not empty: 1/2, 3/4, 7/8, 15/16.
    found = forecast(10, weeks(0, 10))
    assert found is not None
    assert [found.percentile(share) for share in (50, 80, 90)] in ([1, 3, 4], [2, 3, 4])
    for week, expected in enumerate((0.5, 0.75, 0.875, 0.9375), 1):
        assert found.probability_within(week) == pytest.approx(expected, abs=0.015)


@pytest.mark.parametrize(
    ("remaining", "done", "changes"),
    [
        (40, (3, 5, 0, 7, 4, 6), ()),
        (31, (9, 1, 1, 1, 1, 9, 2), ()),
        (18, (4, 4, 2, 5, 3, 6), (1, 0, 3, -1, 2, 1)),
    ],
)
def test_runs_follow_the_exact_distribution(remaining: int, done: tuple[int, ...], changes: tuple[int, ...]) -> None:
    samples = weeks(*done, changes=changes)
    gains = [one.done - one.scope_change for one in samples]
    expected = exact(remaining, gains, 40)
    found = forecast(remaining, samples, with_growth=True)
    assert found is not None
    for week, share in enumerate(expected, 1):
        # Four standard deviations of a share of 10,000 runs.
        assert found.probability_within(week) == pytest.approx(float(share), abs=0.02)
    for share in (50, 80, 90):
        near = {week for week, over in enumerate(expected, 1) if abs(float(over) - share / 100) < 0.02}
        first = next(week for week, over in enumerate(expected, 1) if over >= Fraction(share, 100))
        assert found.percentile(share) in near | {first}


def test_growth_that_eats_the_throughput_has_no_end() -> None:
    found = forecast(10, weeks(3, 3, 3, 3, 3, 3, changes=(3, 3, 4, 3, 3, 3)), with_growth=True)
    assert found is not None
    assert found.percentile(50) is None
    assert found.beyond == found.runs
    assert forecast(HORIZON * 3 + 1, weeks(3, 3)).percentile(1) is None


def test_a_short_or_empty_history_gives_no_forecast() -> None:
    assert samples_of(weeks(4, 4, 4, 4, 4)) == ()
    assert samples_of(weeks(0, 0, 0, 0, 0, 0)) == ()
    assert len(samples_of(weeks(*range(20)))) == 12
    assert samples_of(weeks(0, 0, 0, 4, 0, 4, 4, 4)) == ()
    assert [one.done for one in samples_of(weeks(0, 0, 0, 4, 0, 4, 4, 4, 0))] == [4, 0, 4, 4, 4, 0]
    assert samples_of(weeks(4, 4, *[0] * 12)) == ()
    assert samples_of(weeks(*range(20)))[0].done == 8
    assert forecast(0, weeks(1, 2)) is None
    assert forecast(5, ()) is None


histories = st.lists(st.integers(0, 30), min_size=1, max_size=12).filter(any)


@settings(max_examples=60, deadline=None)
@given(histories, st.integers(1, 300), st.integers(0, 1000))
def test_the_range_is_ordered_repeatable_and_within_its_bounds(done: list[int], remaining: int, seed: int) -> None:
    found = forecast(remaining, weeks(*done), runs=200, seed=seed)
    assert found == forecast(remaining, weeks(*done), runs=200, seed=seed)
    assert found is not None
    reached = [found.percentile(share) or HORIZON + 1 for share in range(1, 101)]
    assert reached == sorted(reached)
    assert reached[0] >= min(-(-remaining // max(done)), HORIZON + 1)
    if min(done):
        assert reached[-1] <= max(-(-remaining // min(done)), 1)
    assert sum(found.ended) + found.beyond == found.runs


@settings(max_examples=60, deadline=None)
@given(histories, st.integers(1, 200), st.integers(1, 50), st.integers(0, 5))
def test_more_work_is_never_sooner_and_faster_weeks_never_later(
    done: list[int], remaining: int, extra: int, faster: int
) -> None:
    base, more = forecast(remaining, weeks(*done), runs=200), forecast(remaining + extra, weeks(*done), runs=200)
    quick = forecast(remaining, weeks(*(one + faster for one in done)), runs=200)
    assert base is not None
    assert more is not None
    assert quick is not None
    for share in (50, 80, 90):
        here = base.percentile(share) or HORIZON + 1
        assert (more.percentile(share) or HORIZON + 1) >= here
        assert (quick.percentile(share) or HORIZON + 1) <= here


def test_the_worked_example_of_the_formula_is_what_the_engine_says() -> None:
    rows = re.findall(
        r"^\| (\d+) \| ([\d ]+) \| ([-\d ]+) \| (\w+) \| (\d+) \| (\d+) \| (\d+) \|$", FORMULA.read_text(), re.M
    )
    assert len(rows) >= 4
    for remaining, done, changes, growth, p50, p80, p90 in rows:
        samples = weeks(*map(int, done.split()), changes=tuple(map(int, changes.split())))
        gains = [one.done - (one.scope_change if growth == "oui" else 0) for one in samples]
        expected = exact(int(remaining), gains, int(p90))
        for share, week in ((50, int(p50)), (80, int(p80)), (90, int(p90))):
            assert next(at for at, over in enumerate(expected, 1) if over >= Fraction(share, 100)) == week
        found = forecast(int(remaining), samples, with_growth=growth == "oui")
        assert found is not None
        assert [found.percentile(share) for share in (50, 80, 90)] == [int(p50), int(p80), int(p90)]
