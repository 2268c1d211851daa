"""A plan read anew over the one that is kept: the file decides on its own rows, what was added here stays.

Rows added here are the tasks whose UIDs are named `own` and that the file does not have, with their links and
assignments. They go to the end of what they were under, else to the end of the plan.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from portfolio.engines.schedule_file import Link, ScheduleFile, Task


def numbered(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Tasks whose numbers can be told apart: those of the file, or their places where two share one."""
    numbers = [task.number for task in tasks]
    if len(set(numbers)) == len(numbers):
        return tuple(tasks)
    first = 0 if tasks and tasks[0].is_project_row else 1
    return tuple(replace(task, number=place) for place, task in enumerate(tasks, first))


def placed(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Tasks with what their order and levels say: who is above whom, and who is a summary."""
    above: list[Task] = []
    parents: dict[int, int] = {}
    for task in tasks:
        while above and above[-1].outline_level >= task.outline_level:
            above.pop()
        if above:
            parents[task.uid] = above[-1].uid
        above.append(task)
    holders = set(parents.values())
    return tuple(
        replace(task, parent=parents.get(task.uid), is_summary=task.is_summary or task.uid in holders) for task in tasks
    )


def merged(file: ScheduleFile, kept: ScheduleFile | None, own: Collection[int]) -> ScheduleFile:
    """The file with what `kept` has of its own."""
    file = replace(file, tasks=numbered(file.tasks))
    added = [] if kept is None else _added(file, kept, own)
    if kept is None or not added:
        return file
    tasks = list(file.tasks)
    for task in added:
        _insert(tasks, task, replace(task, number=max(one.number for one in tasks) + 1) if tasks else task)
    uids, mine = {task.uid for task in tasks}, {task.uid for task in added}
    before = {task.uid: task for task in kept.tasks}
    linked = [replace(task, links=_links(task, before.get(task.uid), uids, mine)) for task in tasks]
    used = {one.uid for one in file.assignments}
    theirs = [one for one in kept.assignments if one.task in mine and one.uid not in used]
    return replace(file, tasks=placed(linked), assignments=(*file.assignments, *theirs))


def _added(file: ScheduleFile, kept: ScheduleFile, own: Collection[int]) -> list[Task]:
    known = {task.uid for task in file.tasks}
    return [task for task in kept.tasks if task.uid in own and task.uid not in known]


def _insert(tasks: list[Task], stood: Task, task: Task) -> None:
    place = next((index for index, one in enumerate(tasks) if one.uid == stood.parent), None)
    if place is None:
        tasks.append(replace(task, outline_level=1, parent=None))
        return
    level = tasks[place].outline_level
    end = place + 1
    while end < len(tasks) and tasks[end].outline_level > level:
        end += 1
    tasks.insert(end, replace(task, outline_level=level + 1))


def _links(task: Task, before: Task | None, uids: Collection[int], mine: Collection[int]) -> tuple[Link, ...]:
    """The links of a task of ours as they were; of one of the file its own and those that come from ours."""
    if task.uid in mine:
        return tuple(link for link in task.links if link.predecessor in uids)
    kept = () if before is None else before.links
    return (*task.links, *(link for link in kept if link.predecessor in mine))
