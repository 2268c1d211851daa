from datetime import datetime

import pytest

from portfolio.engines.critical_path import Rules
from portfolio.engines.network import Activity, CycleError, Lag, Link
from portfolio.engines.portfolio_pass import CrossLink, ProjectPlan, Shift, portfolio_schedule
from portfolio.engines.working_calendar import STANDARD, WorkingClock, instant

CLOCK = WorkingClock(STANDARD)
MONDAY = instant(datetime.fromisoformat("2026-11-23 08:00"))
DAY = 480


def plan(code, *days, start=MONDAY):
    activities = [Activity(str(n), length * DAY) for n, length in enumerate(days)]
    return ProjectPlan(code, start, activities, [Link(str(n), str(n + 1)) for n in range(len(days) - 1)])


def together(plans, links=()):
    return portfolio_schedule(plans, links, {"": CLOCK}, Rules())


def test_projects_without_links_are_as_they_are_alone():
    found = together([plan("P", 5, 2), plan("Q", 1, 1, start=MONDAY + 7 * 1440)])
    assert found.projects == found.alone
    assert found.shifts == found.squeezed == ()
    assert found.projects["Q"].start == MONDAY + 7 * 1440


def test_late_delivery_of_one_project_moves_the_other_and_no_more():
    plans = [plan("P", 5, 2), plan("Q", 3, 2)]
    found = together(plans, [CrossLink(("P", "0"), ("Q", "1"), lag=Lag(DAY))])
    assert found.shifts == (Shift("Q", "1", 3 * DAY),)
    assert found.projects["Q"].activities["0"].total_float == 3 * DAY
    assert found.projects["P"] == found.alone["P"]
    assert CLOCK.between(MONDAY, found.projects["Q"].finish) == 8 * DAY


def test_project_that_waits_takes_float_from_the_one_that_delivers():
    slack = ProjectPlan("P", MONDAY, [Activity("A", DAY), Activity("B", 9 * DAY)])
    found = together([slack, plan("Q", 2, 1)], [CrossLink(("P", "A"), ("Q", "1"))])
    assert found.alone["P"].activities["A"].total_float == 8 * DAY
    assert found.projects["P"].activities["A"].total_float == DAY
    assert found.squeezed == (Shift("P", "A", 7 * DAY),)


def test_cycle_through_two_projects_is_refused_with_its_path():
    links = [CrossLink(("P", "1"), ("Q", "0")), CrossLink(("Q", "1"), ("P", "0"))]
    with pytest.raises(CycleError, match="P/0 -> P/1 -> Q/0 -> Q/1 -> P/0"):
        together([plan("P", 1, 1), plan("Q", 1, 1)], links)


def test_three_projects_pass_a_delay_on():
    links = [CrossLink(("P", "0"), ("Q", "0")), CrossLink(("Q", "0"), ("R", "0"))]
    found = together([plan("P", 4), plan("Q", 3), plan("R", 2)], links)
    assert {shift.project: shift.by for shift in found.shifts} == {"Q": 4 * DAY, "R": 7 * DAY}
    assert found.projects["R"].critical_path == ("0",)
