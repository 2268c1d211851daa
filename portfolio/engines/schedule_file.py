"""A schedule as its file states it, in no tool's vocabulary: what readers give and writers take.

Times are local to the plan and have no zone. Durations, work and slack are minutes; money is in units of the
currency. Nothing here is computed: dates, slack and criticality are the ones the file carries. See docs/schedules.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from portfolio.engines.network import ConstraintType, LinkType

Range = tuple[int, int]
"""Minutes of the day, from and to; 1440 is midnight at its end."""
DayRanges = tuple[Range, ...]
"""What is worked on a day; empty: nothing."""
MINUTES_OF_DAY = 1440
ELAPSED_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10_080, "mo": 43_200}


class ScheduleRefusedError(Exception):
    """The file cannot be used; nothing of it may be. `code` names the reason, `details` the line and the limit."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class TimeUnit(StrEnum):
    """The unit somebody typed a duration in."""

    MINUTES = "m"
    HOURS = "h"
    DAYS = "d"
    WEEKS = "w"
    MONTHS = "mo"
    PERCENT = "%"


class WorkType(StrEnum):
    """What stays when the work, the units or the duration of a task change."""

    FIXED_UNITS = "fixed_units"
    FIXED_DURATION = "fixed_duration"
    FIXED_WORK = "fixed_work"


class ResourceKind(StrEnum):
    MATERIAL = "material"
    WORK = "work"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Span:
    """A duration or a lag: minutes, or a percentage of the predecessor's duration when the unit says so."""

    amount: Decimal
    unit: TimeUnit = TimeUnit.DAYS
    is_elapsed: bool = False

    @property
    def is_percent(self) -> bool:
        return self.unit is TimeUnit.PERCENT


@dataclass(frozen=True, slots=True)
class Link:
    """`predecessor` is a UID of the same file."""

    predecessor: int
    kind: LinkType = LinkType.FS
    lag: Span = field(default_factory=lambda: Span(Decimal(0)))


@dataclass(frozen=True, slots=True)
class Baseline:
    number: int
    start: datetime | None = None
    finish: datetime | None = None
    duration: Span | None = None
    work: Decimal | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    percent_complete: int = 0
    percent_work: int = 0
    physical_percent: int = 0
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    actual_duration: Decimal | None = None
    remaining_duration: Decimal | None = None
    actual_work: Decimal | None = None
    remaining_work: Decimal | None = None
    actual_cost: Decimal | None = None
    stop: datetime | None = None
    resume: datetime | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """What the tool that saved the file had calculated; `source_` values of ours, never inputs."""

    early_start: datetime | None = None
    early_finish: datetime | None = None
    late_start: datetime | None = None
    late_finish: datetime | None = None
    free_slack: Decimal | None = None
    total_slack: Decimal | None = None
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class Manual:
    """The dates a person typed for a manually scheduled task."""

    start: datetime | None = None
    finish: datetime | None = None
    duration: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One task row. Level 0 is the row of the project itself; `row` is the line of the file."""

    uid: int
    row: int
    number: int = 0
    name: str = ""
    outline_level: int = 1
    outline_number: str = ""
    wbs: str = ""
    parent: int | None = None
    guid: str = ""
    is_summary: bool = False
    is_milestone: bool = False
    is_manual: bool = False
    is_active: bool = True
    is_external: bool = False
    is_recurring: bool = False
    is_estimated: bool = False
    start: datetime | None = None
    finish: datetime | None = None
    duration: Span | None = None
    manual: Manual = field(default_factory=Manual)
    constraint: ConstraintType = ConstraintType.ASAP
    constraint_date: datetime | None = None
    deadline: datetime | None = None
    calendar: int | None = None
    ignores_resource_calendars: bool = False
    work_type: WorkType = WorkType.FIXED_UNITS
    is_effort_driven: bool = False
    priority: int = 500
    work: Decimal | None = None
    cost: Decimal | None = None
    fixed_cost: Decimal | None = None
    levelling_delay: Span | None = None
    progress: Progress = field(default_factory=Progress)
    computed: Computed = field(default_factory=Computed)
    links: tuple[Link, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    notes: str = ""
    hyperlink: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    @property
    def is_project_row(self) -> bool:
        return self.outline_level == 0

    @property
    def baseline(self) -> Baseline | None:
        return next((item for item in self.baselines if item.number == 0), None)


@dataclass(frozen=True, slots=True)
class Resource:
    uid: int
    row: int
    number: int = 0
    name: str = ""
    kind: ResourceKind = ResourceKind.WORK
    initials: str = ""
    group: str = ""
    code: str = ""
    email: str = ""
    material_label: str = ""
    max_units: Decimal | None = None
    calendar: int | None = None
    is_generic: bool = False
    is_active: bool = True
    standard_rate: Decimal | None = None
    cost_per_use: Decimal | None = None
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Work of a task; `resource` is None where nobody is named yet."""

    uid: int
    row: int
    task: int
    resource: int | None = None
    units: Decimal | None = None
    work: Decimal | None = None
    actual_work: Decimal | None = None
    remaining_work: Decimal | None = None
    cost: Decimal | None = None
    start: datetime | None = None
    finish: datetime | None = None
    delay: Decimal | None = None
    levelling_delay: Decimal | None = None
    percent_work: int = 0
    contour: int = 0
    guid: str = ""


@dataclass(frozen=True, slots=True)
class CalendarException:
    """Dates, both included, on which other hours are worked than on the weekday."""

    first: date
    last: date
    ranges: DayRanges = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """Weekdays, Monday first, for a span of dates; None: as outside that span."""

    first: date
    last: date
    days: tuple[DayRanges | None, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekdays, Monday first; None: as in the base calendar. Exceptions weigh more than weeks, weeks more than days."""

    uid: int
    row: int
    name: str = ""
    base: int | None = None
    is_base: bool = True
    days: tuple[DayRanges | None, ...] = (None,) * 7
    exceptions: tuple[CalendarException, ...] = ()
    weeks: tuple[WorkingWeek, ...] = ()
    guid: str = ""


@dataclass(frozen=True, slots=True)
class ProjectHeader:
    title: str = ""
    guid: str = ""
    start: datetime | None = None
    finish: datetime | None = None
    status_date: datetime | None = None
    current_date: datetime | None = None
    calendar: int | None = None
    minutes_per_day: int = 480
    minutes_per_week: int = 2400
    days_per_month: int = 20
    day_starts: time = time(8)
    day_ends: time = time(17)
    is_scheduled_from_start: bool = True
    honours_constraints: bool = True
    critical_slack_limit: Decimal = Decimal(0)
    currency: str = ""
    has_multiple_critical_paths: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A source row that is not in the schedule, and the code of the reason."""

    row: int
    kind: str
    key: str
    reason: str

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "kind": self.kind, "key": self.key, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Warned:
    """A value that could not be kept as it stood."""

    row: int
    column: str
    value: str
    kept_as: str

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "value": self.value, "kept_as": self.kept_as}


@dataclass(frozen=True, slots=True)
class Account:
    """Every element of the source: rows found per kind, rows left out, values changed, details not looked at."""

    rows: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    warnings: tuple[Warned, ...] = ()
    not_read: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    """One plan; `account` tells what of the source it holds and what it does not."""

    format: str
    header: ProjectHeader
    calendars: tuple[Calendar, ...] = ()
    tasks: tuple[Task, ...] = ()
    resources: tuple[Resource, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    account: Account = field(default_factory=Account)

    def task(self, uid: int) -> Task | None:
        return next((task for task in self.tasks if task.uid == uid), None)

    def minutes_in(self, unit: TimeUnit, *, is_elapsed: bool = False) -> int:
        """Minutes that one of this unit means in this plan."""
        if is_elapsed or unit in (TimeUnit.MINUTES, TimeUnit.HOURS):
            return ELAPSED_MINUTES[unit.value]
        day = self.header.minutes_per_day
        return {
            TimeUnit.DAYS: day,
            TimeUnit.WEEKS: self.header.minutes_per_week,
            TimeUnit.MONTHS: day * self.header.days_per_month,
        }[unit]
