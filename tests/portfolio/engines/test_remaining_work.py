"""What is left of a plan: over is over, what is under way has what remains, what has not begun begins today at best."""

from datetime import datetime

import pytest

from portfolio.engines.critical_path import Rules, schedule
from portfolio.engines.network import Activity, ConstraintType, Lag, Link, LinkType, build_network
from portfolio.engines.remaining_work import remaining_work
from portfolio.engines.schedule_risk import Runs, simulate
from portfolio.engines.three_point import RiskLink
from portfolio.engines.working_calendar import CONTINUOUS, STANDARD, WorkingClock, instant

DAY = 480
CLOCKS = {"": WorkingClock(STANDARD), "all hours": WorkingClock(CONTINUOUS)}
MONDAY, THURSDAY = (instant(datetime.fromisoformat(f"2026-11-{day}T08:00")) for day in (23, 26))


def left(activities, links=(), points=None, now=MONDAY):
    network = build_network(activities, links)
    return remaining_work(network, schedule(network, CLOCKS, Rules(MONDAY)), CLOCKS, points or {}, now)


def test_without_uncertainty_the_simulation_ends_when_the_plan_does() -> None:
    activities = [
        Activity("a", 2 * DAY),
        Activity("b", 3 * DAY),
        Activity("c", DAY, constraint=ConstraintType.SNET, constraint_date=THURSDAY),
        Activity("d", DAY),
    ]
    links = [Link("a", "b", LinkType.SS, Lag(DAY)), Link("b", "d"), Link("c", "d", LinkType.FF)]
    found = left(activities, links)
    run = simulate(found.activities, found.links, Runs(iterations=10))
    assert run.percentile(50) == 5 * DAY
    assert found.estimated == set()


def test_what_is_over_is_left_out_and_what_has_begun_keeps_its_share_of_the_points() -> None:
    activities = [
        Activity("done", DAY, actual_start=MONDAY, actual_finish=MONDAY + 9 * 60, remaining=0),
        Activity("begun", 4 * DAY, actual_start=MONDAY, remaining=2 * DAY),
        Activity("next", DAY),
    ]
    links = [Link("done", "next"), Link("begun", "next"), Link("done", "begun", LinkType.SS)]
    found = left(activities, links, {"begun": (2 * DAY, 4 * DAY, 8 * DAY)}, THURSDAY)
    assert [one.id for one in found.activities] == ["begun", "next"]
    estimate = found.activities[0].estimate
    assert (estimate.optimistic, estimate.most_likely, estimate.pessimistic) == (DAY, 2 * DAY, 4 * DAY)
    assert found.links == [RiskLink("begun", "next")]
    assert found.estimated == {"begun"}


def test_work_that_should_have_begun_begins_today_and_what_is_over_still_holds_back_by_its_lag() -> None:
    activities = [
        Activity("late", DAY),
        Activity("done", DAY, actual_start=MONDAY, actual_finish=MONDAY + 9 * 60),
        Activity("waits", DAY),
    ]
    found = left(activities, [Link("done", "waits", LinkType.FS, Lag(5 * DAY))], now=THURSDAY)
    assert {one.id: one.earliest for one in found.activities} == {"late": 0, "waits": 3 * DAY}


@pytest.mark.parametrize("calendar", ["", "all hours"])
def test_durations_count_as_long_as_they_last_on_the_calendar_of_the_plan(calendar: str) -> None:
    length = DAY if calendar == "" else 24 * 60
    found = left([Activity("a", length, calendar=calendar)], points={"a": (length / 2, length, 2 * length)})
    estimate = found.activities[0].estimate
    assert (estimate.optimistic, estimate.pessimistic) == (DAY / 2, 2 * DAY)
