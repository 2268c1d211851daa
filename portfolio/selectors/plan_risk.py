"""How sure the end of a plan is on one day: simulated from its three points and from the risks that would delay it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.http import Http404

from portfolio.engines.network import build_network
from portfolio.engines.remaining_work import Points, RemainingWork, remaining_work
from portfolio.engines.risk_exposure import BAND_PROBABILITY
from portfolio.engines.schedule_mapping import clocks_of, reckoned
from portfolio.engines.schedule_risk import Runs, Simulation, simulate
from portfolio.engines.three_point import Estimate, PertResult, RiskEvent, pert
from portfolio.engines.working_calendar import Clock, instant, midnight, moment
from portfolio.enums import ActivityKind, RiskState
from portfolio.models.plan import Activity, Plan
from portfolio.models.project import Project
from portfolio.models.risk import Risk
from portfolio.models.risk_delay import RiskDelay
from portfolio.selectors.plan_file import stored_file

RUNS, FEWEST, CELLS = 10_000, 2_000, 3_000_000
"""Ten thousand runs; fewer, never below two thousand, of a plan so large that a page would wait for them."""
CURVE = tuple(range(1, 100))


@dataclass(frozen=True, slots=True)
class RiskyActivity:
    """An open activity: its three points in minutes, how often it set the end, how much of the spread it explains."""

    uid: int
    number: int
    name: str
    points: Points | None
    criticality: float
    sensitivity: float


@dataclass(frozen=True, slots=True)
class DelayingRisk:
    """A risk that counts: its chance, what it adds to which activity, and in which share of the runs it struck."""

    delay: RiskDelay
    chance: Decimal
    activity: str
    is_counted: bool
    struck: float


@dataclass(frozen=True, slots=True)
class ScheduleRisk:
    """`days` are the ends by percentile, P1 first; chances are shares of one."""

    plan: Plan
    on: date
    runs: int
    seed: int
    simulation: Simulation
    pert: PertResult
    days: tuple[date, ...]
    pert_end: date
    target: date | None
    planned_end: date
    activities: tuple[RiskyActivity, ...]
    risks: tuple[DelayingRisk, ...]
    estimated: int

    def day(self, percentile: int) -> date:
        return self.days[percentile - 1]

    @property
    def is_certain(self) -> bool:
        """Nobody estimated anything and no risk counts: all runs end on the same day."""
        return not self.estimated and not any(risk.is_counted for risk in self.risks)


def target_of(project: Project) -> date | None:
    """The end of the baseline in force, else the one first approved."""
    return project.planned_end or project.first_approved_end


def schedule_risk(project: Project, today: date, target: date | None) -> ScheduleRisk | None:
    """In eight statements; None without a plan or when everything in it is over."""
    plan = Plan.objects.filter(project=project).first()
    if plan is None:
        return None
    mapped, schedule = reckoned(stored_file(plan))
    clocks = clocks_of(mapped)
    now = instant(datetime.combine(today, time(0)))
    rows = {str(row.uid): row for row in plan.activities.exclude(kind=ActivityKind.PROJECT)}
    points = {key: stated for key, row in rows.items() if (stated := _points(row)) is not None}
    work = remaining_work(build_network(mapped.activities, mapped.links), schedule, clocks, points, now)
    if not work.activities:
        return None
    base, open_ids = clocks[""], {one.id for one in work.activities}
    delays = delays_of(project)
    events = [_event(one, plan) for one in delays if str(one.activity_uid) in open_ids]
    goal = None if target is None else float(base.between(now, midnight(target + timedelta(days=1))))
    count = max(FEWEST, min(RUNS, CELLS // len(work.activities)))
    runs = Runs(iterations=count, seed=plan.version, target=goal)
    found = simulate(work.activities, work.links, runs, events)
    analytic = pert(work.activities, work.links, goal)
    return ScheduleRisk(
        plan=plan,
        on=today,
        runs=count,
        seed=plan.version,
        simulation=found,
        pert=analytic,
        days=tuple(_day(base, now, found.percentile(number)) for number in CURVE),
        pert_end=_day(base, now, analytic.mean),
        target=target,
        planned_end=moment(schedule.finish).date(),
        activities=_ranked(work, rows, points, found),
        risks=tuple(_delaying(one, rows, open_ids, found) for one in delays),
        estimated=len(work.estimated),
    )


def delays_of(project: Project) -> list[RiskDelay]:
    """What the open risks of the project would add to its plan."""
    rows = RiskDelay.objects.filter(risk__project=project, risk__state=RiskState.OPEN)
    return list(rows.select_related("risk").order_by("risk__number", "activity_uid"))


def get_risk_delay(project: Project, key: int) -> RiskDelay:
    """One of this project and of no other."""
    row = RiskDelay.objects.select_related("risk__project").filter(risk__project=project, pk=key).first()
    if row is None:
        raise Http404
    return row


def risks_to_state(project: Project) -> list[Risk]:
    return list(Risk.objects.filter(project=project, state=RiskState.OPEN).order_by("number"))


def open_activities(plan: Plan) -> Sequence[Activity]:
    """Those that work is left in, by place in the plan."""
    rows = plan.activities.filter(kind=ActivityKind.TASK, is_active=True, actual_finish__isnull=True)
    return list(rows.only("uid", "number", "name", "plan").order_by("position"))


def _points(row: Activity) -> Points | None:
    if row.optimistic is None or row.most_likely is None or row.pessimistic is None:
        return None
    return float(row.optimistic), float(row.most_likely), float(row.pessimistic)


def _event(one: RiskDelay, plan: Plan) -> RiskEvent:
    day = plan.minutes_per_day
    impact = Estimate(one.optimistic * day, one.most_likely * day, one.pessimistic * day)
    return RiskEvent(str(one.pk), float(BAND_PROBABILITY[one.risk.probability]), (str(one.activity_uid),), impact)


def _day(base: Clock, now: int, minutes: float) -> date:
    return moment(base.last_finish(base.add(base.next_start(now), round(minutes)))).date()


def _ranked(
    work: RemainingWork, rows: dict[str, Activity], points: dict[str, Points], found: Simulation
) -> tuple[RiskyActivity, ...]:
    """Most often critical first; milestones lead to an end, they do not set it."""
    listed = [
        RiskyActivity(
            uid=rows[one.id].uid,
            number=rows[one.id].number,
            name=rows[one.id].name,
            points=points.get(one.id),
            criticality=found.criticality[one.id],
            sensitivity=found.sensitivity[one.id],
        )
        for one in work.activities
        if one.id in rows and rows[one.id].kind == ActivityKind.TASK
    ]
    return tuple(sorted(listed, key=lambda one: (-round(one.criticality, 3), -one.sensitivity, one.number)))


def _delaying(one: RiskDelay, rows: dict[str, Activity], open_ids: set[str], found: Simulation) -> DelayingRisk:
    key = str(one.activity_uid)
    row = rows.get(key)
    return DelayingRisk(
        delay=one,
        chance=BAND_PROBABILITY[one.risk.probability],
        activity="" if row is None else str(row),
        is_counted=key in open_ids,
        struck=found.struck.get(str(one.pk), 0.0),
    )
