"""The plan of a project as its page shows it: rows for the table and its chart, in as many statements for any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from portfolio.engines.link_notation import TypedLink, write_links
from portfolio.engines.network import Lag, LagKind, LinkType
from portfolio.engines.schedule_file import TimeUnit
from portfolio.enums import ActivityKind
from portfolio.models.plan import Activity, ActivityLink, Plan, PlanAssignment
from portfolio.models.project import Project

LATE_ARROWS = 60
_UNSEEN = ("details", "early_start", "early_finish", "late_start", "free_float", "optimistic", "most_likely")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """An activity as it is read: figures and texts, nothing to compute in a template."""

    pk: int
    uid: int
    number: int
    version: int
    name: str
    level: int
    kind: str
    minutes: Decimal | None
    unit: str
    is_elapsed: bool
    start: datetime | None
    finish: datetime | None
    baseline_start: datetime | None
    baseline_finish: datetime | None
    late_finish: datetime | None
    float_days: Decimal | None
    progress: int
    is_critical: bool
    is_active: bool
    is_manual: bool
    is_own: bool
    predecessors: str
    people: str
    slip: int | None
    state: str
    milestone_id: int | None
    deadline: datetime | None
    departures: tuple[str, ...]

    @property
    def is_summary(self) -> bool:
        return self.kind == ActivityKind.SUMMARY

    @property
    def is_milestone(self) -> bool:
        return self.kind == ActivityKind.MILESTONE

    @property
    def is_late(self) -> bool:
        """Later than its baseline, and not over."""
        return bool(self.slip and self.slip > 0) and self.state != "closed"

    @property
    def misses_deadline(self) -> bool:
        return self.deadline is not None and self.finish is not None and self.finish > self.deadline


@dataclass(frozen=True, slots=True)
class PlanArrow:
    """A link by the places of its ends among the lines; `is_late` when it hands lateness on to what is not over."""

    before: int
    after: int
    kind: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    plan: Plan
    lines: tuple[PlanLine, ...]
    arrows: tuple[PlanArrow, ...]
    today: date

    @property
    def work(self) -> list[PlanLine]:
        return [line for line in self.lines if not line.is_summary and line.is_active]

    @property
    def critical_count(self) -> int:
        return sum(line.is_critical for line in self.work)

    @property
    def late_count(self) -> int:
        return sum(line.is_late for line in self.work)

    @property
    def finish(self) -> datetime | None:
        return max((line.finish for line in self.work if line.finish), default=None)

    @property
    def slip(self) -> int | None:
        """Days the end lies after the baseline's end; None without a baseline."""
        due = max((line.baseline_finish for line in self.work if line.baseline_finish), default=None)
        return None if due is None or self.finish is None else (self.finish.date() - due.date()).days

    @property
    def departed(self) -> list[PlanLine]:
        return [line for line in self.lines if line.departures]

    @property
    def deepest(self) -> int:
        return max((line.level for line in self.lines), default=1)


def plan_page(project: Project, today: date, *, level: int = 0) -> PlanPage | None:
    """Four statements; None where the project has no plan. `level` leaves out what lies deeper."""
    plan = Plan.objects.filter(project=project).first()
    if plan is None:
        return None
    rows = list(plan.activities.exclude(kind=ActivityKind.PROJECT).defer(*_UNSEEN).order_by("position"))
    links = list(plan.links.order_by("position", "pk"))
    written = written_links(plan, rows, links)
    people = _people(plan)
    shown = [row for row in rows if not level or row.outline_level <= level]
    over = _over(rows)
    lines = tuple(
        _line(plan, row, written.get(row.pk, ""), people.get(row.pk, ""), today, is_over=row.pk in over)
        for row in shown
    )
    places = {line.pk: place for place, line in enumerate(lines)}
    arrows = tuple(
        PlanArrow(before, after, link.kind, bool((lines[before].slip or 0) > 0 and lines[after].is_late))
        for link in links
        if (before := places.get(link.predecessor_id)) is not None
        and (after := places.get(link.successor_id)) is not None
    )
    return PlanPage(plan, lines, arrows, today)


def written_links(plan: Plan, rows: Sequence[Activity], links: Sequence[ActivityLink]) -> dict[int, str]:
    """The predecessors of each activity as planners write them, by its key."""
    numbers = {row.pk: row.number for row in rows}
    typed: dict[int, list[TypedLink]] = defaultdict(list)
    for link in links:
        if link.predecessor_id in numbers:
            typed[link.successor_id].append(TypedLink(numbers[link.predecessor_id], LinkType(link.kind), lag_of(link)))
    return {key: write_links(found, plan.minutes_per_day) for key, found in typed.items()}


def lag_of(link: ActivityLink) -> Lag:
    if link.lag_unit == TimeUnit.PERCENT.value:
        return Lag(round(link.lag), LagKind.PERCENT)
    return Lag(round(link.lag), LagKind.ELAPSED if link.is_elapsed else LagKind.WORKING)


def _people(plan: Plan) -> Mapping[int, str]:
    """Who works on what, as Cadran knows them, else as the plan calls them."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = PlanAssignment.objects.filter(Q(plan=plan), resource__is_work=True).order_by("position")
    for key, name, first, last in rows.values_list(
        "activity_id", "resource__name", "resource__person__first_name", "resource__person__last_name"
    ):
        found[key].append(f"{first} {last}" if last else name)
    return {key: ", ".join(dict.fromkeys(names)) for key, names in found.items()}


def _over(rows: Sequence[Activity]) -> set[int]:
    """Keys of what has ended; a summary has when everything below it has, whatever its own progress says."""
    ended: set[int] = set()
    open_: set[int] = set()
    above: list[Activity] = []
    for row in rows:
        while above and above[-1].outline_level >= row.outline_level:
            above.pop()
        is_over = row.actual_finish is not None or row.percent_complete == 100
        if row.kind == ActivityKind.SUMMARY:
            above.append(row)
        elif row.is_active:
            (ended if is_over else open_).update(one.pk for one in above)
        if is_over:
            ended.add(row.pk)
    return ended - open_


def _line(plan: Plan, row: Activity, predecessors: str, people: str, today: date, *, is_over: bool) -> PlanLine:
    slip = _slip(row, today, is_over=is_over)
    return PlanLine(
        pk=row.pk,
        uid=row.uid,
        number=row.number,
        version=row.version,
        name=row.name,
        level=max(row.outline_level, 1),
        kind=row.kind,
        minutes=row.duration,
        unit=row.duration_unit,
        is_elapsed=row.is_elapsed,
        start=row.start,
        finish=row.finish,
        baseline_start=row.baseline_start,
        baseline_finish=row.baseline_finish,
        late_finish=row.late_finish,
        float_days=_days(None if row.total_float is None else Decimal(row.total_float), plan),
        progress=row.percent_complete,
        is_critical=row.is_critical,
        is_active=row.is_active,
        is_manual=row.is_manual,
        is_own=row.is_own,
        predecessors=predecessors,
        people=people,
        slip=slip,
        state=_state(row, slip, today, is_over=is_over),
        milestone_id=row.milestone_id,
        deadline=row.deadline,
        departures=tuple(row.departures),
    )


def _days(minutes: Decimal | None, plan: Plan) -> Decimal | None:
    return None if minutes is None else round(minutes / plan.minutes_per_day, 2)


def _slip(row: Activity, today: date, *, is_over: bool) -> int | None:
    """Days after its baseline; what should have ended and has not is as late as today at least."""
    if row.baseline_finish is None or row.finish is None:
        return None
    end: date = row.finish.date()
    if not is_over:
        end = max(end, today) if row.baseline_finish.date() < today else end
    due: date = row.baseline_finish.date()
    return (end - due).days


def _state(row: Activity, slip: int | None, today: date, *, is_over: bool) -> str:
    if is_over:
        return "closed"
    if row.finish is not None and row.finish.date() < today:
        return "red"
    return "amber" if slip and slip > 0 else "green"
