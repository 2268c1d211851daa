from datetime import date

import pytest

from governance.engines.interest import DeclaredInterest, Ground, ItemFacts, conflicts
from tests.formula_tables import worked

ITEM = ItemFacts(project=7, parties={10, 11}, employers={90})
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("row", worked("interest", ""), ids=lambda row: f"{row['member']}-{row['ended on']}")
def test_worked(row):
    ended = date.fromisoformat(row["ended on"]) if row["ended on"] else None
    declared = (
        DeclaredInterest(13, Ground.SUPPLIER, employer=90, ended_on=ended),
        DeclaredInterest(14, Ground.FAMILY, person=11, ended_on=ended),
        DeclaredInterest(15, Ground.OTHER, project=8),
    )
    member = int(row["member"])
    assert conflicts([member], ITEM, declared, {12: 90}, TODAY).get(member) == row["ground"]


def test_who_votes_for_a_conflicted_member_is_conflicted():
    found = conflicts([10, 20, 21], ITEM, (), {}, TODAY, delegates={10: 20, 21: 20})
    assert found == {10: Ground.OWN_PROJECT, 20: Ground.DELEGATE}


def test_a_supplier_link_ended_on_leap_day_counts_until_the_28th():
    link = (DeclaredInterest(13, Ground.SUPPLIER, employer=90, ended_on=date(2024, 2, 29)),)
    assert conflicts([13], ITEM, link, {}, date(2026, 2, 28)) == {13: Ground.SUPPLIER}
    assert conflicts([13], ITEM, link, {}, date(2026, 3, 1)) == {}
