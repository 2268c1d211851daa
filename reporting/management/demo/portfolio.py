"""Writes the invented portfolio: axes, programmes and projects, each with the plan it starts from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from random import Random

from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.enums import LifeCycle
from portfolio.models import Programme, Project, StrategicAxis
from reporting.management.demo.accounts import Cast
from reporting.management.demo.catalogue import AXES, PROGRAMMES, TOP_COUNT
from reporting.management.demo.plan import Plan, workday
from reporting.management.demo.planning import new_plan, people_project
from reporting.management.demo.projects import QUIET, RANKED, REPORTING, ProjectSpec
from reporting.management.demo.scripted import SCRIPTED
from reporting.management.demo.story import Story, courses

SOURCE = "demo"
_MIN_SIZE = 0.12


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
        plan.project.axis = axes[spec.axis]
        plan.project.programme = programmes.get(spec.programme)
        plan.project.source, plan.project.source_key = SOURCE, plan.project.code
        _settle(plan, as_of)
        plans.append(plan)
    _rank(plans)
    Project.objects.bulk_create((plan.project for plan in plans), batch_size=500)
    return plans


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
    free = iter(courses(len(specs), rng))
    return [SCRIPTED.get(spec.fr) or next(free) for spec in specs]


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
    elif project.life_cycle in (LifeCycle.CLOSED, LifeCycle.BENEFITS_TRACKING):
        end = IsoWeek.of(as_of).plus(-9).day(5)
        project.start = workday(end - timedelta(days=420))
        project.planned_end = project.forecast_end = project.actual_end = end
        for index, row in enumerate(plan.milestones):
            day = workday(end - timedelta(days=60 * (len(plan.milestones) - 1 - index)))
            row.first_approved = row.baseline = row.forecast = row.actual = day
    elif project.life_cycle == LifeCycle.IDEA:
        project.manager = project.deputy = None
        plan.milestones, plan.factors = [], []
