from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from governance.engines.agenda import AgendaEntry, ItemKind, proposed_order, timetable
from tests.formula_tables import worked


def entries() -> list[AgendaEntry]:
    return [
        AgendaEntry(
            int(row["key"]),
            ItemKind(row["kind"]),
            int(row["minutes"]),
            date.fromisoformat(row["needed on"]) if row["needed on"] else None,
            Decimal(row["amount"]) if row["amount"] else None,
        )
        for row in worked("agenda", "")
    ]


def test_follow_up_first_then_decisions_by_deadline_and_amount():
    assert proposed_order(entries()) == [5, 4, 3, 2, 6, 1]


def test_the_timetable_adds_up_the_time_boxes():
    by_key = {entry.key: entry for entry in entries()}
    plan = timetable(datetime(2026, 11, 24, 9, tzinfo=UTC), 60, [by_key[key] for key in proposed_order(entries())])
    starts = " ".join(f"{entry.starts_at:%H:%M}" for entry in plan.entries)
    assert starts == "09:00 09:05 09:15 09:35 09:50 10:00"
    assert (plan.total, plan.spare) == (65, -5)


def test_an_item_takes_time():
    with pytest.raises(ValueError):
        timetable(datetime(2026, 11, 24, tzinfo=UTC), 60, [AgendaEntry(1, ItemKind.DECISION, 0)])
