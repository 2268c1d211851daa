"""Changes to a plan as functions from one schedule to the next: add, change, delete, indent, move.

Rows are numbered from 1 in their order afterwards, and summaries are what has rows below it. What is deleted takes the
rows below it along, and the links to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from portfolio.engines.network import ConstraintType
from portfolio.engines.schedule_file import Calendar, CalendarException, ProjectHeader, ScheduleFile, Span, Task
from portfolio.engines.schedule_merge import placed

WEEK = tuple(((480, 720), (780, 1020)) if day < 5 else () for day in range(7))
DEEPEST = 20
MOST = 2_000
OWN_UIDS = 1_000_000_000


class EditError(ValueError):
    """The row is not there, or cannot go where it was sent; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def new_schedule(title: str, start: date, off: Mapping[date, str]) -> ScheduleFile:
    """An empty plan on the usual week, with its days off."""
    exceptions = tuple(CalendarException(day, day, (), name) for day, name in sorted(off.items()))
    begin = datetime.combine(start, time(8))
    return ScheduleFile(
        format="cadran",
        header=ProjectHeader(title=title, start=begin, calendar=1, honours_constraints=True),
        calendars=(Calendar(1, 0, "Belgique", days=WEEK, exceptions=exceptions),),
    )


def added(file: ScheduleFile, task: Task, after: int | None) -> ScheduleFile:
    """The task after the rows below `after`, on its level; at the end where nothing is named."""
    rows = list(file.tasks)
    if len(rows) >= MOST:
        raise EditError("too_many")
    if after is None:
        level = max(rows[-1].outline_level, 1) if rows else 1
        return _with(file, [*rows, replace(task, outline_level=level)])
    first, end = _block(rows, after)
    level = max(rows[first].outline_level, 1)
    return _with(file, [*rows[:end], replace(task, outline_level=level), *rows[end:]])


def changed(file: ScheduleFile, uid: int, change: Callable[[Task], Task]) -> ScheduleFile:
    _place(file.tasks, uid)
    return _with(file, [change(task) if task.uid == uid else task for task in file.tasks])


def held_back(file: ScheduleFile, starts: Mapping[int, datetime]) -> ScheduleFile:
    """Each of them starts no earlier than that."""
    rows = {uid: replace(file.tasks[_place(file.tasks, uid)], constraint=ConstraintType.SNET) for uid in starts}
    tasks = [
        replace(rows[task.uid], constraint_date=starts[task.uid]) if task.uid in rows else task for task in file.tasks
    ]
    return _with(file, tasks)


def deleted(file: ScheduleFile, uid: int) -> ScheduleFile:
    rows = list(file.tasks)
    first, end = _block(rows, uid)
    gone = {task.uid for task in rows[first:end]}
    kept = [
        replace(task, links=tuple(link for link in task.links if link.predecessor not in gone))
        for task in (*rows[:first], *rows[end:])
    ]
    work = tuple(item for item in file.assignments if item.task not in gone)
    return _with(replace(file, assignments=work), kept)


def indented(file: ScheduleFile, uid: int, by: int) -> ScheduleFile:
    """The row and what is below it one level deeper (1) or higher (-1)."""
    rows = list(file.tasks)
    first, end = _block(rows, uid)
    level = rows[first].outline_level + by
    above = rows[first - 1].outline_level if first else 0
    if not 1 <= level <= min(above + 1, DEEPEST) or (first == 0 and by > 0):
        raise EditError("no_such_level")
    moved = [replace(task, outline_level=task.outline_level + by) for task in rows[first:end]]
    return _with(file, [*rows[:first], *moved, *rows[end:]])


def moved(file: ScheduleFile, uid: int, by: int) -> ScheduleFile:
    """The row and what is below it before the sibling above (-1), or after the one below (1)."""
    rows = list(file.tasks)
    first, end = _block(rows, uid)
    level = rows[first].outline_level
    if by < 0:
        start = next((at for at in range(first - 1, -1, -1) if rows[at].outline_level <= level), None)
        if start is None or rows[start].outline_level < level:
            raise EditError("no_neighbour")
        return _with(file, [*rows[:start], *rows[first:end], *rows[start:first], *rows[end:]])
    if end >= len(rows) or rows[end].outline_level < level:
        raise EditError("no_neighbour")
    _start, after = _block(rows, rows[end].uid)
    return _with(file, [*rows[:first], *rows[end:after], *rows[first:end], *rows[after:]])


def next_uid(file: ScheduleFile) -> int:
    """Above what other tools give, so that a row made here is never taken for one of theirs."""
    return max([OWN_UIDS, *(task.uid for task in file.tasks)]) + 1


def progressed(task: Task, percent: int, duration: Span) -> Task:
    """The task with that length and that much of it done; what has begun began when it was to begin."""
    done = task.progress
    left = (duration.amount * (100 - percent) / 100).quantize(Decimal(1))
    started = None if not percent else done.actual_start or task.start
    finished = (done.actual_finish or task.finish) if percent == 100 else None
    progress = replace(
        done,
        percent_complete=percent,
        actual_start=started,
        actual_finish=finished,
        actual_duration=duration.amount - left,
        remaining_duration=left,
        resume=None,
        stop=None,
    )
    return replace(task, duration=duration, is_milestone=not duration.amount, progress=progress)


def restored(file: ScheduleFile, order: Sequence[int], before: Mapping[int, Task], **more: Any) -> ScheduleFile:
    """The rows of `order`, each as it was where `before` has it."""
    rows = {task.uid: task for task in file.tasks} | dict(before)
    return _with(replace(file, **more), [rows[uid] for uid in order if uid in rows])


def _with(file: ScheduleFile, tasks: Sequence[Task]) -> ScheduleFile:
    first = 0 if tasks and tasks[0].is_project_row else 1
    stated = [replace(task, is_summary=task.is_project_row, number=number) for number, task in enumerate(tasks, first)]
    return replace(file, tasks=placed(stated))


def _place(rows: Sequence[Task], uid: int) -> int:
    place = next((at for at, task in enumerate(rows) if task.uid == uid and not task.is_project_row), None)
    if place is None:
        raise EditError("unknown_row")
    return place


def _block(rows: Sequence[Task], uid: int) -> tuple[int, int]:
    """Where the row is, and where what lies below it ends."""
    first = _place(rows, uid)
    end = first + 1
    while end < len(rows) and rows[end].outline_level > rows[first].outline_level:
        end += 1
    return first, end
