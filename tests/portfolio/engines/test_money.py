from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.engines.money import CENT, allocate, split, to_cents
from tests.formula_tables import worked

AMOUNTS = st.decimals(-(10**12), 10**12, places=2)
WEIGHTS = st.lists(st.decimals(0, 10**6, places=3), min_size=1, max_size=12).filter(any)


def decimals(text: str) -> list[Decimal]:
    return [Decimal(part) for part in text.split()]


@pytest.mark.parametrize("row", worked("money", "rounding"), ids=lambda row: row["amount"])
def test_rounding_worked_numbers(row):
    assert str(to_cents(Decimal(row["amount"]))) == row["cents"]


@pytest.mark.parametrize("row", worked("money", "sharing"), ids=lambda row: row["total"])
def test_sharing_worked_numbers(row):
    assert allocate(Decimal(row["total"]), decimals(row["weights"])) == tuple(decimals(row["parts"]))


@given(total=AMOUNTS, weights=WEIGHTS)
def test_parts_always_sum_to_the_whole(total, weights):
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert all(part == to_cents(part) for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(total=AMOUNTS, count=st.integers(1, 40))
def test_equal_parts_differ_by_a_cent_at_most(total, count):
    parts = split(total, count)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= CENT


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(1), Decimal(-1)]])
def test_allocate_refuses_useless_weights(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate(Decimal(1), weights)
