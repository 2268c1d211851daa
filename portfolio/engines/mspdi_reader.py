"""Microsoft Project XML (MSPDI) to a neutral schedule.

Every row has one fate: it is in the schedule, or in `account.skipped` with the reason. Reads the file as a stream
under the limits of `xml_stream` and of `LIMITS`. See docs/schedules.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import time
from decimal import Decimal
from typing import TypeVar

from portfolio.engines.mspdi_calendars import completed, read_calendar
from portfolio.engines.mspdi_fields import Doubts, Fields
from portfolio.engines.mspdi_rows import StatedLink, read_assignment, read_link, read_resource, read_task
from portfolio.engines.mspdi_values import NAMESPACE
from portfolio.engines.network import CycleError, topological_order
from portfolio.engines.schedule_file import (
    Account,
    Assignment,
    Calendar,
    Link,
    ProjectHeader,
    Resource,
    ScheduleFile,
    ScheduleRefusedError,
    Task,
)
from portfolio.engines.xml_stream import Node, Plan, RecordStream, root_of

Owner = TypeVar("Owner", Task, Resource)
FORMAT = "mspdi"
MAX_TASKS = 10_000
MAX_LINKS = 100_000
MAX_BASES = 8
LONGEST_PATH = 40
LIMITS = {
    ("Tasks", "Task"): MAX_TASKS,
    ("Calendars", "Calendar"): 5_000,
    ("Resources", "Resource"): 5_000,
    ("Assignments", "Assignment"): 100_000,
    ("ExtendedAttributes", "ExtendedAttribute"): 1_000,
}
_IGNORED = frozenset(
    {
        *("Views", "Filters", "Groups", "Tables", "Maps", "Reports", "Drawings", "DataLinks", "VBAProjects"),
        *("OutlineCodes", "OutlineCode", "WBSMasks", "TimephasedData", "Rates", "AvailabilityPeriods"),
    }
)
"""Screens of the tool that wrote the file, and details by day: counted, not looked into."""
_PLAN = Plan(records=LIMITS, ignored=_IGNORED)


def is_mspdi(data: bytes) -> bool:
    root = root_of(data)
    return root.name == "Project" and root.namespace.startswith(NAMESPACE)


def read_mspdi(data: bytes, tick: Callable[[], None] = lambda: None) -> ScheduleFile:
    """The schedule of the file, or `ScheduleRefusedError`; `tick` may raise to stop a reading that takes too long."""
    if not is_mspdi(data):
        raise ScheduleRefusedError("not_a_schedule", shown=root_of(data).name[:40])
    return _Reading(RecordStream(data, _PLAN, tick)).schedule()


class _Reading:
    """Rows gathered in the order of the file, then checked against one another."""

    def __init__(self, stream: RecordStream) -> None:
        self.doubts = Doubts()
        self.rows: Counter[str] = Counter()
        self.labels: dict[str, str] = {}
        self.calendars: dict[int, Calendar] = {}
        self.tasks: dict[int, Task] = {}
        self.links: dict[int, list[StatedLink]] = {}
        self.resources: dict[int, Resource] = {}
        self.assignments: dict[int, Assignment] = {}
        self.placeholders: set[int | None] = {None}
        self.stream = stream

    def schedule(self) -> ScheduleFile:
        takers = {
            "Calendar": self._calendar,
            "Task": self._task,
            "Resource": self._resource,
            "Assignment": self._assignment,
            "ExtendedAttribute": self._label,
        }
        for node in self.stream:
            self.rows[node.name] += 1
            takers[node.name](node)
        self.rows.pop("ExtendedAttribute", None)
        return ScheduleFile(
            format=FORMAT,
            header=self._header(Fields(self.stream.head, self.doubts)),
            calendars=tuple(self._based_calendars()),
            tasks=tuple(self._placed_tasks()),
            resources=tuple(self._known_calendar(item) for item in self.resources.values()),
            assignments=tuple(self._known_assignments()),
            account=Account(
                rows=dict(self.rows),
                skipped=tuple(self.doubts.skipped),
                warnings=tuple(self.doubts.warnings),
                not_read=dict(self.stream.not_read),
            ),
        )

    def _label(self, node: Node) -> None:
        fields = Fields(node, self.doubts)
        self.labels[fields.text("FieldID")] = fields.text("Alias") or fields.text("FieldName")

    def _calendar(self, node: Node) -> None:
        uid = self._new_uid(node, self.calendars)
        self.calendars[uid] = read_calendar(node, uid, self.doubts)

    def _task(self, node: Node) -> None:
        fields = Fields(node, self.doubts)
        stated = node.branches.get("PredecessorLink", [])
        self.rows["PredecessorLink"] += len(stated)
        if self.rows["PredecessorLink"] > MAX_LINKS:
            raise ScheduleRefusedError("too_many_records", line=node.line, kind="PredecessorLink", limit=MAX_LINKS)
        if fields.flag("IsNull"):
            for link in stated:
                self.doubts.skip(link.line, "PredecessorLink", fields.uid(), "blank_row")
            return self.doubts.skip(node.line, "Task", fields.uid(), "blank_row")
        uid = self._new_uid(node, self.tasks)
        self.tasks[uid] = read_task(node, uid, self.labels, self.doubts)
        self.links[uid] = [read_link(link, self.doubts) for link in stated]
        return None

    def _resource(self, node: Node) -> None:
        fields = Fields(node, self.doubts)
        uid = fields.uid()
        if fields.flag("IsNull") or (uid == 0 and not fields.text("Name")):
            self.placeholders.add(uid)
            return self.doubts.skip(node.line, "Resource", uid, "placeholder")
        new = self._new_uid(node, self.resources)
        self.resources[new] = read_resource(node, new, self.doubts)
        return None

    def _assignment(self, node: Node) -> None:
        uid = self._new_uid(node, self.assignments)
        self.assignments[uid] = read_assignment(node, uid, self.doubts)

    def _new_uid(self, node: Node, known: Mapping[int, object]) -> int:
        uid = Fields(node, self.doubts).uid()
        if uid is None:
            raise ScheduleRefusedError("missing_uid", line=node.line, kind=node.name)
        if uid in known:
            raise ScheduleRefusedError("repeated_uid", line=node.line, kind=node.name, uid=uid)
        return uid

    def _header(self, fields: Fields) -> ProjectHeader:
        calendar = fields.uid("CalendarUID")
        return ProjectHeader(
            title=fields.text("Title"),
            guid=fields.text("GUID"),
            start=fields.instant("StartDate"),
            finish=fields.instant("FinishDate"),
            status_date=fields.instant("StatusDate"),
            current_date=fields.instant("CurrentDate"),
            calendar=calendar if calendar in self.calendars else None,
            minutes_per_day=_size(fields, "MinutesPerDay", 480, 1440),
            minutes_per_week=_size(fields, "MinutesPerWeek", 2400, 10_080),
            days_per_month=_size(fields, "DaysPerMonth", 20, 31),
            day_starts=fields.clock("DefaultStartTime", time(8)),
            day_ends=fields.clock("DefaultFinishTime", time(17)),
            is_scheduled_from_start=fields.flag("ScheduleFromStart", default=True),
            honours_constraints=fields.flag("HonorConstraints"),
            critical_slack_limit=Decimal(fields.integer("CriticalSlackLimit") or 0),
            currency=fields.text("CurrencyCode", longest=3),
            has_multiple_critical_paths=fields.flag("MultipleCriticalPaths"),
        )

    def _based_calendars(self) -> Iterator[Calendar]:
        """Calendars on bases that are in the file, few, and do not lead back to them."""
        for calendar in self.calendars.values():
            seen, base = {calendar.uid}, calendar.base
            while base is not None and base in self.calendars and base not in seen and len(seen) < MAX_BASES:
                seen.add(base)
                base = self.calendars[base].base
            if base is None:
                yield calendar
            else:
                self.doubts.warn(calendar.row, "BaseCalendarUID", str(calendar.base))
                yield replace(calendar, base=None, days=completed(calendar.days))

    def _placed_tasks(self) -> Iterator[Task]:
        above: list[Task] = []
        parents: dict[int, int] = {}
        for task in self.tasks.values():
            while above and above[-1].outline_level >= task.outline_level:
                above.pop()
            if above:
                parents[task.uid] = above[-1].uid
            above.append(task)
        holders = set(parents.values())
        links = {uid: tuple(self._kept_links(uid)) for uid in self.tasks}
        refuse_cycle(self.tasks, links)
        for task in self.tasks.values():
            summary = task.is_summary or task.uid in holders
            placed = replace(task, parent=parents.get(task.uid), is_summary=summary, links=links[task.uid])
            yield self._known_calendar(placed)

    def _kept_links(self, uid: int) -> Iterator[Link]:
        seen: set[int | None] = set()
        for stated in self.links[uid]:
            predecessor = stated.predecessor
            reason = ""
            if stated.is_of_another_file:
                reason = "another_file"
            elif predecessor not in self.tasks:
                reason = "unknown_task"
            elif predecessor == uid:
                reason = "to_itself"
            elif predecessor in seen:
                reason = "repeated"
            seen.add(predecessor)
            if reason or predecessor is None:
                self.doubts.skip(stated.row, "PredecessorLink", f"{stated.key} > {uid}", reason or "unknown_task")
            else:
                yield Link(predecessor, stated.kind, stated.lag)

    def _known_calendar(self, item: Owner) -> Owner:
        if item.calendar is None or item.calendar in self.calendars:
            return item
        self.doubts.warn(item.row, "CalendarUID", str(item.calendar))
        return replace(item, calendar=None)

    def _known_assignments(self) -> Iterator[Assignment]:
        for item in self.assignments.values():
            if item.task not in self.tasks:
                self.doubts.skip(item.row, "Assignment", item.uid, "unknown_task")
            elif item.resource in self.placeholders:
                yield replace(item, resource=None)
            elif item.resource not in self.resources:
                self.doubts.skip(item.row, "Assignment", item.uid, "unknown_resource")
            else:
                yield item


def refuse_cycle(tasks: Mapping[int, Task], links: Mapping[int, tuple[Link, ...]]) -> None:
    places = {uid: place for place, uid in enumerate(tasks)}
    pairs = ((places[link.predecessor], places[uid]) for uid, found in links.items() for link in found)
    try:
        topological_order(len(places), pairs, [str(uid) for uid in tasks])
    except CycleError as error:
        raise told_cycle(error, tasks) from error


def told_cycle(error: CycleError, tasks: Mapping[int, Task]) -> ScheduleRefusedError:
    """A circle as the numbers and names of its tasks; of a very long one, its two ends."""
    path, half = [tasks[int(uid)] for uid in error.path], LONGEST_PATH // 2
    shown = path if len(path) <= LONGEST_PATH else [*path[:half], *path[-half:]]
    names = " → ".join(f"{task.number} {task.name}".strip() for task in shown)
    return ScheduleRefusedError("cycle", line=path[0].row, uids=[task.uid for task in shown], path=names)


def _size(fields: Fields, name: str, usual: int, most: int) -> int:
    found = fields.integer(name)
    if found is None:
        return usual
    if not 1 <= found <= most:
        fields.doubts.warn(fields.node.line, name, str(found), str(usual))
        return usual
    return found
