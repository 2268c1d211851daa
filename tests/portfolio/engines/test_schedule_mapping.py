"""What our engine reckons from a file against the dates MS Project wrote into it."""

from datetime import timedelta

import pytest

from portfolio.engines.mspdi_reader import read_mspdi
from portfolio.engines.schedule_file import ScheduleRefusedError
from portfolio.engines.schedule_mapping import Departure, reckoned
from portfolio.engines.schedule_totals import totals_of
from portfolio.engines.working_calendar import moment
from tests.portfolio.engines.test_mspdi_reader import calendar, document, link, task
from tests.portfolio.schedule_oracle import NATIVE, equal_dates, shared

SAVED_BY_PROJECT = [name for name in NATIVE if name.startswith("mpsplib")]


@pytest.mark.parametrize("name", SAVED_BY_PROJECT)
def test_dates_slack_and_critical_path_equal_ms_project_to_the_minute(name: str) -> None:
    schedule = read_mspdi(shared(name))
    plan, found = reckoned(schedule)
    assert plan.departures == ()
    assert len(found.activities) == len(schedule.tasks)
    assert all(equal_dates(schedule).values())
    for item in schedule.tasks:
        row = found.activities[str(item.uid)]
        assert (row.total_float, row.critical) == (item.computed.total_slack or 0, item.computed.is_critical), item.uid


@pytest.mark.parametrize("name", NATIVE)
def test_every_date_of_a_file_is_reckoned_again(name: str) -> None:
    assert all(equal_dates(read_mspdi(shared(name))).values())


@pytest.mark.parametrize(
    ("name", "days", "hours", "links", "critical"),
    [
        ("mpsplib-msproject/mp_j30_a2_nr5.mspdi.xml", "51.00", "42888.00", 117, 9),
        ("mpsplib-msproject/mp_j30_a5_nr1.mspdi.xml", "72.00", "38000.00", 344, 11),
    ],
)
def test_totals_of_a_plan(name: str, days: str, hours: str, links: int, critical: int) -> None:
    schedule = read_mspdi(shared(name))
    totals = totals_of(schedule, *reckoned(schedule)).as_json()
    assert (totals["critical_path_working_days"], totals["work_hours"]) == (days, hours)
    assert (totals["dependencies"], totals["critical_tasks"]) == (links, critical)
    assert totals["tasks"] == len(schedule.tasks) - 1


def test_work_of_people_with_several_calendars_runs_whenever_one_of_them_works() -> None:
    schedule = read_mspdi(shared("mpxj-schedules/mspdiresource.xml"))
    plan, _found = reckoned(schedule)
    assert "1+5" in {activity.calendar for activity in plan.activities}


def test_a_plan_that_departs_says_where() -> None:
    schedule = read_mspdi(shared("mpxj-schedules/mspdisplittask.xml"))
    plan, _found = reckoned(schedule)
    assert plan.departures == ((1, Departure.INTERRUPTED), (2, Departure.INTERRUPTED))


def test_a_circle_through_a_summary_is_refused_by_its_names() -> None:
    rows = (
        task(1, "<OutlineLevel>1</OutlineLevel>", link(3))
        + task(2, "<OutlineLevel>2</OutlineLevel>")
        + task(3, "<OutlineLevel>1</OutlineLevel>", link(2))
    )
    with pytest.raises(ScheduleRefusedError) as caught:
        reckoned(read_mspdi(document(rows)))
    assert caught.value.details["path"] == "2 Tâche 2 → 3 Tâche 3 → 2 Tâche 2"


def test_links_between_huge_summaries_are_refused_before_they_are_spread() -> None:
    level = "<OutlineLevel>{}</OutlineLevel>".format
    halves = [
        task(uid, level(1), *([link(1)] if uid > 1 else [])) + "".join(task(uid + n, level(2)) for n in range(1, 900))
        for uid in (1, 1001)
    ]
    with pytest.raises(ScheduleRefusedError) as caught:
        reckoned(read_mspdi(document("".join(halves))))
    assert (caught.value.code, caught.value.details["kind"]) == ("too_many_records", "PredecessorLink")


def test_calendars_that_inherit_thousands_of_dates_are_refused_at_once() -> None:
    year = "<TimePeriod><FromDate>2026-01-01T00:00:00</FromDate><ToDate>2026-12-31T23:59:00</ToDate></TimePeriod>"
    off = f"<Exceptions><Exception>{year}<DayWorking>0</DayWorking></Exception></Exceptions>"
    base = f"<Calendar><UID>1</UID>{off}</Calendar>"
    own = "<Calendar><UID>{}</UID><IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>1</BaseCalendarUID></Calendar>"
    many = base + "".join(own.format(uid) for uid in range(2, 2_000))
    with pytest.raises(ScheduleRefusedError) as caught:
        reckoned(read_mspdi(document(task(1), before=f"<Calendars>{many}</Calendars>")))
    assert (caught.value.code, caught.value.details["kind"]) == ("too_many_records", "Exception")


def test_a_calendar_without_work_is_refused_by_its_name() -> None:
    off = "".join(f"<WeekDay><DayType>{day}</DayType><DayWorking>0</DayWorking></WeekDay>" for day in range(1, 8))
    start = "<StartDate>2026-11-23T08:00:00</StartDate><CalendarUID>1</CalendarUID>"
    data = document(task(1, "<Duration>PT8H0M0S</Duration>"), before=start + calendar(f"<WeekDays>{off}</WeekDays>"))
    with pytest.raises(ScheduleRefusedError) as caught:
        reckoned(read_mspdi(data))
    assert (caught.value.code, caught.value.details) == ("no_working_time", {"calendar": "C"})


def test_a_week_of_38_hours_gives_its_own_days() -> None:
    hours = "".join(
        f"<WeekDay><DayType>{day}</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>08:00:00"
        "</FromTime><ToTime>15:36:00</ToTime></WorkingTime></WorkingTimes></WeekDay>"
        for day in range(2, 7)
    )
    head = (
        "<StartDate>2026-11-23T08:00:00</StartDate><CalendarUID>1</CalendarUID><MinutesPerDay>456</MinutesPerDay>"
        f"<MinutesPerWeek>2280</MinutesPerWeek>{calendar(f'<WeekDays>{hours}</WeekDays>')}"
    )
    two_weeks = "<Duration>PT76H0M0S</Duration><DurationFormat>9</DurationFormat>"
    _plan, found = reckoned(read_mspdi(document(task(1, two_weeks) + task(2, link(1, lag="4560")), before=head)))
    first, second = found.activities["1"], found.activities["2"]
    assert moment(first.finish).isoformat() == "2026-12-04T15:36:00"
    assert moment(second.start) - moment(first.finish) == timedelta(days=3)


def test_work_of_ten_thousand_years_is_refused_at_once() -> None:
    data = document(
        task(1, "<Duration>PT99999999H0M0S</Duration>"), before="<StartDate>2026-11-23T08:00:00</StartDate>"
    )
    with pytest.raises(ScheduleRefusedError) as caught:
        reckoned(read_mspdi(data))
    assert caught.value.code == "no_working_time"
