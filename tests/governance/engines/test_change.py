"""Worked numbers of docs/formulas/change.md, computed by hand from the domain reference (A1)."""

from datetime import date
from decimal import Decimal

import pytest

from governance.engines.change import ClockFacts, Fit, Power, Rank, Room, Why, clock_days, fit, room_left, route

D = Decimal
ROOM = room_left(D(40), D(20), D(12))
POWER = Power(each=D(8000), left=D(10000), budget_left=D(9000))


def test_the_forecast_of_today_is_taken_off_the_tolerance() -> None:
    """BAC 400 k€, −10/+5 %, forecast 412 k€: 8 k€ are left above and 52 k€ below."""
    assert Room(minus=D(52), plus=D(8)) == ROOM
    assert room_left(None, D(20), D(25)) == Room(None, D(-5))


@pytest.mark.parametrize(
    ("amount", "room", "expected"),
    [
        (None, ROOM, Fit.NONE),
        (D(0), None, Fit.NONE),
        (D(8), ROOM, Fit.INSIDE),
        (D("8.01"), ROOM, Fit.BEYOND),
        (D(-52), ROOM, Fit.INSIDE),
        (D(-53), ROOM, Fit.BEYOND),
        (D(1), None, Fit.UNKNOWN),
        (D(-900), Room(None, D(0)), Fit.INSIDE),
        (D(1), Room(None, D(-5)), Fit.BEYOND),
    ],
)
def test_an_impact_fits_what_is_left_on_its_side(amount, room, expected) -> None:
    assert fit(amount, room) is expected


@pytest.mark.parametrize(
    ("manager_may", "cost", "days", "power", "rank", "why"),
    [
        (True, 8, 0, None, Rank.MANAGER, Why.INSIDE_TOLERANCE),
        (True, 9, 0, None, Rank.BODY, Why.NO_DELEGATION),
        (True, 9, 0, POWER, Rank.AUTHORITY, Why.INSIDE_DELEGATION),
        (False, 8, 0, POWER, Rank.AUTHORITY, Why.INSIDE_DELEGATION),
        (False, 8000, 5, POWER, Rank.AUTHORITY, Why.INSIDE_DELEGATION),
        (False, 8000, 6, POWER, Rank.BODY, Why.BEYOND_TOLERANCE),
        (False, 8001, 0, POWER, Rank.BODY, Why.ABOVE_EACH),
        (False, 7000, 0, Power(D(8000), D(6999), D(9000)), Rank.BODY, Why.ABOVE_TOTAL),
        (False, 7000, 0, Power(D(8000), D(9000), D(6999)), Rank.BODY, Why.ABOVE_BUDGET),
        (False, None, 0, POWER, Rank.BODY, Why.COST_UNKNOWN),
        (False, 10, 0, Power(D(8000), D(9000), D(9000), is_party=True), Rank.BODY, Why.PARTY),
    ],
)
def test_the_lowest_rank_that_may_answer(manager_may, cost, days, power, rank, why) -> None:
    found = route(
        manager_may=manager_may,
        cost=None if cost is None else D(cost),
        impacts={"time": D(days), "cost": None},
        rooms={"time": Room(None, D(5)), "cost": ROOM},
        power=power,
    )
    assert (found.rank, found.why) == (rank, why)


def test_a_body_learns_which_tolerances_are_used_up() -> None:
    rooms = {"time": Room(None, D(5)), "cost": ROOM, "quality": None}
    impacts = {"time": D(6), "quality": D(-1), "cost": D(2)}
    found = route(manager_may=True, cost=D(2), impacts=impacts, rooms=rooms, power=None)
    assert (found.rank, found.overrun, found.exceeds_project) == (Rank.BODY, ("time", "quality"), True)


def test_the_latest_row_in_force_sets_the_clock() -> None:
    rows = [ClockFacts(5, "assess", 4, date(2026, 1, 1)), ClockFacts(5, "assess", 1, date(2026, 6, 1))]
    assert clock_days(5, "assess", date(2025, 12, 31), rows) == 2
    assert clock_days(5, "assess", date(2026, 5, 31), rows) == 4
    assert clock_days(5, "assess", date(2026, 6, 1), rows) == 1
    assert clock_days(1, "implement", date(2026, 6, 1), rows) == 120
