"""The plan of a project under what its people can give: who they are, their overloads, and a proposal without them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from portfolio.engines.network import build_network
from portfolio.engines.plan_levelling import LevellingProposal, Move, WeekLoad, levelling_proposal
from portfolio.engines.schedule_file import ResourceKind, ScheduleFile, Task
from portfolio.engines.schedule_mapping import clocks_of, reckoned
from portfolio.engines.working_calendar import instant, moment
from portfolio.models.plan import Plan
from portfolio.models.project import Project
from portfolio.selectors.plan_file import stored_file

FULL = 100


@dataclass(frozen=True, slots=True)
class LevelledResource:
    """Somebody of the plan: his capacity in percent of one person, his overloaded weeks before and after."""

    name: str
    capacity: int
    before: tuple[WeekLoad, ...]
    after: tuple[WeekLoad, ...]


@dataclass(frozen=True, slots=True)
class LevelledMove:
    uid: int
    number: int
    name: str
    was: date
    now: date
    days: float
    held: bool


@dataclass(frozen=True, slots=True)
class PlanLevelling:
    """`beyond` names who is asked for more than he has, and by which activity."""

    plan: Plan
    proposal: LevellingProposal
    resources: tuple[LevelledResource, ...]
    moves: tuple[LevelledMove, ...]
    beyond: tuple[tuple[str, str], ...]
    finish: date
    free_finish: date

    @property
    def overloads(self) -> int:
        return len(self.proposal.before)

    @property
    def starts(self) -> dict[int, datetime]:
        """The activities to hold back, by UID; the others follow by their links."""
        return {int(one.activity): moment(one.start) for one in self.proposal.moves if one.held}


def plan_levelling(project: Project, today: date) -> PlanLevelling | None:
    """In six statements; None without a plan, or with nothing left to do in it."""
    plan = Plan.objects.filter(project=project).first()
    if plan is None:
        return None
    file = stored_file(plan)
    mapped, schedule = reckoned(file)
    capacities = {
        str(one.uid): round((one.max_units or Decimal(1)) * FULL)
        for one in file.resources
        if one.kind is ResourceKind.WORK
    }
    found = levelling_proposal(
        build_network(mapped.activities, mapped.links),
        schedule,
        clocks_of(mapped),
        _demands(file),
        capacities,
        instant(datetime.combine(today, time(0))),
        plan.minutes_per_day,
    )
    if found is None:
        return None
    names = {str(one.uid): one.name for one in file.resources}
    rows = {str(task.uid): task for task in file.tasks}
    return PlanLevelling(
        plan=plan,
        proposal=found,
        resources=tuple(
            LevelledResource(names[key], units, _of(found.before, key), _of(found.after, key))
            for key, units in capacities.items()
        ),
        moves=tuple(_move(one, rows[one.activity]) for one in found.moves),
        beyond=tuple((f"{rows[key].number} {rows[key].name}", names[who]) for key, who in found.beyond),
        finish=moment(found.finish).date(),
        free_finish=moment(found.free_finish).date(),
    )


def _move(one: Move, task: Task) -> LevelledMove:
    was, now = moment(one.was).date(), moment(one.start).date()
    return LevelledMove(task.uid, task.number, task.name, was, now, one.days, one.held)


def _demands(file: ScheduleFile) -> dict[str, dict[str, int]]:
    """What each activity asks of whom, in percent; an assignment without units asks for all of a person."""
    asked: dict[str, dict[str, int]] = defaultdict(dict)
    for item in file.assignments:
        if item.resource is not None:
            units = round((Decimal(1) if item.units is None else item.units) * FULL)
            each = asked[str(item.task)]
            each[str(item.resource)] = each.get(str(item.resource), 0) + max(units, 0)
    return asked


def _of(loads: tuple[WeekLoad, ...], key: str) -> tuple[WeekLoad, ...]:
    return tuple(one for one in loads if one.resource == key)
