"""Writes the invented portfolio: axes, programmes and projects, each with the plan it starts from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from django.db.models import Model

from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.enums import LifeCycle, RiskState, StageState
from portfolio.models import BudgetLine, Programme, Project, StrategicAxis
from reporting.management.demo.accounts import Cast
from reporting.management.demo.catalogue import AXES, PROGRAMMES, TOP_COUNT
from reporting.management.demo.days import workday
from reporting.management.demo.plan import Plan, to_hundred
from reporting.management.demo.planning import new_plan, own_risks, people_project
from reporting.management.demo.projects import QUIET, RANKED, REPORTING, ProjectSpec
from reporting.management.demo.scripted import SCRIPTED
from reporting.management.demo.story import Story, courses


def load_portfolio(cast: Cast, *, projects: int, weeks: int, as_of: date, rng: Random) -> list[Plan]:
    """Write axes, programmes and projects; the plans hold the rest, still unwritten."""
    axes = {
        names.code: StrategicAxis(
            code=names.code, name_fr=names.fr, name_nl=names.nl, name_en=names.en, position=index + 1
        )
        for index, names in enumerate(AXES)
    }
    StrategicAxis.objects.bulk_create(axes.values())
    programmes = {
        spec.names.code: Programme(
            code=spec.names.code,
            name_fr=spec.names.fr,
            name_nl=spec.names.nl,
            name_en=spec.names.en,
            axis=axes[spec.axis],
            manager=cast.people[spec.manager],
            purpose=spec.purpose,
        )
        for spec in PROGRAMMES
    }
    Programme.objects.bulk_create(programmes.values())
    specs = [*_specs(projects, rng), *QUIET]
    stories = _stories(specs, rng)
    plans = []
    for number, (spec, story) in enumerate(zip(specs, stories, strict=True), start=1):
        plan = new_plan(number, spec, story, as_of=as_of, weeks=weeks, rng=Random(f"{rng.random()} {number}"))  # noqa: S311 -- invented data
        people_project(plan.project, number, cast.managers, cast.sponsors)
        own_risks(plan)
        plan.project.axis = axes[spec.axis]
        plan.project.programme = programmes.get(spec.programme)
        _settle(plan, as_of)
        plans.append(plan)
    _rank(plans)
    Project.objects.bulk_create((plan.project for plan in plans), batch_size=500)
    _write_children(plans)
    return plans


def _write_children(plans: Sequence[Plan]) -> None:
    """What was approved with each project, in the transaction that opens it: later only a decision changes it."""
    rows: dict[type[Model], list[Model]] = {}
    for plan in plans:
        for row in (*plan.milestones, *plan.lines, *plan.tolerances, *plan.risks, *plan.stages):
            rows.setdefault(type(row), []).append(row)
        plan.dirty.clear()
    for model, children in rows.items():
        model._default_manager.bulk_create(children, batch_size=500)


def _specs(projects: int, rng: Random) -> Iterator[ProjectSpec]:
    """The fifty described projects, then variants of them of random size."""
    for index in range(projects):
        spec = REPORTING[index % len(REPORTING)]
        edition = index // len(REPORTING) + 1
        if edition > 1:
            spec = spec._replace(
                fr=f"{spec.fr}, édition {edition}",
                nl=f"{spec.nl}, editie {edition}",
                en=f"{spec.en}, edition {edition}",
                keur=max(int(rng.lognormvariate(5.165, 1.0)), 20),
            )
        yield spec


def _stories(specs: Sequence[ProjectSpec], rng: Random) -> list[Story]:
    free = iter(courses(sum(spec.fr not in SCRIPTED and spec.life == LifeCycle.STAGE for spec in specs), rng))
    return [SCRIPTED.get(spec.fr) or (next(free) if spec.life == LifeCycle.STAGE else Story()) for spec in specs]


def _rank(plans: Sequence[Plan]) -> None:
    """The top 24 as decided, then every reporting project in the order of its code."""
    by_name = {plan.spec.fr: plan for plan in plans}
    ordered = [by_name[name] for name in RANKED if name in by_name]
    first = {plan.project.code for plan in ordered}
    ordered += [plan for plan in plans if plan.project.code not in first and plan.spec.life == LifeCycle.STAGE]
    for rank, plan in zip(count(1), ordered):
        plan.project.priority_rank = rank
        plan.project.is_top = rank <= TOP_COUNT


def _settle(plan: Plan, as_of: date) -> None:
    """What the projects that do not report need: a reason, a review, an end."""
    project = plan.project
    if project.life_cycle == LifeCycle.ON_HOLD:
        project.life_cycle_reason = "En attente du décret sur les documents scolaires ; équipe libérée."
        project.review_on = workday(as_of + timedelta(days=40))
        for row in plan.milestones:
            if row.baseline < as_of - timedelta(days=60):
                row.actual = row.baseline
            else:
                row.forecast = workday(row.baseline + timedelta(days=150))
    elif project.life_cycle in (LifeCycle.CLOSED, LifeCycle.BENEFITS_TRACKING):
        _end(plan, IsoWeek.of(as_of).plus(-9).day(5))
    elif project.life_cycle == LifeCycle.IDEA:
        project.manager = project.deputy = None
        project.start = project.planned_end = project.forecast_end = project.first_approved_end = None
        project.first_approved_cost = None
        plan.milestones, plan.factors, plan.lines, plan.tolerances, plan.risks, plan.stages = [], [], [], [], [], []


def _end(plan: Plan, end: date) -> None:
    """A project that closed on `end`, a little under its budget."""
    project = plan.project
    shift = (end - plan.milestones[-1].baseline) if plan.milestones else timedelta()
    project.start = workday((project.start or end) + shift)
    project.planned_end = project.forecast_end = project.actual_end = end
    project.first_approved_end = workday(end - timedelta(days=60))
    for row in plan.milestones:
        row.baseline = row.forecast = row.actual = workday(row.baseline + shift)
        row.first_approved = workday(row.baseline - timedelta(days=60))
    kept: dict[tuple[int, str], BudgetLine] = {}
    for line in plan.lines:
        line.year = min(line.year, end.year)
        first = kept.setdefault((line.year, line.nature), line)
        if first is not line:
            first.approved += line.approved
    plan.lines = list(kept.values())
    for line in plan.lines:
        line.actual = line.forecast = to_hundred(line.approved * Decimal("0.97"))
        line.actual_source, line.actual_on = "compta", min(date(line.year, 12, 31), end)
    for risk in plan.risks:
        risk.state, risk.closed_on = RiskState.CLOSED, end
    for stage in plan.stages:
        stage.start = workday((stage.start or end) + shift)
        stage.planned_end = stage.actual_end = workday((stage.planned_end or end) + shift)
        stage.state = StageState.COMPLETED
