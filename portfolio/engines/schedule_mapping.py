"""A schedule file as a network that can be reckoned, and where that network says less than the file.

Calendars are laid over their bases; a task runs on its own calendar, else whenever one of its people works, else on the
project's. What the engine does not know is named in `departures`, task by task: there its dates may differ from the
file's. See docs/schedules.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from portfolio.engines import network
from portfolio.engines.critical_path import Rules, Schedule, schedule
from portfolio.engines.mspdi_reader import told_cycle
from portfolio.engines.mspdi_values import merged
from portfolio.engines.network import Activity, ConstraintType, CycleError, Lag, LagKind, Mode, build_network
from portfolio.engines.schedule_file import (
    Calendar,
    DayRanges,
    ResourceKind,
    ScheduleFile,
    ScheduleRefusedError,
    Span,
    Task,
    WorkType,
)
from portfolio.engines.working_calendar import (
    CONTINUOUS,
    EPOCH,
    STANDARD,
    Clock,
    DatedWeek,
    NoWorkingTimeError,
    Shifts,
    Week,
    WorkingCalendar,
    WorkingClock,
    instant,
)

ELAPSED = "elapsed"
PLACED_BY_HAND = frozenset({"ganttproject"})
LINK = "PredecessorLink"
CONTOURED = 8
"""Work somebody spread by hand, with days of none."""
LONG_SPAN_DAYS = 400
MAX_DATES = 500_000
MAX_WEEKS = 100
MAX_CLOCKS = 200
MAX_EDGES = 500_000


class Departure(StrEnum):
    """Why the dates of a task may not be the file's."""

    SEVERAL_CALENDARS = "several_calendars"
    LEVELLING_DELAY = "levelling_delay"
    ELAPSED_PERCENT = "elapsed_percent"
    NO_DATE = "no_date"
    FROM_FINISH = "from_finish"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Plan:
    """Ids are UIDs of the file as text; the calendar of the project is the one without a name."""

    activities: tuple[Activity, ...]
    links: tuple[network.Link, ...]
    calendars: Mapping[str, WorkingCalendar]
    rules: Rules
    departures: tuple[tuple[int, Departure], ...] = ()


def plan_of(file: ScheduleFile) -> Plan:
    return _Mapping(file).plan()


def reckoned(file: ScheduleFile) -> tuple[Plan, Schedule]:
    """The plan and its dates by our engine; a circle through summaries or a calendar without work is refused."""
    plan = plan_of(file)
    try:
        return plan, schedule(build_network(plan.activities, plan.links), clocks_of(plan), plan.rules)
    except CycleError as error:
        raise told_cycle(error, {task.uid: task for task in file.tasks}) from error
    except NoWorkingTimeError as error:
        raise ScheduleRefusedError("no_working_time", calendar=str(error)) from error


def clocks_of(plan: Plan) -> dict[str, Clock]:
    """A clock for each calendar in use, the plan's own under ""."""
    used = {"", *(activity.calendar for activity in plan.activities)}
    if len(used) > MAX_CLOCKS:
        raise ScheduleRefusedError("too_many_records", line=1, kind="Calendar", limit=MAX_CLOCKS)
    return {name: WorkingClock(plan.calendars[name]) for name in used}


class _Mapping:
    def __init__(self, file: ScheduleFile) -> None:
        self.file = file
        self.known = {calendar.uid: calendar for calendar in file.calendars}
        self.people = {item.uid: item for item in file.resources if item.kind is ResourceKind.WORK}
        self.assigned: dict[int, list[int]] = {}
        for item in file.assignments:
            if item.resource in self.people:
                self.assigned.setdefault(item.task, []).append(item.resource)
        self.contoured = {item.task for item in file.assignments if item.contour == CONTOURED}
        self.departures: list[tuple[int, Departure]] = []
        self.calendars: dict[str, WorkingCalendar] = {}
        self.clocks: dict[str, WorkingClock] = {}
        self.dates = 0
        shapes: dict[object, int] = {}
        self.same_as = {uid: shapes.setdefault(_shape(self.calendar(uid)), uid) for uid in self.known}
        self.calendars[""] = self.calendars.get(str(file.header.calendar), _sized(STANDARD, file))
        self.calendars[ELAPSED] = CONTINUOUS

    def plan(self) -> Plan:
        header = self.file.header
        starts = [task.start for task in self.file.tasks if task.start]
        start = header.start or min(starts, default=EPOCH)
        if not header.is_scheduled_from_start:
            self.departures += [(task.uid, Departure.FROM_FINISH) for task in self.file.tasks]
        holders = {task.parent for task in self.file.tasks}
        rows = [task for task in self.file.tasks if not task.is_project_row or task.uid in holders]
        activities = tuple(self.activity(task) for task in rows)
        limit = int(header.critical_slack_limit * header.minutes_per_day)
        return Plan(
            activities=activities,
            links=tuple(self.links()),
            calendars=self.calendars,
            rules=Rules(instant(start), critical_limit=limit, honour_constraints=header.honours_constraints),
            departures=tuple(self.departures),
        )

    def calendar(self, uid: int) -> WorkingCalendar:
        """The calendar on its bases: of two exceptions or weeks the one nearer to it counts."""
        own = self.known[uid]
        name = str(uid)
        if name in self.calendars:
            return self.calendars[name]
        below = None if own.base is None else self.calendar(own.base)
        week = below.week if below else ((),) * 7
        days = _week(_over(own.days, week))
        exceptions: dict[date, Shifts] = {}
        weeks: list[DatedWeek] = []
        for item in own.exceptions:
            if (item.last - item.first).days > LONG_SPAN_DAYS:
                weeks.append(DatedWeek(item.first, item.last, _week([item.ranges] * 7)))
                continue
            for day in _dates(item.first, item.last):
                exceptions.setdefault(day, item.ranges)
            self.spend((item.last - item.first).days + 1, own)
        weeks += [DatedWeek(item.first, item.last, _week(_over(item.days, days))) for item in own.weeks]
        if len(weeks) > MAX_WEEKS:
            raise ScheduleRefusedError("too_many_records", line=own.row, kind="WorkWeek", limit=MAX_WEEKS)
        if below:
            exceptions = {**below.exceptions, **exceptions}
            weeks += below.dated_weeks
        self.spend(len(exceptions), own)
        header = self.file.header
        self.calendars[name] = WorkingCalendar(
            own.name, days, header.minutes_per_day, header.minutes_per_week, tuple(weeks), exceptions
        )
        return self.calendars[name]

    def spend(self, dates: int, calendar: Calendar) -> None:
        """Dates of all calendars together have a limit: one inherited a thousand times is a thousand."""
        self.dates += dates
        if self.dates > MAX_DATES:
            raise ScheduleRefusedError("too_many_records", line=calendar.row, kind="Exception", limit=MAX_DATES)

    def activity(self, task: Task) -> Activity:
        progress = task.progress
        calendar = self.calendar_name(task)
        mode = self.mode(task)
        constraint, constraint_date = self.constraint(task)
        started = progress.actual_start or (progress.actual_finish and (task.start or progress.actual_finish))
        if task.levelling_delay:
            self.depart(task, Departure.LEVELLING_DELAY)
        return Activity(
            id=str(task.uid),
            duration=self.minutes(task, calendar),
            calendar=calendar,
            parent=None if task.parent is None else str(task.parent),
            constraint=constraint,
            constraint_date=_at(constraint_date),
            deadline=_at(task.deadline),
            mode=mode,
            start=_at(task.start or task.manual.start),
            finish=_at(task.finish or task.manual.finish),
            actual_start=_at(started),
            actual_finish=_at(progress.actual_finish),
            remaining=None if progress.remaining_duration is None else max(0, _whole(progress.remaining_duration)),
            resume=_at(progress.resume) if started and not progress.actual_finish else None,
        )

    def minutes(self, task: Task, calendar: str) -> int:
        """The duration; of work spread by hand over days of none, the working time from its start to its finish."""
        stated = max(0, _whole(task.duration.amount)) if task.duration else 0
        if task.uid not in self.contoured or task.is_summary or task.start is None or task.finish is None:
            return stated
        self.depart(task, Departure.INTERRUPTED)
        clock = self.clocks.setdefault(calendar, WorkingClock(self.calendars[calendar]))
        return max(stated, clock.between(instant(task.start), instant(task.finish)))

    def constraint(self, task: Task) -> tuple[ConstraintType, datetime | None]:
        """In a plan of days a task stays on the day it was put: its start is a constraint, whatever else is written."""
        if self.file.format in PLACED_BY_HAND:
            return (ConstraintType.ASAP, None) if task.start is None else (ConstraintType.SNET, task.start)
        if task.constraint.dated and task.constraint_date is None:
            self.depart(task, Departure.NO_DATE)
            return ConstraintType.ASAP, None
        return task.constraint, task.constraint_date

    def mode(self, task: Task) -> Mode:
        if not task.is_active:
            return Mode.INACTIVE
        if not (task.is_external or task.is_manual) or task.is_summary:
            return Mode.AUTO
        if not (task.start or task.manual.start) or not (task.finish or task.manual.finish):
            self.depart(task, Departure.NO_DATE)
            return Mode.AUTO
        return Mode.EXTERNAL if task.is_external else Mode.MANUAL

    def calendar_name(self, task: Task) -> str:
        """Elapsed durations run day and night; work of people runs when they work."""
        if task.duration and task.duration.is_elapsed:
            return ELAPSED
        if task.calendar is not None:
            return str(task.calendar)
        if task.work_type is WorkType.FIXED_DURATION or task.is_summary:
            return ""
        people = (self.people[uid].calendar for uid in self.assigned.get(task.uid, ()))
        found = sorted({self.same_as[uid] for uid in people if uid is not None})
        name = "+".join(str(uid) for uid in found)
        if name and name not in self.calendars:
            several = [self.calendars[str(uid)] for uid in found]
            if any(calendar.dated_weeks for calendar in several):
                self.depart(task, Departure.SEVERAL_CALENDARS)
                return ""
            self.calendars[name] = _together(name, several)
        return name

    def links(self) -> Iterator[network.Link]:
        leaves = self.leaves()
        edges = 0
        lengths = {task.uid: task.duration.amount if task.duration else Decimal(0) for task in self.file.tasks}
        for task in self.file.tasks:
            for link in task.links:
                edges += leaves[link.predecessor] * leaves[task.uid]
                if edges > MAX_EDGES:
                    raise ScheduleRefusedError("too_many_records", line=task.row, kind=LINK, limit=MAX_EDGES)
                lag = self.lag(task, link.lag, lengths[link.predecessor])
                yield network.Link(str(link.predecessor), str(task.uid), link.kind, lag)

    def leaves(self) -> Counter[int]:
        """Tasks without tasks of their own under each task, itself included: a link on a summary is one on each."""
        parents = {task.uid: task.parent for task in self.file.tasks}
        found: Counter[int] = Counter()
        for uid in parents.keys() - set(parents.values()):
            above: int | None = uid
            while above is not None:
                found[above] += 1
                above = parents[above]
        return found

    def lag(self, task: Task, span: Span, length: Decimal) -> Lag:
        if span.is_percent and span.is_elapsed:
            self.depart(task, Departure.ELAPSED_PERCENT)
            return Lag(_whole(length * span.amount / 100), LagKind.ELAPSED)
        kind = LagKind.PERCENT if span.is_percent else LagKind.ELAPSED if span.is_elapsed else LagKind.WORKING
        return Lag(_whole(span.amount), kind)

    def depart(self, task: Task, reason: Departure) -> None:
        self.departures.append((task.uid, reason))


def _shape(calendar: WorkingCalendar) -> object:
    """What a calendar says, whatever it is called."""
    return calendar.week, calendar.dated_weeks, tuple(sorted(calendar.exceptions.items()))


def _together(name: str, calendars: list[WorkingCalendar]) -> WorkingCalendar:
    """Worked whenever one of them is; none of them has dated weeks."""
    days = {day for calendar in calendars for day in calendar.exceptions}
    week = _week([_any(calendar.week[index] for calendar in calendars) for index in range(7)])
    exceptions = {day: _any(calendar.shifts_on(day) for calendar in calendars) for day in days}
    return replace(calendars[0], name=name, week=week, exceptions=exceptions)


def _any(found: Iterable[Shifts]) -> Shifts:
    return merged([shift for shifts in found for shift in shifts])


def _over(days: Sequence[DayRanges | None], below: Sequence[DayRanges]) -> list[DayRanges]:
    return [own if own is not None else base for own, base in zip(days, below, strict=True)]


def _week(days: Sequence[DayRanges]) -> Week:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = days
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _sized(calendar: WorkingCalendar, file: ScheduleFile) -> WorkingCalendar:
    header = file.header
    return replace(calendar, minutes_per_day=header.minutes_per_day, minutes_per_week=header.minutes_per_week)


def _whole(minutes: Decimal) -> int:
    return int(minutes.to_integral_value(ROUND_HALF_UP))


def _at(value: datetime | None) -> int | None:
    return None if value is None else instant(value)
