"""Durations are told as exactly as they were typed."""

from decimal import Decimal

import pytest

from portfolio.engines.schedule_file import Span, TimeUnit
from portfolio.views.plan_words import span_text


@pytest.mark.parametrize(
    ("minutes", "unit", "text"),
    [
        ("720", TimeUnit.DAYS, "1,5 j"),
        ("2400", TimeUnit.DAYS, "5 j"),
        ("120", TimeUnit.DAYS, "0,25 j"),
        ("480", TimeUnit.HOURS, "8 h"),
    ],
)
def test_a_part_of_a_day_is_not_rounded_away(minutes: str, unit: TimeUnit, text: str) -> None:
    assert span_text(Span(Decimal(minutes), unit), 480).replace("\u202f", " ").replace("\xa0", " ") == text
