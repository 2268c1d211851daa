from datetime import date
from decimal import Decimal

import pytest

from governance.engines.mandate import Level, MandateFacts, Reason, competent_body
from tests.formula_tables import worked

START = date(2026, 1, 1)
LADDER = (
    MandateFacts("committee", 1, "exception", None, START, level=Level.WORK_PACKAGE),
    MandateFacts("board", 2, "exception", None, START, level=Level.STAGE),
    MandateFacts("programme", 3, "exception", None, START, level=Level.PROJECT),
    MandateFacts("codir", 7, "exception", None, START),
)
DELEGATED = (
    MandateFacts("codir", 7, "change", None, START, date(2026, 12, 31)),
    MandateFacts("director", 5, "change", Decimal(20_000), START, delegated_by="codir"),
    MandateFacts("board", 2, "change", Decimal(20_000), START, delegated_by="director"),
)


@pytest.mark.parametrize("row", worked("mandate", "tolerance"), ids=lambda row: row["level"])
def test_worked_tolerance(row):
    assert competent_body("exception", None, START, LADDER, Level[row["level"]]).body == row["body"]


@pytest.mark.parametrize("row", worked("mandate", "delegation"), ids=lambda row: f"{row['amount']}-{row['on']}")
def test_worked_delegation(row):
    answer = competent_body("change", Decimal(row["amount"]), date.fromisoformat(row["on"]), DELEGATED)
    passed = [f"{item.mandate.body}:{item.reason}" for item in answer.passed_over]
    assert (answer.body, passed) == (row["body"], row["passed over"].split())


def test_a_delegation_never_reaches_beyond_the_power_delegated():
    mandates = (
        MandateFacts("codir", 7, "change", Decimal(10_000), START, level=Level.STAGE),
        MandateFacts("director", 5, "change", Decimal(50_000), START, delegated_by="codir"),
    )
    amount = competent_body("change", Decimal(10_001), START, mandates)
    level = competent_body("change", Decimal(1), START, mandates, Level.PROJECT)
    assert (amount.body, level.body) == (None, None)
    assert [item.reason for item in level.passed_over] == [Reason.BEYOND_TOLERANCE, Reason.BEYOND_TOLERANCE]
