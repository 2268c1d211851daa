"""The worked examples of docs/formulas/splitting.md."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from governance.engines.splitting import DEFAULT_LIMIT, Asked, splitting

DAY = date(2026, 11, 2)


def asked(key: int, amount: str, *, project: int = 1, days: int = 0) -> Asked:
    return Asked(key, DAY - timedelta(days=days), Decimal(amount), project, programme=9)


@pytest.mark.parametrize(
    ("amount", "others", "total"),
    [
        ("150000.00", [asked(2, "100000.00")], None),
        ("150000.00", [asked(2, "100000.01")], "250000.01"),
        ("260000.00", [asked(2, "100000.00")], None),
        ("150000.00", [asked(2, "120000.00", days=366)], None),
        ("150000.00", [asked(2, "120000.00", days=365)], "270000.00"),
        ("90000.00", [asked(2, "90000.00"), asked(3, "80000.00", project=2)], "260000.00"),
    ],
)
def test_requests_that_pass_the_limit_together_raise_the_alarm(
    amount: str, others: list[Asked], total: str | None
) -> None:
    found = splitting(asked(1, amount), others, DEFAULT_LIMIT)
    assert (None if found is None else found.total) == (None if total is None else Decimal(total))


def test_another_programme_is_no_part_of_it() -> None:
    other = Asked(2, DAY, Decimal(200_000), project=5, programme=None)
    assert splitting(Asked(1, DAY, Decimal(200_000), project=1), [other], DEFAULT_LIMIT) is None
