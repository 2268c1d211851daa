from datetime import date
from decimal import Decimal

import pytest

from governance.engines.mandate import MandateFacts, Reason, competent_body
from tests.formula_tables import worked

START = date(2026, 1, 1)
MANDATES = (
    MandateFacts("committee", 3, "investment", None, START),
    MandateFacts("director", 2, "investment", Decimal(250_000), START, date(2026, 12, 31)),
    MandateFacts("director", 2, "investment", Decimal(500_000), date(2027, 1, 1)),
    MandateFacts("board", 1, "investment", Decimal(50_000), START),
    MandateFacts("board", 1, "change", Decimal(1), START),
)


@pytest.mark.parametrize("row", worked("mandate", ""), ids=lambda row: f"{row['amount']}-{row['on']}")
def test_worked_numbers(row):
    amount = None if row["amount"] is None else Decimal(row["amount"])
    answer = competent_body("investment", amount, date.fromisoformat(row["on"]), MANDATES)
    assert answer.body == row["body"]
    assert [item.mandate.body for item in answer.passed_over] == row["passed over"].split()


def test_reasons_explain_the_answer():
    answer = competent_body("investment", Decimal("250000.01"), date(2026, 11, 20), MANDATES)
    assert answer.reason is Reason.UNLIMITED
    assert {item.reason for item in answer.passed_over} == {Reason.ABOVE_LIMIT}
    unknown = competent_body("investment", None, date(2026, 11, 20), MANDATES)
    assert {item.reason for item in unknown.passed_over} == {Reason.AMOUNT_UNKNOWN}


def test_exclusive_limit_leaves_the_limit_to_the_next_body():
    below = MandateFacts("board", 1, "x", Decimal(100), START, limit_inclusive=False)
    above = MandateFacts("codir", 2, "x", None, START)
    assert competent_body("x", Decimal("99.99"), START, (above, below)).body == "board"
    assert competent_body("x", Decimal(100), START, (above, below)).body == "codir"


@pytest.mark.parametrize(("kind", "on"), [("unknown", START), ("investment", date(2025, 12, 31))])
def test_nobody_competent_is_an_answer(kind, on):
    answer = competent_body(kind, Decimal(1), on, MANDATES)
    assert (answer.body, answer.reason) == (None, Reason.NO_MANDATE)


def test_amount_above_every_limit_names_who_was_passed_over():
    answer = competent_body("change", Decimal(2), START, MANDATES)
    assert answer.body is None
    assert [item.mandate.body for item in answer.passed_over] == ["board"]


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_amount_must_be_a_number(amount):
    with pytest.raises(ValueError, match="finite"):
        competent_body("investment", Decimal(amount), START, MANDATES)
