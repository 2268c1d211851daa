from datetime import date
from decimal import Decimal

import pytest

from portfolio.engines.deviation import date_deviation, days_between, money_deviation, percent_of
from tests.formula_tables import worked


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize("row", worked("deviation", ""))
def test_days_worked_numbers(row):
    assert days_between(day(row["reference"]), day(row["value"])) == (None if row["days"] is None else int(row["days"]))


def test_date_has_three_references():
    result = date_deviation(
        date(2027, 3, 19), first_approved=date(2026, 12, 31), baseline=date(2027, 3, 1), last_week=None
    )
    assert (result.first_approved, result.baseline, result.last_week) == (78, 18, None)


def test_money_has_three_references_and_percents():
    result = money_deviation(
        Decimal(2188), first_approved=Decimal(1600), baseline=Decimal(2000), last_week=Decimal(2188)
    )
    assert (result.first_approved, result.baseline, result.last_week) == (588, 188, 0)
    assert (result.first_approved_percent, result.baseline_percent, result.last_week_percent) == (
        Decimal("36.75"),
        Decimal("9.4"),
        0,
    )


@pytest.mark.parametrize("reference", [None, Decimal(0), Decimal(-5)])
def test_percent_needs_a_reference_above_zero(reference):
    assert percent_of(Decimal(1), reference) is None
