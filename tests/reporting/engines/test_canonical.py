"""The snapshot's canonical form keeps every value and hashes by content."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from reporting.engines.canonical import canonical_bytes, data_hash, plain, restore
from reporting.engines.edition import Edition, PackChoices
from tests.factories.reporting import edition, unreported


@pytest.mark.parametrize("whole", [edition(12), unreported(9)], ids=["reporting", "imported"])
def test_edition_survives_the_trip(whole: Edition) -> None:
    assert restore(Edition, plain(whole)) == whole


def test_same_facts_give_the_same_hash_whatever_the_order_of_keys() -> None:
    data = plain(edition(3))
    assert isinstance(data, dict)
    assert data_hash(dict(reversed(data.items()))) == data_hash(data)


def test_an_instant_is_written_in_utc() -> None:
    brussels = timezone(timedelta(hours=1))
    assert plain(datetime(2026, 11, 23, 12, tzinfo=brussels)) == plain(datetime(2026, 11, 23, 11, tzinfo=UTC))


def test_money_is_text_and_never_a_float() -> None:
    assert plain(Decimal("1240000.50")) == "1240000.50"
    assert b"." not in canonical_bytes(plain(Decimal(10)))
    with pytest.raises(TypeError):
        plain(0.1)


def test_a_field_missing_from_an_older_snapshot_takes_its_default() -> None:
    assert restore(PackChoices, {"director_message": "x"}) == PackChoices(director_message="x")
