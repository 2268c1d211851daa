"""Readers of published networks: the worked tables, PSPLIB and Patterson files, and MSPDI as MS Project writes it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

from portfolio.engines.network import Activity, Lag, Link, LinkType, build_network
from portfolio.engines.working_calendar import PlainClock, Shift, WorkingCalendar, WorkingClock, instant

MSPDI = "{http://schemas.microsoft.com/project}"
_MSPDI_LINKS = {"0": LinkType.FF, "1": LinkType.FS, "2": LinkType.SF, "3": LinkType.SS}
_LINK = re.compile(r"(?P<id>[A-Z]|\d+)(?P<type>FS|SS|FF|SF)?(?P<lag>[+-]\d+)?")
PLAIN = {"": PlainClock()}


def links_of(successor: str, text: str | None) -> Iterator[Link]:
    """`DSS+1 EFS` as links; FS without lag where nothing is said."""
    for word in (text or "").split():
        match = _LINK.fullmatch(word)
        assert match is not None, word
        yield Link(match["id"], successor, LinkType(match["type"] or "FS"), Lag(int(match["lag"] or 0)))


def table_network(rows):
    activities = [Activity(row["activity"], int(row["duration"])) for row in rows]
    return build_network(activities, [link for row in rows for link in links_of(row["activity"], row["predecessors"])])


@dataclass(frozen=True)
class Instance:
    """A resource-constrained instance: durations, (predecessor, successor) by place, demands and capacities."""

    durations: list[int]
    links: list[tuple[int, int]]
    demands: list[list[int]]
    capacities: list[int]


def read_instance(path: Path) -> Instance:
    return _patterson(path) if path.suffix == ".rcp" else _psplib(path)


def _patterson(path: Path) -> Instance:
    numbers = iter(int(word) for word in path.read_text().split())
    count, resources = next(numbers), next(numbers)
    capacities = [next(numbers) for _ in range(resources)]
    durations, demands, links = [], [], []
    for job in range(count):
        durations.append(next(numbers))
        demands.append([next(numbers) for _ in range(resources)])
        links += [(job, next(numbers) - 1) for _ in range(next(numbers))]
    return Instance(durations, links, demands, capacities)


def _psplib(path: Path) -> Instance:
    links, durations, demands = [], [], []
    part, capacities = "", []
    for line in path.read_text().splitlines():
        if line.startswith(("PRECEDENCE", "REQUESTS", "RESOURCEAVAIL")):
            part = line.split()[0]
            continue
        numbers = [int(word) for word in line.split()] if re.fullmatch(r"[\d\s]+", line) else []
        if not numbers:
            continue
        if part == "PRECEDENCE":
            links += [(numbers[0] - 1, job - 1) for job in numbers[3:]]
        elif part.startswith("REQUESTS"):
            durations.append(numbers[2])
            demands.append(numbers[3:])
        elif part.startswith("RESOURCEAVAIL"):
            capacities = numbers
    return Instance(durations, links, demands, capacities)


@dataclass(frozen=True)
class Plan:
    """What a test needs of an MSPDI file, and each task as MS Project left it."""

    network: object
    clocks: dict[str, WorkingClock]
    start: int
    tasks: dict[str, dict[str, str]]


def read_mspdi(path: Path) -> Plan:
    root = ElementTree.parse(path).getroot()
    calendars = {_text(one, "UID"): _calendar(one) for one in root.iter(f"{MSPDI}Calendar")}
    tasks, activities, links = {}, [], []
    for task in root.iter(f"{MSPDI}Task"):
        fields = {child.tag.removeprefix(MSPDI): child.text or "" for child in task}
        if fields["UID"] == "0":
            continue
        tasks[fields["UID"]] = fields
        activities.append(Activity(fields["UID"], _minutes(fields["Duration"])))
        links += [
            Link(
                _text(link, "PredecessorUID"),
                fields["UID"],
                _MSPDI_LINKS[_text(link, "Type")],
                Lag(int(_text(link, "LinkLag")) // 10),
            )
            for link in task.iter(f"{MSPDI}PredecessorLink")
        ]
    start = instant(datetime.fromisoformat(_text(root, "StartDate")))
    clock = WorkingClock(calendars[_text(root, "CalendarUID")])
    return Plan(build_network(activities, links), {"": clock}, start, tasks)


def _calendar(element: ElementTree.Element) -> WorkingCalendar:
    week: list[tuple[Shift, ...]] = [()] * 7
    for day in element.iter(f"{MSPDI}WeekDay"):
        shifts = [
            (_clock(_text(one, "FromTime")), _clock(_text(one, "ToTime"))) for one in day.iter(f"{MSPDI}WorkingTime")
        ]
        week[(int(_text(day, "DayType")) + 5) % 7] = tuple(shifts)
    return WorkingCalendar(_text(element, "Name"), tuple(week))


def _text(element: ElementTree.Element, tag: str) -> str:
    return element.findtext(f"{MSPDI}{tag}") or ""


def _clock(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:5])


def _minutes(text: str) -> int:
    match = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)S", text)
    assert match is not None, text
    return int(match[1]) * 60 + int(match[2])
