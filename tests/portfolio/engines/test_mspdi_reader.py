"""Files that would harm, files that are not right, and what is said about them."""

import time
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.engines.mspdi_reader import MAX_TASKS, read_mspdi
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.schedule_file import (
    ProjectHeader,
    ScheduleFile,
    ScheduleRefusedError,
    Span,
    Task,
    TimeUnit,
)
from tests.portfolio.schedule_oracle import without_rows

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="http://schemas.microsoft.com/project">\n'
HOURS = "<WorkingTimes><WorkingTime><FromTime>{}</FromTime><ToTime>{}</ToTime></WorkingTime></WorkingTimes>"


def document(tasks: str = "", before: str = "", after: str = "") -> bytes:
    return f"{HEAD}{before}<Tasks>{tasks}</Tasks>{after}</Project>".encode()


def task(uid: int, *inner: str) -> str:
    return f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>Tâche {uid}</Name>{''.join(inner)}</Task>\n"


def link(predecessor: int, kind: int = 1, lag: str = "0", unit: int = 7) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{predecessor}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{unit}</LagFormat></PredecessorLink>"
    )


def calendar(inner: str, uid: int = 1, base: str = "<IsBaseCalendar>1</IsBaseCalendar>") -> str:
    return f"<Calendars><Calendar><UID>{uid}</UID><Name>C</Name>{base}{inner}</Calendar></Calendars>"


def refusal(data: bytes) -> ScheduleRefusedError:
    with pytest.raises(ScheduleRefusedError) as caught:
        read_mspdi(data)
    return caught.value


BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "billion laughs": (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{BOMB}]><Project>&l9;</Project>'.encode(),
        "xml_document_type",
        1,
    ),
    "external entity": (
        b'<!DOCTYPE x [\n<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<Project>&e;</Project>',
        "xml_document_type",
        1,
    ),
    "external type": (b'<!DOCTYPE Project SYSTEM "http://127.0.0.1/x.dtd"><Project/>', "xml_document_type", 1),
    "deep": (document(after="<Extra>" + "<a>" * 50_000), "too_deep", 3),
    "cut short": (document(task(1))[:-30], "xml_cut_short", 3),
    "wrong encoding": (HEAD.encode() + "<Title>Été</Title></Project>".encode("latin-1"), "bad_encoding", 3),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><Project/>', "unknown_encoding", 1),
    "nul": (document(task(1)).replace(b"T\xc3\xa2che", b"T\x00che"), "xml_broken", 3),
    "not XML": (b"PK\x03\x04 a zip", "xml_broken", 1),
    "empty": (b"", "empty", None),
    "another document": (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "not_a_schedule", None),
    "long text": (document(task(1, f"<Notes>{'x' * 60_000}</Notes>")), "text_too_long", 3),
    "year 9999": (document(task(1, "<Start>9999-12-31T00:00:00</Start>")), "date_out_of_range", 3),
    "year 1": (document(task(1) + task(2, "<Deadline>0001-01-01T00:00:00</Deadline>")), "date_out_of_range", 4),
    "same UID": (document(task(1) + task(1)), "repeated_uid", 4),
    "no UID": (document("<Task><Name>x</Name></Task>"), "missing_uid", 3),
    "circle": (document(task(1, link(3)) + task(2, link(1)) + task(3, link(2))), "cycle", 3),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_harmful_file_is_refused_with_its_reason_and_line(name: str) -> None:
    data, code, line = HOSTILE[name]
    caught = refusal(data)
    assert (caught.code, caught.details.get("line")) == (code, line)


def test_half_a_million_tasks_are_refused_at_once_and_in_little_memory() -> None:
    data = document("<Task><UID>7</UID></Task>" * 500_000)
    tracemalloc.start()
    started = time.process_time()
    caught = refusal(data.replace(b"<UID>7</UID>", b"<IsNull>1</IsNull>"))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (caught.code, caught.details["limit"]) == ("too_many_records", MAX_TASKS)
    assert time.process_time() - started < 5
    assert peak < 64 * 1024 * 1024


def test_a_circle_is_told_by_its_path() -> None:
    caught = refusal(document(task(1) + task(2, link(4), link(1)) + task(3, link(2)) + task(4, link(3))))
    assert caught.details["path"] == "2 Tâche 2 → 3 Tâche 3 → 4 Tâche 4 → 2 Tâche 2"


def test_reading_stops_when_its_time_is_over() -> None:
    def over() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        read_mspdi(document(task(1, "<Extra/>" * 10_000)), over)


def test_rows_that_cannot_stand_are_left_out_with_their_reason() -> None:
    elsewhere = (
        "<PredecessorLink><CrossProject>1</CrossProject><CrossProjectName>a.mpp\\4</CrossProjectName></PredecessorLink>"
    )
    rows = (
        task(1)
        + task(2, link(1), link(1), link(2), link(99), elsewhere)
        + "<Task><UID>3</UID><IsNull>1</IsNull></Task>"
    )
    people = "<Resources><Resource><UID>0</UID></Resource><Resource><UID>5</UID><Name>Ana</Name></Resource></Resources>"
    work = "".join(
        f"<Assignment><UID>{uid}</UID><TaskUID>{of}</TaskUID><ResourceUID>{who}</ResourceUID></Assignment>"
        for uid, of, who in ((1, 1, 5), (2, 1, -65535), (3, 3, 5), (4, 1, 77))
    )
    schedule = read_mspdi(document(rows, after=f"{people}<Assignments>{work}</Assignments>"))
    assert [link.predecessor for link in schedule.tasks[1].links] == [1]
    assert [(item.uid, item.resource) for item in schedule.assignments] == [(1, 5), (2, None)]
    assert sorted((item.kind, item.reason) for item in schedule.account.skipped) == [
        *(("Assignment", "unknown_resource"), ("Assignment", "unknown_task")),
        *(("PredecessorLink", "another_file"), ("PredecessorLink", "repeated"), ("PredecessorLink", "to_itself")),
        *(("PredecessorLink", "unknown_task"), ("Resource", "placeholder"), ("Task", "blank_row")),
    ]


def test_a_value_that_is_none_keeps_its_place_empty_and_is_reported() -> None:
    schedule = read_mspdi(document(task(1, "<Duration>eight</Duration><PercentComplete>140</PercentComplete>")))
    assert schedule.tasks[0].duration is None
    assert schedule.tasks[0].progress.percent_complete == 100
    assert [(item.row, item.column, item.value, item.kept_as) for item in schedule.account.warnings] == [
        (3, "Duration", "eight", ""),
        (3, "PercentComplete", "140", "100"),
    ]


def test_direction_and_control_characters_do_not_reach_a_name() -> None:
    [found] = read_mspdi(document("<Task><UID>1</UID><Name>a\u202eb</Name></Task>")).tasks
    assert found.name == "a\ufffdb"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_file_is_read_in_the_encoding_it_states(encoding: str) -> None:
    data = document(task(1)).decode().replace("UTF-8", encoding).encode(encoding)
    assert read_mspdi(data).tasks[0].name == "Tâche 1"


@pytest.mark.parametrize(
    ("kind", "lag", "unit", "expected"),
    [
        (0, "4800", 7, (LinkType.FF, Span(Decimal(480), TimeUnit.DAYS))),
        (1, "-2400", 5, (LinkType.FS, Span(Decimal(-240), TimeUnit.HOURS))),
        (2, "14400", 8, (LinkType.SF, Span(Decimal(1440), TimeUnit.DAYS, is_elapsed=True))),
        (3, "50", 19, (LinkType.SS, Span(Decimal(50), TimeUnit.PERCENT))),
        (3, "25", 52, (LinkType.SS, Span(Decimal(25), TimeUnit.PERCENT, is_elapsed=True))),
        (1, "96000", 43, (LinkType.FS, Span(Decimal(9600), TimeUnit.MONTHS))),
    ],
)
def test_a_link_has_its_type_lag_and_unit(kind: int, lag: str, unit: int, expected: tuple[LinkType, Span]) -> None:
    [found] = read_mspdi(document(task(1) + task(2, link(1, kind, lag, unit)))).tasks[1].links
    assert (found.kind, found.lag) == expected


def test_outline_gives_each_task_the_one_it_belongs_to() -> None:
    levels = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 2), (5, 1)]
    rows = "".join(task(uid, f"<OutlineLevel>{level}</OutlineLevel>") for uid, level in levels)
    found = read_mspdi(document(rows)).tasks
    assert [(item.parent, item.is_summary) for item in found] == [
        *((None, True), (0, True), (1, True)),
        *((2, False), (1, False), (0, False)),
    ]


def exception(kind: int, first: str, last: str, inner: str = "") -> str:
    period = f"<TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate></TimePeriod>"
    return (
        f"<Exceptions><Exception>{period}<Type>{kind}</Type>{inner}<DayWorking>0</DayWorking></Exception></Exceptions>"
    )


def position(item: int, place: int) -> str:
    return f"<MonthItem>{item}</MonthItem><MonthPosition>{place}</MonthPosition>"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (exception(1, "2026-12-24", "2027-01-01"), [(date(2026, 12, 24), date(2027, 1, 1))]),
        (
            exception(2, "2026-01-01", "2028-12-31", "<Month>6</Month><MonthDay>21</MonthDay>"),
            [(date(year, 7, 21),) * 2 for year in (2026, 2027, 2028)],
        ),
        (
            exception(3, "2026-01-01", "2027-12-31", "<Month>4</Month>" + position(4, 4)),
            [(date(2026, 5, 25),) * 2, (date(2027, 5, 31),) * 2],
        ),
        (
            exception(4, "2026-01-15", "2026-04-30", "<Period>2</Period><MonthDay>31</MonthDay>"),
            [(date(2026, 1, 31),) * 2, (date(2026, 3, 31),) * 2],
        ),
        (
            exception(5, "2026-11-01", "2026-12-31", "<Period>1</Period>" + position(8, 1)),
            [(date(2026, 11, 13),) * 2, (date(2026, 12, 11),) * 2],
        ),
        (
            exception(6, "2026-11-02", "2026-11-30", "<Period>2</Period><DaysOfWeek>36</DaysOfWeek>"),
            [(date(2026, 11, day),) * 2 for day in (3, 6, 17, 20)],
        ),
        (
            exception(7, "2026-11-02", "2026-12-31",
                      "<EnteredByOccurrences>1</EnteredByOccurrences><Occurrences>3</Occurrences><Period>10</Period>"),
            [(date(2026, 11, day),) * 2 for day in (2, 12, 22)],
        ),
    ],
    ids=["daily", "21 July", "last Monday of May", "every 31st", "second Friday", "two weeks", "every ten days"],
)  # fmt: skip
def test_recurring_days_off_become_dates(rule: str, expected: list[tuple[date, date]]) -> None:
    [found] = read_mspdi(document(before=calendar(rule))).calendars
    assert [(item.first, item.last) for item in found.exceptions] == expected


def test_older_form_of_a_day_off_and_working_hours() -> None:
    period = "<TimePeriod><FromDate>2026-11-11T00:00:00</FromDate><ToDate>2026-11-11T23:59:00</ToDate></TimePeriod>"
    days = (
        f"<WeekDay><DayType>0</DayType><DayWorking>0</DayWorking>{period}</WeekDay>"
        f"<WeekDay><DayType>7</DayType><DayWorking>1</DayWorking>{HOURS.format('00:00:00', '00:00:00')}</WeekDay>"
        f"<WeekDay><DayType>2</DayType><DayWorking>1</DayWorking>{HOURS.format('08:00:00', '15:36:00')}</WeekDay>"
    )
    own = "<IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>1</BaseCalendarUID>"
    standard = f"<Calendar><UID>1</UID><Name>Standard</Name><WeekDays>{days}</WeekDays></Calendar>"
    both = f"<Calendars>{standard}<Calendar><UID>2</UID>{own}<WeekDays>{days}</WeekDays></Calendar></Calendars>"
    base, derived = read_mspdi(document(before=both)).calendars
    assert derived.base == 1
    assert derived.days == (((480, 936),), None, None, None, None, ((0, 1440),), None)
    assert base.days[1] == ((480, 720), (780, 1020))
    assert [item.first for item in base.exceptions] == [date(2026, 11, 11)]


SPANS = st.builds(
    Span,
    st.integers(0, 99_999).map(Decimal),
    st.sampled_from([unit for unit in TimeUnit if unit != "%"]),
    st.booleans(),
)
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=30)
LONG_TIME = (datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01"))
TASKS = st.lists(
    st.builds(
        Task,
        uid=st.just(0),
        row=st.just(0),
        name=TEXTS,
        duration=st.none() | SPANS,
        start=st.none() | st.datetimes(*LONG_TIME).map(lambda at: at.replace(microsecond=0)),
        constraint=st.sampled_from(ConstraintType),
        is_estimated=st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(TASKS)
def test_any_plan_reads_back_as_it_was_written(tasks: list[Task]) -> None:
    numbered = [replace(item, uid=uid, number=uid) for uid, item in enumerate(tasks, 1)]
    plan = ScheduleFile("mspdi", ProjectHeader(), tasks=tuple(numbered))
    assert without_rows(read_mspdi(write_mspdi(plan))).tasks == plan.tasks


WHOLE = document(
    task(1, "<Duration>PT8H0M0S</Duration><Start>2026-11-23T08:00:00</Start>") + task(2, link(1)),
    before=calendar("<WeekDays><WeekDay><DayType>2</DayType><DayWorking>1</DayWorking></WeekDay></WeekDays>"),
    after="<Resources><Resource><UID>1</UID></Resource></Resources>",
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 40), st.binary(max_size=12))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(place: int, length: int, other: bytes) -> None:
    with suppress(ScheduleRefusedError):
        read_mspdi(WHOLE[:place] + other + WHOLE[place + length :])
