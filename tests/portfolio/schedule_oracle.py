"""What another reader says of the shared schedules: rows of `expected_tasks/`, compared column by column."""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from portfolio.engines.network import ConstraintType, LinkType
from portfolio.engines.schedule_file import Account, Baseline, ScheduleFile, Span, Task
from portfolio.engines.schedule_mapping import reckoned
from portfolio.engines.working_calendar import moment

SHARED = Path(os.environ.get("CADRAN_SHARED_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
NATIVE = [
    *(f"mpsplib-msproject/mp_j30_{name}.mspdi.xml" for name in ("a2_nr5", "a5_nr1")),
    *(f"psplib-rcpsp/{name}.mspdi.xml" for name in ("j301_1", "j3013_1", "j601_1", "j1201_1")),
    *(
        f"mpxj-schedules/{name}.xml"
        for name in (
            *("baselines", "calendar-calendars-project2019-mspdi", "caltest", "headertest9", "mspdiavailability"),
            *("mspdicostratetable", "mspdiduration", "mspdinulltasks", "mspdirelations", "mspdiresource"),
            *("mspdisplittask", "mspditimephased", "mspextattr", "sample", "task-baselines-project2019-mspdi"),
            *("task-costs-project2019-mspdi", "task-links-project2019-mspdi"),
        )
    ),
]
DOCS = Path(__file__).resolve().parents[2] / "docs" / "schedules.md"
DAYS_ONLY = ("mpx", "ganttproject")
CLOSE = Decimal("0.0001")
FULL_NAMES = {
    ConstraintType.ASAP: "AS_SOON_AS_POSSIBLE",
    ConstraintType.ALAP: "AS_LATE_AS_POSSIBLE",
    ConstraintType.MSO: "MUST_START_ON",
    ConstraintType.MFO: "MUST_FINISH_ON",
    ConstraintType.SNET: "START_NO_EARLIER_THAN",
    ConstraintType.SNLT: "START_NO_LATER_THAN",
    ConstraintType.FNET: "FINISH_NO_EARLIER_THAN",
    ConstraintType.FNLT: "FINISH_NO_LATER_THAN",
}


def shared(name: str) -> bytes:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not here: set CADRAN_SHARED_DATA")
    return path.read_bytes()


def expected_rows(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    with (path.parent / "expected_tasks" / f"{path.name}.tasks.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def differences(schedule: ScheduleFile, expected: list[dict[str, str]]) -> Iterator[str]:
    """One line for each cell that is not as expected, and for each row too many or too few."""
    found = {str(task.uid): described(schedule, task) for task in schedule.tasks}
    wanted = {row["uid"]: row for row in expected}
    yield from (f"{uid}: missing" for uid in wanted if uid not in found)
    yield from (f"{uid}: not expected" for uid in found if uid not in wanted)
    for uid in wanted.keys() & found.keys():
        for column, value in wanted[uid].items():
            if column == "constraint":
                value = value or FULL_NAMES[ConstraintType.ASAP]
            if not same(found[uid][column], value):
                yield f"{uid}.{column}: {found[uid][column]} is not {value}"


def same(mine: str | Decimal | None, theirs: str) -> bool:
    """Numbers to the rounding of the list; predecessors and times in any order and to the second."""
    if not isinstance(mine, str):
        return abs((mine or Decimal(0)) - Decimal(theirs or 0)) <= CLOSE
    return mine == theirs or sorted(mine.split(";")) == sorted(theirs.split(";"))


def described(schedule: ScheduleFile, task: Task) -> dict[str, str | Decimal | None]:
    names = {resource.uid: resource.name for resource in schedule.resources}
    base = task.baseline or Baseline(0)
    own = [item.resource for item in schedule.assignments if item.task == task.uid and item.resource is not None]
    return {
        "uid": str(task.uid),
        "id": str(task.number),
        "outline_level": str(task.outline_level),
        "wbs": task.wbs,
        "name": task.name,
        "summary": str(int(task.is_summary)),
        "milestone": str(int(task.is_milestone)),
        "start": when(task.start),
        "finish": when(task.finish),
        "duration_hours": hours(task.duration),
        "percent_complete": Decimal(task.progress.percent_complete),
        "critical": str(task.computed.is_critical),
        "total_slack_hours": task.computed.total_slack and task.computed.total_slack / 60,
        "constraint": FULL_NAMES[task.constraint],
        "constraint_date": when(task.constraint_date),
        "deadline": when(task.deadline),
        "predecessors": ";".join(f"{link.predecessor}{link.kind}{lag(schedule, link.lag)}" for link in task.links),
        "baseline_start": when(base.start),
        "baseline_finish": when(base.finish),
        "baseline_duration_hours": hours(base.duration),
        "actual_start": when(task.progress.actual_start),
        "actual_finish": when(task.progress.actual_finish),
        "cost": task.cost,
        "work_hours": task.work and task.work / 60,
        "resources": ";".join(sorted({names[uid] for uid in own})),
    }


def when(value: datetime | None) -> str:
    return "" if value is None else value.isoformat(timespec="auto" if value.second else "minutes")


def hours(span: Span | None) -> Decimal | None:
    return None if span is None else span.amount / 60


def lag(schedule: ScheduleFile, span: Span) -> str:
    if not span.amount:
        return ""
    elapsed = "e" if span.is_elapsed else ""
    amount = (
        span.amount if span.is_percent else span.amount / schedule.minutes_in(span.unit, is_elapsed=span.is_elapsed)
    )
    return f"{amount:+g}{elapsed}{span.unit.value}"


def without_rows(schedule: ScheduleFile) -> ScheduleFile:
    """The plan without where in which file it stood, nor its custom fields."""
    return replace(
        schedule,
        account=Account(),
        calendars=tuple(replace(item, row=0) for item in schedule.calendars),
        tasks=tuple(replace(item, row=0, attributes=()) for item in schedule.tasks),
        resources=tuple(replace(item, row=0) for item in schedule.resources),
        assignments=tuple(replace(item, row=0) for item in schedule.assignments),
    )


def equal_dates(schedule: ScheduleFile) -> dict[int, bool]:
    """By UID whether the reckoned dates are the file's: to the minute, or to the day where it knows only days."""
    _plan, found = reckoned(schedule)
    unit = "%Y-%m-%d" if schedule.format in DAYS_ONLY else "%Y-%m-%dT%H:%M"
    equal = {}
    for item in schedule.tasks:
        row = found.activities.get(str(item.uid))
        if row is None or item.start is None or item.finish is None:
            continue
        given = (item.start.strftime(unit), item.finish.strftime(unit))
        equal[item.uid] = (moment(row.start).strftime(unit), moment(row.finish).strftime(unit)) == given
    return equal


def account_balances(schedule: ScheduleFile) -> None:
    """Every calendar, task, link, resource and assignment of the source is in the plan or left out with a reason."""
    rows, skipped = schedule.account.rows, [item.kind for item in schedule.account.skipped]
    kept = {
        "Calendar": len(schedule.calendars),
        "Task": len(schedule.tasks),
        "PredecessorLink": sum(len(task.links) for task in schedule.tasks),
        "Resource": len(schedule.resources),
        "Assignment": len(schedule.assignments),
    }
    assert {kind: kept[kind] + skipped.count(kind) for kind in kept} == {kind: rows.get(kind, 0) for kind in kept}


def counted(schedule: ScheduleFile, expected: list[dict[str, str]]) -> dict[str, str]:
    """A plan as its row of the table in docs/schedules.md."""
    links = [link for task in schedule.tasks for link in task.links]
    kinds = Counter(link.kind for link in links)
    dates, cells = equal_dates(schedule), sum(map(len, expected))
    return {
        "kind": schedule.format,
        "rows": str(len(schedule.tasks)),
        "FS/SS/FF/SF": "/".join(str(kinds[kind]) for kind in LinkType),
        "lags": str(sum(link.lag.amount > 0 for link in links)),
        "leads": str(sum(link.lag.amount < 0 for link in links)),
        "resources": str(len(schedule.resources)),
        "assignments": str(len(schedule.assignments)),
        "with baseline": str(sum(bool(task.baselines) for task in schedule.tasks)),
        "left out": str(len(schedule.account.skipped)),
        "cells equal": f"{cells - len(list(differences(schedule, expected)))}/{cells}",
        "our dates": f"{sum(dates.values())}/{len(dates)}",
    }


def documented() -> dict[str, dict[str, str]]:
    """The rows of the table in docs/schedules.md by file."""
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    head = next(row for row in table if row[0] == "file")
    rows = [row for row in table[table.index(head) + 2 :] if len(row) == len(head)]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}
