"""What one state of a plan has that another has not: row by row, field by field, whatever tool the rows came from.

Rows are told apart by what never moves: UIDs, and for links the two UIDs they join. The line of the file is no fact of
the plan and is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from portfolio.engines.schedule_file import Assignment, Calendar, Link, Resource, ScheduleFile, Task

Record = Calendar | Task | Link | Resource | Assignment


class RowKind(StrEnum):
    CALENDAR = "Calendar"
    TASK = "Task"
    LINK = "PredecessorLink"
    RESOURCE = "Resource"
    ASSIGNMENT = "Assignment"


class Fate(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, order=True)
class RowKey:
    """`other` is the successor of a link, 0 for what has one UID."""

    kind: RowKind
    uid: int
    other: int = 0


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field by its dotted name, as `progress.percent_complete`."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    key: RowKey
    fate: Fate
    label: str = ""
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Every row of the new state in its order, then what only the old one had."""

    rows: tuple[RowChange, ...]
    header: tuple[FieldChange, ...] = ()

    def of(self, fate: Fate) -> tuple[RowChange, ...]:
        return tuple(row for row in self.rows if row.fate is fate)

    def count(self, fate: Fate) -> int:
        return sum(row.fate is fate for row in self.rows)

    @property
    def is_empty(self) -> bool:
        return not self.header and all(row.fate is Fate.UNCHANGED for row in self.rows)


def difference(old: ScheduleFile | None, new: ScheduleFile) -> Difference:
    """From nothing, every row is created and the header changes nothing."""
    before = {} if old is None else dict(rows_of(old))
    after = dict(rows_of(new))
    names = ({} if old is None else _names(old)) | _names(new)
    rows = [_change(key, before.get(key), record, names) for key, record in after.items()]
    rows += [RowChange(key, Fate.REMOVED, _label(key, names)) for key in before if key not in after]
    return Difference(tuple(rows), () if old is None else tuple(_fields(old.header, new.header)))


def rows_of(file: ScheduleFile) -> Iterator[tuple[RowKey, Record]]:
    """The rows as facts: without their line, and without what follows from their place."""
    for calendar in file.calendars:
        yield RowKey(RowKind.CALENDAR, calendar.uid), replace(calendar, row=0)
    for task in file.tasks:
        yield RowKey(RowKind.TASK, task.uid), replace(task, row=0, links=())
        for link in task.links:
            yield RowKey(RowKind.LINK, link.predecessor, task.uid), link
    for resource in file.resources:
        yield RowKey(RowKind.RESOURCE, resource.uid), replace(resource, row=0)
    for assignment in file.assignments:
        yield RowKey(RowKind.ASSIGNMENT, assignment.uid), replace(assignment, row=0)


def _change(key: RowKey, old: Record | None, new: Record, names: dict[RowKey, str]) -> RowChange:
    if old is None:
        return RowChange(key, Fate.CREATED, _label(key, names))
    changes = tuple(_fields(old, new))
    return RowChange(key, Fate.UPDATED if changes else Fate.UNCHANGED, _label(key, names), changes)


def _fields(old: Any, new: Any, prefix: str = "") -> Iterator[FieldChange]:
    for item in fields(old):
        was, is_now = getattr(old, item.name), getattr(new, item.name)
        if was == is_now:
            continue
        if item.name in ("progress", "manual", "computed") and is_dataclass(was) and is_dataclass(is_now):
            yield from _fields(was, is_now, f"{prefix}{item.name}.")
        else:
            yield FieldChange(f"{prefix}{item.name}", was, is_now)


def _names(file: ScheduleFile) -> dict[RowKey, str]:
    found = {RowKey(RowKind.TASK, task.uid): f"{task.number} {task.name}".strip() for task in file.tasks}
    found |= {RowKey(RowKind.CALENDAR, one.uid): one.name for one in file.calendars}
    found |= {RowKey(RowKind.RESOURCE, one.uid): one.name for one in file.resources}
    for one in file.assignments:
        who = "" if one.resource is None else found.get(RowKey(RowKind.RESOURCE, one.resource), "")
        what = found.get(RowKey(RowKind.TASK, one.task), "")
        found[RowKey(RowKind.ASSIGNMENT, one.uid)] = f"{what} · {who}".strip(" ·")
    return found


def _label(key: RowKey, names: dict[RowKey, str]) -> str:
    if key.kind is not RowKind.LINK:
        return names.get(key, "")
    ends = (names.get(RowKey(RowKind.TASK, uid), str(uid)) for uid in (key.uid, key.other))
    return " → ".join(ends)
