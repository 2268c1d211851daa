from datetime import datetime

import pytest

from portfolio.engines.critical_path import Rules
from portfolio.engines.network import Activity, ConstraintType, Lag, Link, LinkType
from portfolio.engines.schedule_quality import Finding, Limits, PlanToCheck, QualityCheck, assess, may_be_proposed
from portfolio.engines.working_calendar import STANDARD, WorkingClock, instant
from tests.formula_tables import worked

CLOCK = WorkingClock(STANDARD)
MONDAY = instant(datetime.fromisoformat("2026-11-23 08:00"))
DAY = 480


def checked(activities, links, *, day=0, limits=None, **more):
    now = CLOCK.add(MONDAY, day * DAY) if day else MONDAY
    plan = PlanToCheck(activities, links, {"": CLOCK}, Rules(start=MONDAY, data_date=now), now, **more)
    return {result.check: result for result in assess(plan, limits)}


def chain(count, **of):
    activities = [Activity(str(n), DAY, **of.get(f"a{n}", {})) for n in range(count)]
    return activities, [Link(str(n), str(n + 1)) for n in range(count - 1)]


def test_clean_chain_passes_every_check_that_applies():
    found = checked(*chain(10), resourced={str(n) for n in range(10)})
    assert list(found) == list(QualityCheck)
    assert {check for check, result in found.items() if result.passed is None} == {
        QualityCheck.MISSED,
        QualityCheck.BEI,
    }
    assert all(result.passed for result in found.values() if result.passed is not None)
    assert may_be_proposed(tuple(found.values()))


@pytest.mark.parametrize(
    "row", worked("schedule_quality", "indices"), ids=lambda row: f"{row['done']} {row['deadline']}"
)
def test_indices_have_their_worked_values(row):
    activities, links = [], chain(10)[1]
    for n in range(10):
        begin = CLOCK.next_start(CLOCK.add(MONDAY, n * DAY))
        done = {"actual_start": begin, "actual_finish": CLOCK.add(begin, DAY)} if n < int(row["done"]) else {}
        activities.append(Activity(str(n), DAY, **done))
    late = 4 - int(row["done"])
    finish = CLOCK.add(MONDAY, (10 + late) * DAY)
    deadline = CLOCK.last_finish(CLOCK.add(finish, -int(row["deadline"]) * DAY)) if int(row["deadline"]) else finish
    activities[9] = Activity("9", DAY, deadline=deadline)
    baseline = {str(n): CLOCK.add(MONDAY, (n + 1) * DAY) for n in range(10)}
    found = checked(activities, links, day=4, baseline=baseline)
    assert found[QualityCheck.MISSED].value == pytest.approx(float(row["missed"]))
    assert found[QualityCheck.CPLI].value == pytest.approx(float(row["cpli"]))
    assert found[QualityCheck.BEI].value == pytest.approx(float(row["bei"]))


def test_each_fault_names_its_activity():
    activities, links = chain(12)
    activities[2] = Activity("2", DAY, constraint=ConstraintType.MSO, constraint_date=MONDAY + 14 * 1440)
    activities[5] = Activity("5", 60 * DAY)
    activities[7] = Activity("7", DAY, deadline=MONDAY + 1440)
    activities.append(Activity("loose", DAY))
    links[3] = Link("3", "4", LinkType.SS, Lag(-DAY))
    links[8] = Link("8", "9", LinkType.FS, Lag(DAY))
    found = checked(activities, links, resourced={one.id for one in activities} - {"6"})
    named = {check: {finding.activity for finding in result.findings} for check, result in found.items()}
    assert named[QualityCheck.LOGIC] == {"loose"}
    assert found[QualityCheck.LEADS].findings == (Finding("4", "3"),)
    assert found[QualityCheck.LAGS].findings == (Finding("9", "8"),)
    assert found[QualityCheck.LINK_TYPES].findings == (Finding("4", "3"),)
    assert named[QualityCheck.HARD_CONSTRAINTS] == {"2"}
    assert "7" in named[QualityCheck.NEGATIVE_FLOAT]
    assert named[QualityCheck.HIGH_DURATION] == {"5"}
    assert "loose" in named[QualityCheck.HIGH_FLOAT]
    assert named[QualityCheck.RESOURCES] == {"6"}
    assert not may_be_proposed(tuple(found.values()))


def test_limits_are_data():
    activities, links = chain(10)
    links[4] = Link("4", "5", LinkType.FS, Lag(DAY))
    assert checked(activities, links)[QualityCheck.LAGS].passed is False
    loose = Limits(shares={**Limits().shares, QualityCheck.LAGS: 0.2})
    assert checked(activities, links, limits=loose)[QualityCheck.LAGS].passed is True


def test_dates_after_the_data_date_are_not_actual_and_work_before_it_is_not_to_do():
    activities, links = chain(3)
    after = CLOCK.next_start(CLOCK.add(MONDAY, 6 * DAY))
    activities[0] = Activity("0", DAY, actual_start=after, actual_finish=CLOCK.add(after, DAY))
    activities[2] = Activity("2", DAY, constraint=ConstraintType.MSO, constraint_date=MONDAY)
    found = checked(activities, links, day=4)
    assert {one.activity for one in found[QualityCheck.INVALID_DATES].findings} == {"0", "2"}


def test_path_held_by_a_fixed_date_fails_the_critical_path_test():
    activities, links = chain(4)
    assert checked(activities, links)[QualityCheck.CRITICAL_PATH_TEST].value == 1
    activities[3] = Activity("3", DAY, constraint=ConstraintType.MSO, constraint_date=MONDAY + 3 * 1440)
    result = checked(activities, links)[QualityCheck.CRITICAL_PATH_TEST]
    assert (result.passed, result.value, result.findings) == (False, 0, (Finding("0", "3"),))


def test_finished_plan_has_nothing_left_to_check():
    done = {"actual_start": MONDAY, "actual_finish": CLOCK.add(MONDAY, DAY)}
    found = checked([Activity("A", DAY, **done)], [], day=2)
    assert found[QualityCheck.CPLI].passed is None
    assert found[QualityCheck.CRITICAL_PATH_TEST].passed is None
    assert may_be_proposed(tuple(found.values()))
