"""A neutral schedule to Microsoft Project XML (MSPDI), in the order its schema wants.

The same schedule gives the same bytes. What is written reads back as the same schedule; a value the schedule lacks is
left out, never invented. Custom fields are not written: their numbers mean something in their own file only.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from portfolio.engines.mspdi_values import (
    CENTS,
    CONSTRAINTS,
    LINK_TYPES,
    NAMESPACE,
    RESOURCE_KINDS,
    UNASSIGNED,
    WORK_TYPES,
    clock_text,
    duration_text,
    format_code,
    instant_text,
    number_text,
)
from portfolio.engines.schedule_file import (
    Assignment,
    Baseline,
    Calendar,
    CalendarException,
    DayRanges,
    Link,
    ProjectHeader,
    Resource,
    ResourceKind,
    ScheduleFile,
    Span,
    Task,
)
from portfolio.engines.tabular import without_unsafe

Item = tuple[str, "str | Sequence[Item] | None"]
"""An element: its name, then its text, its children, or None when it is left out."""
SAVE_VERSION = "14"
END_OF_DAY = time(23, 59)
_ELAPSED_DAYS_FORMAT = "8"
_DAYS_FORMAT = 7
_LINK_CODES = {meaning: str(code) for code, meaning in LINK_TYPES.items()}
_CONSTRAINT_CODES = {meaning: str(code) for code, meaning in CONSTRAINTS.items()}
_WORK_CODES = {meaning: str(code) for code, meaning in WORK_TYPES.items()}
_KIND_CODES = {meaning: str(code) for code, meaning in RESOURCE_KINDS.items()} | {ResourceKind.COST: "0"}
_DAY_TYPES = ((6, "1"), (0, "2"), (1, "3"), (2, "4"), (3, "5"), (4, "6"), (5, "7"))


def write_mspdi(schedule: ScheduleFile) -> bytes:
    """The file, as UTF-8."""
    document: list[Item] = [
        *_header(schedule.header),
        ("Calendars", [("Calendar", _calendar(item)) for item in schedule.calendars]),
        ("Tasks", [("Task", _task(item)) for item in schedule.tasks]),
        ("Resources", [("Resource", _resource(item)) for item in schedule.resources]),
        ("Assignments", [("Assignment", _assignment(item)) for item in schedule.assignments]),
    ]
    lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', f'<Project xmlns="{NAMESPACE}">']
    lines += _lines(document, "  ")
    return "\n".join([*lines, "</Project>", ""]).encode()


def _lines(items: Sequence[Item], indent: str) -> Iterator[str]:
    for name, content in items:
        if isinstance(content, str):
            text = html.escape(without_unsafe(content), quote=False)
            yield f"{indent}<{name}>{text}</{name}>"
        elif content is not None:
            yield f"{indent}<{name}>"
            yield from _lines(content, indent + "  ")
            yield f"{indent}</{name}>"


def _header(header: ProjectHeader) -> list[Item]:
    return [
        ("SaveVersion", SAVE_VERSION),
        ("GUID", header.guid or None),
        ("Title", header.title or None),
        ("ScheduleFromStart", _flag(header.is_scheduled_from_start)),
        ("StartDate", _instant(header.start)),
        ("FinishDate", _instant(header.finish)),
        ("CriticalSlackLimit", number_text(header.critical_slack_limit)),
        ("CurrencyCode", header.currency or None),
        ("CalendarUID", _integer(header.calendar)),
        ("DefaultStartTime", header.day_starts.strftime("%H:%M:%S")),
        ("DefaultFinishTime", header.day_ends.strftime("%H:%M:%S")),
        ("MinutesPerDay", str(header.minutes_per_day)),
        ("MinutesPerWeek", str(header.minutes_per_week)),
        ("DaysPerMonth", str(header.days_per_month)),
        ("DurationFormat", str(_DAYS_FORMAT)),
        ("HonorConstraints", _flag(header.honours_constraints)),
        ("MultipleCriticalPaths", _flag(header.has_multiple_critical_paths)),
        ("StatusDate", _instant(header.status_date)),
        ("CurrentDate", _instant(header.current_date)),
    ]


def _calendar(calendar: Calendar) -> list[Item]:
    weeks: list[Item] = [
        (
            "WorkWeek",
            [
                _period(week.first, week.last),
                ("Name", week.name or None),
                ("WeekDays", _weekdays(week.days)),
            ],
        )
        for week in calendar.weeks
    ]
    exceptions: list[Item] = [("Exception", _exception(item)) for item in calendar.exceptions]
    return [
        ("UID", str(calendar.uid)),
        ("GUID", calendar.guid or None),
        ("Name", calendar.name),
        ("IsBaseCalendar", _flag(calendar.is_base)),
        ("BaseCalendarUID", "-1" if calendar.base is None else str(calendar.base)),
        ("WeekDays", _weekdays(calendar.days) or None),
        ("Exceptions", exceptions or None),
        ("WorkWeeks", weeks or None),
    ]


def _weekdays(days: Sequence[DayRanges | None]) -> list[Item]:
    found: list[Item] = []
    for index, code in _DAY_TYPES:
        ranges = days[index]
        if ranges is not None:
            found.append(("WeekDay", [("DayType", code), *_hours(ranges)]))
    return found


def _hours(ranges: DayRanges) -> list[Item]:
    times: list[Item] = [
        ("WorkingTime", [("FromTime", clock_text(first)), ("ToTime", clock_text(last))]) for first, last in ranges
    ]
    return [("DayWorking", _flag(bool(ranges))), ("WorkingTimes", times or None)]


def _period(first: date, last: date) -> Item:
    start, end = datetime.combine(first, time(0)), datetime.combine(last, END_OF_DAY)
    return "TimePeriod", [("FromDate", instant_text(start)), ("ToDate", instant_text(end))]


def _exception(item: CalendarException) -> list[Item]:
    days = (item.last - item.first).days + 1
    return [
        ("EnteredByOccurrences", "0"),
        _period(item.first, item.last),
        ("Occurrences", str(days)),
        ("Name", item.name or None),
        ("Type", "1"),
        *_hours(item.ranges),
    ]


def _task(task: Task) -> list[Item]:
    return [*_task_identity(task), *_task_dates(task), *_task_state(task), *_task_rules(task)]


def _task_identity(task: Task) -> list[Item]:
    return [
        ("UID", str(task.uid)),
        ("GUID", task.guid or None),
        ("ID", str(task.number)),
        ("Name", task.name),
        ("Active", _flag(task.is_active)),
        ("Manual", _flag(task.is_manual)),
        ("Type", _WORK_CODES[task.work_type]),
        ("IsNull", "0"),
        ("WBS", task.wbs or None),
        ("OutlineNumber", task.outline_number or None),
        ("OutlineLevel", str(task.outline_level)),
        ("Priority", str(task.priority)),
    ]


def _task_dates(task: Task) -> list[Item]:
    return [
        ("Start", _instant(task.start)),
        ("Finish", _instant(task.finish)),
        ("Duration", _minutes(task.duration.amount if task.duration else None)),
        ("ManualStart", _instant(task.manual.start)),
        ("ManualFinish", _instant(task.manual.finish)),
        ("ManualDuration", _minutes(task.manual.duration)),
        ("DurationFormat", _format(task.duration, is_estimated=task.is_estimated)),
        ("Work", _minutes(task.work)),
        ("Stop", _instant(task.progress.stop)),
        ("Resume", _instant(task.progress.resume)),
        ("EffortDriven", _flag(task.is_effort_driven)),
        ("Recurring", _flag(task.is_recurring)),
        ("Estimated", _flag(task.is_estimated)),
        ("Milestone", _flag(task.is_milestone)),
        ("Summary", _flag(task.is_summary)),
        ("Critical", _flag(task.computed.is_critical)),
        ("ExternalTask", _flag(task.is_external)),
        ("EarlyStart", _instant(task.computed.early_start)),
        ("EarlyFinish", _instant(task.computed.early_finish)),
        ("LateStart", _instant(task.computed.late_start)),
        ("LateFinish", _instant(task.computed.late_finish)),
        ("FreeSlack", _tenths(task.computed.free_slack)),
        ("TotalSlack", _tenths(task.computed.total_slack)),
    ]


def _task_state(task: Task) -> list[Item]:
    progress = task.progress
    return [
        ("FixedCost", _money(task.fixed_cost)),
        ("PercentComplete", str(progress.percent_complete)),
        ("PercentWorkComplete", str(progress.percent_work)),
        ("Cost", _money(task.cost)),
        ("ActualStart", _instant(progress.actual_start)),
        ("ActualFinish", _instant(progress.actual_finish)),
        ("ActualDuration", _minutes(progress.actual_duration)),
        ("ActualCost", _money(progress.actual_cost)),
        ("ActualWork", _minutes(progress.actual_work)),
        ("RemainingDuration", _minutes(progress.remaining_duration)),
        ("RemainingWork", _minutes(progress.remaining_work)),
    ]


def _task_rules(task: Task) -> list[Item]:
    delay = task.levelling_delay
    return [
        ("ConstraintType", _CONSTRAINT_CODES[task.constraint]),
        ("CalendarUID", "-1" if task.calendar is None else str(task.calendar)),
        ("ConstraintDate", _instant(task.constraint_date)),
        ("Deadline", _instant(task.deadline)),
        ("LevelingDelay", _tenths(delay.amount) if delay else None),
        ("LevelingDelayFormat", str(format_code(delay)) if delay else None),
        ("HyperlinkAddress", task.hyperlink or None),
        ("IgnoreResourceCalendar", _flag(task.ignores_resource_calendars)),
        ("Notes", task.notes or None),
        ("PhysicalPercentComplete", str(task.progress.physical_percent)),
        *(("PredecessorLink", _link(link)) for link in task.links),
        *(("Baseline", _baseline(item)) for item in task.baselines),
    ]


def _link(link: Link) -> list[Item]:
    amount = link.lag.amount if link.lag.is_percent else link.lag.amount * 10
    return [
        ("PredecessorUID", str(link.predecessor)),
        ("Type", _LINK_CODES[link.kind]),
        ("CrossProject", "0"),
        ("LinkLag", number_text(amount)),
        ("LagFormat", str(format_code(link.lag))),
    ]


def _baseline(item: Baseline) -> list[Item]:
    return [
        ("Number", str(item.number)),
        ("Start", _instant(item.start)),
        ("Finish", _instant(item.finish)),
        ("Duration", _minutes(item.duration.amount if item.duration else None)),
        ("DurationFormat", _format(item.duration)),
        ("Work", _minutes(item.work)),
        ("Cost", _money(item.cost)),
    ]


def _resource(item: Resource) -> list[Item]:
    return [
        ("UID", str(item.uid)),
        ("GUID", item.guid or None),
        ("ID", str(item.number)),
        ("Name", item.name),
        ("Type", _KIND_CODES[item.kind]),
        ("IsNull", "0"),
        ("Initials", item.initials or None),
        ("MaterialLabel", item.material_label or None),
        ("Code", item.code or None),
        ("Group", item.group or None),
        ("EmailAddress", item.email or None),
        ("MaxUnits", _number(item.max_units)),
        ("StandardRate", _number(item.standard_rate)),
        ("CostPerUse", _money(item.cost_per_use)),
        ("CalendarUID", "-1" if item.calendar is None else str(item.calendar)),
        ("IsGeneric", _flag(item.is_generic)),
        ("IsInactive", _flag(not item.is_active)),
        ("IsCostResource", _flag(item.kind is ResourceKind.COST)),
    ]


def _assignment(item: Assignment) -> list[Item]:
    return [
        ("UID", str(item.uid)),
        ("GUID", item.guid or None),
        ("TaskUID", str(item.task)),
        ("ResourceUID", str(UNASSIGNED if item.resource is None else item.resource)),
        ("PercentWorkComplete", str(item.percent_work)),
        ("ActualWork", _minutes(item.actual_work)),
        ("Cost", _money(item.cost)),
        ("Delay", _tenths(item.delay)),
        ("Finish", _instant(item.finish)),
        ("LevelingDelay", _tenths(item.levelling_delay)),
        ("LevelingDelayFormat", _ELAPSED_DAYS_FORMAT if item.levelling_delay is not None else None),
        ("RemainingWork", _minutes(item.remaining_work)),
        ("Start", _instant(item.start)),
        ("Units", _number(item.units)),
        ("Work", _minutes(item.work)),
        ("WorkContour", str(item.contour)),
    ]


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _integer(value: int | None) -> str | None:
    return None if value is None else str(value)


def _number(value: Decimal | None) -> str | None:
    return None if value is None else number_text(value)


def _money(value: Decimal | None) -> str | None:
    return None if value is None else number_text(value * CENTS)


def _tenths(value: Decimal | None) -> str | None:
    return None if value is None else number_text(value * 10)


def _minutes(value: Decimal | None) -> str | None:
    return None if value is None else duration_text(value)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else instant_text(value)


def _format(span: Span | None, *, is_estimated: bool = False) -> str | None:
    return None if span is None else str(format_code(span, is_estimated=is_estimated))
