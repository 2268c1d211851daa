"""Plans of several projects with links between them: who is hit, by how many working days, how much room a link has.

A project takes part with the activities of its plan; a milestone that no activity feeds is one of no length that cannot
come before its forecast. The room of a link is what lies between what the other side gives, late as it may be itself,
and what this side plans by itself: below nought it clashes. Source: docs/formulas/critical_path.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from portfolio.engines.critical_path import Rules
from portfolio.engines.network import Activity, ConstraintType, Lag, Link, LinkType
from portfolio.engines.portfolio_pass import CrossLink, PortfolioSchedule, ProjectPlan, portfolio_schedule
from portfolio.engines.schedule_mapping import Plan, clocks_of
from portfolio.engines.working_calendar import STANDARD, Clock, WorkingCalendar, WorkingClock, instant, legal_holidays

EVENING = time(17)


@dataclass(frozen=True, slots=True)
class LooseMilestone:
    """A milestone that no activity of the plan feeds."""

    id: str
    day: date
    reached: bool = False


@dataclass(frozen=True, slots=True)
class CrossProject:
    """`plan` is None where the project plans by milestones alone."""

    code: str
    plan: Plan | None = None
    milestones: Sequence[LooseMilestone] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between ends of two projects, each (code, id); the lag is in working days of the successor."""

    predecessor: tuple[str, str]
    successor: tuple[str, str]
    type: LinkType = LinkType.FS
    lag_days: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """An activity that other projects push back, in working days."""

    project: str
    activity: str
    days: float


@dataclass(frozen=True, slots=True)
class CrossSchedule:
    """`hits`: activities pushed back; `ends`: how far the end of each project is; `room` of each link, None off it."""

    joint: PortfolioSchedule
    hits: tuple[Hit, ...]
    ends: Mapping[str, float]
    room: tuple[float | None, ...]


def cross_schedule(projects: Sequence[CrossProject], ties: Sequence[Tie]) -> CrossSchedule:
    """All of them in one pass; a circle is refused with its path, `code/activity`."""
    return _Together(projects, ties).run()


@dataclass(slots=True)
class _Together:
    projects: Sequence[CrossProject]
    ties: Sequence[Tie]
    clocks: dict[str, Clock] = field(default_factory=dict)
    minutes: dict[str, int] = field(default_factory=dict)
    calendars: dict[tuple[str, str], str] = field(default_factory=dict)

    def run(self) -> CrossSchedule:
        plans = [self.plan_of(one) for one in self.projects]
        here = [tie for tie in self.ties if tie.predecessor in self.calendars and tie.successor in self.calendars]
        links = [CrossLink(tie.predecessor, tie.successor, tie.type, self.lag(tie)) for tie in here]
        joint = portfolio_schedule(plans, links, self.clocks, Rules())
        hits = tuple(Hit(one.project, one.activity, one.by / self.minutes[one.project]) for one in joint.shifts)
        return CrossSchedule(
            joint=joint,
            hits=hits,
            ends={one.code: self.end_moved(one.code, joint) for one in plans},
            room=tuple(self.room(tie, joint) if tie in here else None for tie in self.ties),
        )

    def plan_of(self, project: CrossProject) -> ProjectPlan:
        """The plan under names of its own for its calendars, so that those of two plans are not mixed up."""
        code = project.code
        calendar = plain_calendar(project) if project.plan is None else project.plan.calendars[""]
        clocks: dict[str, Clock] = {"": WorkingClock(calendar)} if project.plan is None else {**clocks_of(project.plan)}
        self.clocks |= {f"{code}:{name}": clock for name, clock in clocks.items()}
        self.minutes[code] = calendar.minutes_per_day
        own = project.plan.activities if project.plan else ()
        activities = [replace(one, calendar=f"{code}:{one.calendar}") for one in own]
        activities += [_milestone(one, f"{code}:") for one in project.milestones]
        self.calendars |= {(code, one.id): one.calendar for one in activities}
        starts = [one.constraint_date for one in activities if one.constraint_date is not None]
        start = project.plan.rules.start if project.plan else min(starts, default=0)
        links: Sequence[Link] = project.plan.links if project.plan else ()
        return ProjectPlan(code, start, activities, links)

    def lag(self, tie: Tie) -> Lag:
        return Lag(tie.lag_days * self.minutes[tie.successor[0]])

    def end_moved(self, code: str, joint: PortfolioSchedule) -> float:
        before, after = joint.alone[code].finish, joint.projects[code].finish
        return self.clocks[f"{code}:"].between(before, after) / self.minutes[code]

    def room(self, tie: Tie, joint: PortfolioSchedule) -> float | None:
        """Working days of the side that waits."""
        given = joint.projects[tie.predecessor[0]].activities.get(tie.predecessor[1])
        planned = joint.alone[tie.successor[0]].activities.get(tie.successor[1])
        if given is None or planned is None:
            return None
        clock = self.clocks[self.calendars[tie.successor]]
        needed = planned.start if tie.type in (LinkType.FS, LinkType.SS) else planned.finish
        promised = given.start if tie.type.from_start else given.finish
        return (clock.between(promised, needed) - self.lag(tie).value) / self.minutes[tie.successor[0]]


def _milestone(one: LooseMilestone, calendar: str) -> Activity:
    at = instant(datetime.combine(one.day, EVENING))
    return Activity(
        one.id,
        calendar=calendar,
        constraint=ConstraintType.SNET,
        constraint_date=at,
        actual_start=at if one.reached else None,
        actual_finish=at if one.reached else None,
    )


def plain_calendar(project: CrossProject) -> WorkingCalendar:
    days = [one.day for one in project.milestones]
    if not days:
        return STANDARD
    return STANDARD.without(legal_holidays(date(min(days).year, 1, 1), date(max(days).year + 2, 12, 31)))
