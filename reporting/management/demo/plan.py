"""The facts of one fictional project, and how they move from week to week along its story."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from django.db.models import Model

from portfolio.engines.health import MilestoneFacts, ProjectFacts, RiskFacts, ToleranceFacts
from portfolio.engines.vocabulary import Target, Unit
from portfolio.enums import RiskState
from portfolio.models import BudgetLine, Milestone, Project, Risk, Stage, Tolerance
from reporting.management.demo.days import workday
from reporting.management.demo.projects import ProjectSpec
from reporting.management.demo.story import Story

HUNDRED = Decimal(100)
SCOPE_SEAT = 6
"""Open change requests a project may carry."""
CALM_USE = 0.5
"""Up to this share of a tolerance people move a date by whole weeks, and an estimate by whole steps."""
CONFIRM_DAYS = 20
_LEAD_LEVELS = ((0.5, 2, 3), (1.0, 3, 4), (9.0, 4, 4))
"""(use up to, probability, impact) of the leading risk."""


@dataclass(slots=True)
class Plan:
    """One project with its unsaved or saved rows; `dirty` are the rows to write next."""

    spec: ProjectSpec
    story: Story
    project: Project
    rng: Random
    time_days: int
    cost_percent: Decimal
    progress: float
    milestones: list[Milestone] = field(default_factory=list)
    lines: list[BudgetLine] = field(default_factory=list)
    tolerances: list[Tolerance] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)
    forecasts_cost: bool = True
    last_status_on: date | None = None
    dirty: dict[int, Model] = field(default_factory=dict)

    @property
    def bac(self) -> Decimal:
        return sum((line.approved for line in self.lines), Decimal(0))

    @property
    def eac(self) -> Decimal | None:
        if not self.forecasts_cost:
            return None
        return sum((line.forecast for line in self.lines if line.forecast is not None), Decimal(0))

    @property
    def over_percent(self) -> Decimal:
        """Estimate at completion against the approved budget, in percent."""
        return Decimal(0) if self.eac is None or not self.bac else (self.eac - self.bac) / self.bac * 100

    @property
    def open_changes(self) -> int:
        for row in self.tolerances:
            if row.target == Target.SCOPE and row.forecast is not None:
                return int(row.forecast)
        return 0

    @property
    def next_milestone(self) -> Milestone:
        """The first milestone still open, else the last one."""
        ahead = [row for row in self.milestones if row.actual is None]
        return min(ahead, key=lambda row: row.forecast) if ahead else self.milestones[-1]

    @property
    def lead(self) -> Risk:
        return self.risks[0]

    def set(self, row: Milestone | BudgetLine | Tolerance | Risk | Project | Stage, **values: object) -> None:
        """Change fields of a row and remember to write it."""
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                self.dirty[id(row)] = row

    def pass_time(self, day: date) -> None:
        """What happens without anybody's report: the accounts close their month, stages end."""
        closing = day.replace(day=1) - timedelta(days=1)
        for line in self.lines:
            spent = _spent(self.project, line, closing)
            if spent > line.actual:
                self.set(line, actual=spent, actual_on=closing, actual_source="compta")
        running = True
        for stage in self.stages:
            if stage.planned_end is not None and stage.planned_end <= day and stage is not self.stages[-1]:
                self.set(stage, state="completed", actual_end=stage.planned_end)
            else:
                self.set(stage, state="running" if running else "planned")
                running = False

    def report(self, ago: int, day: date) -> None:
        """What the project manager brings up to date when he reports `ago` weeks before the last week."""
        self._move_milestones(ago, day)
        self._forecast_cost(ago, day)
        for row in self.tolerances:
            if row.target == Target.SCOPE:
                self.set(row, forecast=Decimal(max(round(self.story.use("scope", ago) * SCOPE_SEAT), 0)))
        use = self.story.use("risk", ago)
        probability, impact = next((p, i) for limit, p, i in _LEAD_LEVELS if use <= limit)
        self.set(self.lead, probability=probability, impact=impact)
        for risk in self.risks:
            if risk.state == RiskState.OPEN and (ago == 0 or _is_old(risk.confirmed_on, day)):
                self.set(risk, confirmed_on=day)

    def _move_milestones(self, ago: int, day: date) -> None:
        use = self.story.use("time", ago)
        slip = use * self.time_days
        if abs(use) <= CALM_USE:
            slip = int(slip / 7) * 7
        for row, factor in zip(self.milestones, self.factors, strict=True):
            if row.actual is not None:
                continue
            forecast = workday(row.baseline + timedelta(days=round(slip * factor)))
            if forecast <= day:
                self.set(row, forecast=forecast, actual=forecast)
            else:
                self.set(row, forecast=forecast)
        if self.project.planned_end is not None:
            self.set(self.project, forecast_end=workday(self.project.planned_end + timedelta(days=round(slip))))

    def _forecast_cost(self, ago: int, day: date) -> None:
        if not self.forecasts_cost:
            return
        told = self.story.use("cost", ago)
        use = Decimal(str(round(told, 1 if abs(told) <= CALM_USE else 3)))
        left = self.bac * (1 + use * self.cost_percent / 100)
        open_lines = [line for line in self.lines if line.year >= day.year] or self.lines[-1:]
        for line in self.lines:
            if line not in open_lines:
                self.set(line, forecast=line.actual)
                left -= line.actual
        weight = sum((line.approved for line in open_lines), Decimal(0)) or Decimal(1)
        for line in open_lines[:-1]:
            share = to_hundred(max(left * line.approved / weight, line.actual))
            left, weight = left - share, weight - line.approved
            self.set(line, forecast=share)
        self.set(open_lines[-1], forecast=max(to_hundred(left), open_lines[-1].actual))

    def facts(self, day: date) -> ProjectFacts:
        """What the engine would read from the database on `day`."""
        project = self.project
        open_ends = [row.forecast for row in self.milestones if row.actual is None]
        return ProjectFacts(
            as_of=day,
            last_status_on=self.last_status_on,
            baseline_start=project.start,
            baseline_end=project.planned_end,
            forecast_end=max(
                [*open_ends, *(end for end in (project.forecast_end or project.planned_end,) if end is not None)]
            ),
            first_approved_end=project.first_approved_end,
            milestones=tuple(
                MilestoneFacts(row.name, row.baseline, row.forecast, row.actual) for row in self.milestones
            ),
            bac=self.bac,
            eac=self.eac,
            tolerances={
                Target(row.target): ToleranceFacts(row.minus, row.plus, row.baseline, row.forecast, Unit(row.unit))
                for row in self.tolerances
            },
            risks=tuple(_risk_facts(self.risks)),
        )


def _is_old(confirmed_on: date | None, day: date) -> bool:
    return confirmed_on is None or (day - confirmed_on).days > CONFIRM_DAYS


def _risk_facts(risks: Iterable[Risk]) -> Iterable[RiskFacts]:
    for risk in risks:
        if risk.state == RiskState.OPEN:
            yield RiskFacts(
                probability=risk.probability,
                impact=risk.impact,
                impact_eur=risk.impact_amount,
                code=f"R-{risk.number:02d}",
                title=risk.title,
            )


def _spent(project: Project, line: BudgetLine, closing: date) -> Decimal:
    """Invoiced by `closing`: the share of the line's days gone by, a little behind the calendar."""
    if project.start is None or project.planned_end is None:
        return Decimal(0)
    first = max(project.start, date(line.year, 1, 1))
    last = min(project.planned_end, date(line.year, 12, 31))
    length = (last - first).days + 1
    gone = min(max((closing - first).days + 1, 0), length)
    if length <= 0 or gone == 0:
        return Decimal(0)
    pace = Decimal("0.97") if closing >= last else Decimal("0.93")
    return (line.approved * gone / length * pace).quantize(Decimal("0.01"), ROUND_HALF_UP)


def to_hundred(amount: Decimal) -> Decimal:
    """Rounded to 100 euro, as budgets are written."""
    return (amount / HUNDRED).quantize(Decimal(1), ROUND_HALF_UP) * HUNDRED
