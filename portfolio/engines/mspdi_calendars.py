"""Calendars of an MSPDI file: weekdays, working weeks, exceptions with their recurrences spelled out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from portfolio.engines.exception_dates import Recurrence, TooManyDatesError, dates_of
from portfolio.engines.mspdi_fields import Doubts, Fields
from portfolio.engines.mspdi_values import merged, parse_range
from portfolio.engines.schedule_file import (
    Calendar,
    CalendarException,
    DayRanges,
    Range,
    ScheduleRefusedError,
    WorkingWeek,
)
from portfolio.engines.xml_stream import Node

MAX_EXCEPTIONS = 20_000
USUAL_HOURS: DayRanges = ((480, 720), (780, 1020))
"""What a working day is when a file says that it is worked but not when."""
_WEEKDAY_OF_TYPE = {1: 6, 2: 0, 3: 1, 4: 2, 5: 3, 6: 4, 7: 5}
_EXCEPTION_TYPE = 0
_WEEK = 7


def read_calendar(node: Node, uid: int, doubts: Doubts) -> Calendar:
    fields = Fields(node, doubts)
    base = fields.uid("BaseCalendarUID")
    is_base = fields.flag("IsBaseCalendar", default=True)
    base = None if is_base or base == uid else base
    days = _days(node.within("WeekDays", "WeekDay"), doubts)
    return Calendar(
        uid=uid,
        row=node.line,
        name=fields.text("Name"),
        guid=fields.text("GUID"),
        base=base,
        is_base=is_base,
        days=_complete(days, fields) if base is None else days,
        exceptions=_exceptions(node, doubts),
        weeks=tuple(_weeks(node.within("WorkWeeks", "WorkWeek"), doubts)),
    )


def _days(nodes: Iterable[Node], doubts: Doubts) -> tuple[DayRanges | None, ...]:
    found: list[DayRanges | None] = [None] * _WEEK
    for node in nodes:
        kind = Fields(node, doubts).integer("DayType")
        if kind in _WEEKDAY_OF_TYPE:
            found[_WEEKDAY_OF_TYPE[kind]] = _hours(node, doubts)
        elif kind != _EXCEPTION_TYPE:
            doubts.warn(node.line, "DayType", str(kind))
    return tuple(found)


def _complete(days: tuple[DayRanges | None, ...], fields: Fields) -> tuple[DayRanges | None, ...]:
    """A base calendar inherits from nobody: weekdays it does not name are Monday to Friday at the usual hours."""
    if None not in days:
        return days
    fields.doubts.warn(fields.node.line, "WeekDays", fields.text("Name"), "08:00-12:00, 13:00-17:00")
    return completed(days)


def completed(days: tuple[DayRanges | None, ...]) -> tuple[DayRanges | None, ...]:
    usual = (*(USUAL_HOURS,) * 5, (), ())
    return tuple(usual[index] if day is None else day for index, day in enumerate(days))


def _hours(node: Node, doubts: Doubts) -> DayRanges:
    if not Fields(node, doubts).flag("DayWorking", default=True):
        return ()
    ranges: list[Range] = []
    times = node.within("WorkingTimes", "WorkingTime")
    for item in times:
        start, end = item.texts.get("FromTime", "").strip(), item.texts.get("ToTime", "").strip()
        try:
            ranges.append(parse_range(start, end))
        except ValueError:
            doubts.warn(item.line, "WorkingTime", f"{start}-{end}")
    if not times:
        doubts.warn(node.line, "WorkingTimes", "", "08:00-12:00, 13:00-17:00")
        return USUAL_HOURS
    return merged(ranges)


def _period(node: Node, doubts: Doubts) -> tuple[date, date] | None:
    period = node.branch("TimePeriod")
    if period is None:
        doubts.warn(node.line, "TimePeriod", "")
        return None
    fields = Fields(period, doubts)
    first, last = fields.instant("FromDate"), fields.instant("ToDate")
    if first is None or last is None or last < first:
        doubts.warn(period.line, "TimePeriod", f"{first} - {last}")
        return None
    return first.date(), last.date()


def _exceptions(node: Node, doubts: Doubts) -> tuple[CalendarException, ...]:
    """Named exceptions where the file has them, else those of the older form among the weekdays."""
    named = node.within("Exceptions", "Exception")
    older = [day for day in node.within("WeekDays", "WeekDay") if day.texts.get("DayType", "").strip() == "0"]
    found: list[CalendarException] = []
    for item in named or older:
        period = _period(item, doubts)
        if period is None:
            continue
        name, hours = Fields(item, doubts).text("Name"), _hours(item, doubts)
        found += [CalendarException(first, last, hours, name) for first, last in _spans(item, period, doubts)]
        if len(found) > MAX_EXCEPTIONS:
            raise ScheduleRefusedError("too_many_records", line=item.line, kind="Exception", limit=MAX_EXCEPTIONS)
    return tuple(found)


def _spans(node: Node, period: tuple[date, date], doubts: Doubts) -> list[tuple[date, date]]:
    fields = Fields(node, doubts)
    kind = fields.code("Type") or 1
    by_count = fields.flag("EnteredByOccurrences")
    rule = Recurrence(
        kind=kind,
        first=period[0],
        last=period[1],
        period=fields.code("Period") or 1,
        occurrences=fields.integer("Occurrences") if by_count and kind != 1 else None,
        weekdays=fields.code("DaysOfWeek") or 0,
        item=fields.code("MonthItem") or 0,
        position=fields.code("MonthPosition") or 0,
        month=min(11, fields.code("Month") or 0),
        month_day=fields.code("MonthDay") or 1,
    )
    try:
        return dates_of(rule)
    except TooManyDatesError as error:
        line, limit = node.line, MAX_EXCEPTIONS
        raise ScheduleRefusedError("too_many_records", line=line, kind="Exception", limit=limit) from error


def _weeks(nodes: Iterable[Node], doubts: Doubts) -> Iterator[WorkingWeek]:
    for node in nodes:
        period = _period(node, doubts)
        if period:
            days = _days(node.within("WeekDays", "WeekDay"), doubts)
            yield WorkingWeek(*period, days, Fields(node, doubts).text("Name"))
