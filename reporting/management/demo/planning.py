"""First plans: from the description of a project and its story to dates, budget lines, tolerances and risks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from people.models import Person
from portfolio.engines.vocabulary import Target, Unit
from portfolio.enums import BudgetNature, Confidentiality, DataProtection, LifeCycle, Method, Proximity
from portfolio.models import BudgetLine, Milestone, Project, Risk, Stage, Tolerance
from reporting.management.demo.catalogue import CAPEX_SHARE, PILOTS, PURPOSES, SCHOOL_PILOTS, STAGES, STEPS
from reporting.management.demo.days import workday
from reporting.management.demo.plan import CALM_USE, SCOPE_SEAT, Plan, to_hundred
from reporting.management.demo.projects import RESTRICTED, SHOWN, ProjectSpec
from reporting.management.demo.risks import threats_of
from reporting.management.demo.story import Fixed, Story
from reporting.management.demo.words import Words, noun_words, typeset

_METHODS = (Method.PRINCE2, Method.HYBRID, Method.AGILE, Method.HYBRID, Method.PM2, Method.PRINCE2)
_SMALL_LEVELS = ((2, 3), (1, 4), (3, 2), (1, 5), (2, 2), (1, 3))
_PROTECTION = (DataProtection.DONE, DataProtection.DONE, DataProtection.REQUIRED, DataProtection.NOT_ASSESSED)
_PROXIMITY = (Proximity.THIS_STAGE, Proximity.IMMINENT, Proximity.NEXT_STAGE, Proximity.BEYOND)
_MAX_GONE, _MAX_AHEAD = 660, 620


def new_plan(number: int, spec: ProjectSpec, story: Story, *, as_of: date, weeks: int, rng: Random) -> Plan:
    """The plan of project `number`, dated around `as_of`; its rows are not written yet."""
    budget = to_hundred(Decimal(spec.keur * 1000) * Decimal(str(round(rng.uniform(0.97, 1.03), 3))))
    progress = story.progress if story.progress is not None else round(rng.uniform(0.35, 0.88), 2)
    length = min(max(int(300 + float(budget) ** 0.5 * 0.35), 330), 900) + rng.randint(-20, 40)
    gone = min(max(int(length * progress), weeks * 7 + 28), max(_MAX_GONE, weeks * 7 + 28))
    ahead = min(max(int(length * (1 - progress)), 60), _MAX_AHEAD)
    if story.milestones:
        ahead = story.milestones[-1].after
    start, end = workday(as_of - timedelta(days=gone)), workday(as_of + timedelta(days=ahead))
    moved = rng.random() < (0.6 if story.lines else 0.35)
    project = _project(number, spec, start=start, end=end, budget=budget, moved=moved, rng=rng)
    plan = Plan(
        spec=spec,
        story=story,
        project=project,
        rng=rng,
        time_days=21 if story.lines or budget < 100_000 else rng.choice((21, 28, 30)),
        cost_percent=Decimal(5) if budget > 150_000 else Decimal(10),
        progress=progress,
        forecasts_cost=number % 19 != 7 or bool(story.lines),
    )
    if spec.life == LifeCycle.STAGE and not story.lines:
        project.life_cycle = LifeCycle.CLOSING if ahead < 80 else LifeCycle.INITIATION if progress < 0.4 else spec.life
    plan.milestones = _milestones(plan, as_of)
    plan.factors = [rng.choice((0.6, 0.8, 1.0)) for _row in plan.milestones]
    plan.factors[-1] = 1.0
    if story.milestones or any(use > CALM_USE for _ago, use in story.time):
        plan.factors = [1.0] * len(plan.milestones)
    plan.lines = _lines(plan, budget)
    plan.tolerances = list(_tolerances(plan, number, budget))
    plan.risks = list(_risks(plan, budget, as_of))
    plan.stages = _stages(plan)
    return plan


def _project(
    number: int, spec: ProjectSpec, *, start: date, end: date, budget: Decimal, moved: bool, rng: Random
) -> Project:
    personal = spec.kind in ("app", "data", "sec")
    words = noun_words(spec)
    return Project(
        code=f"P-{number:03d}",
        name_fr=spec.fr,
        name_nl=spec.nl,
        name_en=spec.en,
        purpose=typeset(PURPOSES[spec.kind][number % 2].format_map(words)),
        method=_METHODS[number % len(_METHODS)],
        life_cycle=spec.life,
        start=start,
        planned_end=end,
        first_approved_end=workday(end - timedelta(days=rng.choice((30, 60, 90, 120)))) if moved else end,
        forecast_end=end,
        confidentiality=Confidentiality.RESTRICTED if spec.fr in RESTRICTED else Confidentiality.INTERNAL,
        has_procurement=spec.kind in ("infra", "buy") or rng.random() < 0.3,
        handles_personal_data=personal,
        data_protection=rng.choice(_PROTECTION) if personal else DataProtection.NOT_NEEDED,
        first_approved_cost=to_hundred(budget * Decimal(str(rng.choice((0.85, 0.9, 0.94))))) if moved else budget,
    )


def _milestones(plan: Plan, as_of: date) -> list[Milestone]:
    project, spec = plan.project, plan.spec
    if project.start is None or project.planned_end is None or project.first_approved_end is None:
        raise ValueError("a fictional project is dated")
    length = (project.planned_end - project.start).days
    pilot = plan.rng.choice(SCHOOL_PILOTS if spec.axis == "ENSEIGN" else PILOTS)
    steps = plan.story.milestones or tuple(
        Fixed(step.name.format(pilot=pilot), step.kind, (project.start - as_of).days + round(length * step.share))
        for step in STEPS[spec.kind]
    )
    shift = (project.planned_end - project.first_approved_end).days
    rows = []
    for step in steps:
        baseline = workday(as_of + timedelta(days=step.after))
        rows.append(
            Milestone(
                project=project,
                name=step.name,
                kind=step.kind,
                first_approved=workday(baseline - timedelta(days=shift)),
                baseline=baseline,
                forecast=baseline,
            )
        )
    return rows


def _lines(plan: Plan, budget: Decimal) -> list[BudgetLine]:
    project = plan.project
    if project.start is None or project.planned_end is None:
        raise ValueError("a fictional project is dated")
    capex = Decimal(str(CAPEX_SHARE[plan.spec.kind]))
    length = (project.planned_end - project.start).days + 1
    rows, left = [], budget
    years = range(project.start.year, project.planned_end.year + 1)
    for year in years:
        first, last = max(project.start, date(year, 1, 1)), min(project.planned_end, date(year, 12, 31))
        part = left if year == years[-1] else to_hundred(budget * ((last - first).days + 1) / length)
        left -= part
        for nature, amount in (
            (BudgetNature.CAPEX, to_hundred(part * capex)),
            (BudgetNature.OPEX, part - to_hundred(part * capex)),
        ):
            rows.append(BudgetLine(project=project, year=year, nature=nature, approved=max(amount, Decimal(0))))
    return rows


def _tolerances(plan: Plan, number: int, budget: Decimal) -> list[Tolerance]:
    rng, project, silent = plan.rng, plan.project, not plan.story.lines
    rows = []
    if not (silent and number % 17 == 5):
        rows.append(Tolerance(project=project, target=Target.TIME, plus=plan.time_days, minus=None, unit=Unit.DAYS))
    if not (silent and number % 23 == 11):
        rows.append(
            Tolerance(project=project, target=Target.COST, plus=plan.cost_percent, minus=Decimal(10), unit=Unit.PERCENT)
        )
    if not silent or rng.random() < 0.6 or plan.story.use("scope", 0) > 0.5:
        rows.append(_measured(project, Target.SCOPE, (0, 0, SCOPE_SEAT), Unit.COUNT, "demandes de changement ouvertes"))
    if rng.random() < 0.4:
        found = rng.randint(0, 2)
        rows.append(_measured(project, Target.QUALITY, (0, found, 5), Unit.COUNT, "anomalies bloquantes en recette"))
    if rng.random() < 0.7:
        rows.append(Tolerance(project=project, target=Target.RISK, plus=Decimal(14), unit=Unit.SCORE))
    return [*rows, *_promises(project, budget, rng)]


def _promises(project: Project, budget: Decimal, rng: Random) -> list[Tolerance]:
    """What some projects promise beyond their delivery: savings, less carbon."""
    rows = []
    if rng.random() < 0.35:
        yearly = to_hundred(budget * Decimal("0.3"))
        rows.append(
            Tolerance(
                project=project,
                target=Target.BENEFITS,
                minus=Decimal(10),
                unit=Unit.PERCENT,
                baseline=yearly,
                forecast=to_hundred(yearly * Decimal(str(rng.choice((0.96, 1.0, 1.05))))),
                measure="économies annuelles attendues (€)",
            )
        )
    if rng.random() < 0.2:
        rows.append(
            Tolerance(
                project=project,
                target=Target.SUSTAINABILITY,
                minus=Decimal(20),
                unit=Unit.PERCENT,
                baseline=Decimal(12),
                forecast=Decimal(rng.choice((11, 12, 13))),
                measure="tonnes de CO2e évitées par an",
            )
        )
    return rows


def _measured(project: Project, target: Target, values: tuple[int, int, int], unit: Unit, measure: str) -> Tolerance:
    baseline, forecast, plus = (Decimal(value) for value in values)
    return Tolerance(
        project=project, target=target, baseline=baseline, forecast=forecast, plus=plus, unit=unit, measure=measure
    )


def _risks(plan: Plan, budget: Decimal, as_of: date) -> list[Risk]:
    rng, spec = plan.rng, plan.spec
    threats = list(threats_of(spec.kind))
    lead, others = threats[0], threats[1:]
    rng.shuffle(others)
    words = Words({**noun_words(spec), "lot": rng.randint(2, 4), "m": rng.randint(12, 90) * 10})
    rows = []
    for index, threat in enumerate([lead, *others[: rng.randint(1, 5)]]):
        title, cause, event, effect = (part.format_map(words) for part in threat[:4])
        if index == 0 and plan.story.threat:
            title, cause, event, effect = plan.story.threat
        probability, impact = _SMALL_LEVELS[rng.randrange(len(_SMALL_LEVELS))]
        valued = index == 0 or rng.random() < 0.75
        rows.append(
            Risk(
                project=plan.project,
                number=index + 1,
                title=title,
                cause=cause,
                event=event,
                effect=effect,
                probability=probability,
                impact=impact,
                impact_amount=_harm(budget, rng) if valued else None,
                response=threat.response,
                response_action=threat.action.format_map(words),
                proximity=_PROXIMITY[0] if index == 0 else rng.choice(_PROXIMITY),
                raised_on=workday(as_of - timedelta(days=rng.randint(190, 300))),
            )
        )
    return rows


def _harm(budget: Decimal, rng: Random) -> Decimal:
    """What a threat would cost: a share of the budget, a smaller one of a large budget."""
    share = Decimal(str(round(rng.uniform(0.03, 0.14), 3)))
    return to_hundred(min(budget * share, Decimal(30_000) + budget * share / 4))


def _stages(plan: Plan) -> list[Stage]:
    project = plan.project
    if project.start is None or project.planned_end is None:
        raise ValueError("a fictional project is dated")
    names = STAGES[plan.spec.kind]
    step = (project.planned_end - project.start).days // len(names)
    rows = []
    for index, name in enumerate(names):
        last = index == len(names) - 1
        rows.append(
            Stage(
                project=project,
                number=index + 1,
                name=name,
                start=project.start + timedelta(days=step * index),
                planned_end=project.planned_end if last else project.start + timedelta(days=step * (index + 1) - 1),
            )
        )
    return rows


def people_project(project: Project, number: int, managers: list[Person], sponsors: list[Person]) -> None:
    """Name who leads, replaces and sponsors; every third project has a deputy, and pm1 leads what a tour shows."""
    first, *others = managers
    project.manager = first if project.name_fr in SHOWN else others[(number * 7) % len(others)]
    project.sponsor = sponsors[number % len(sponsors)]
    if number % 3 == 0:
        project.deputy = others[(number * 7 + 1) % len(others)]


def own_risks(plan: Plan) -> None:
    """Every risk has somebody who answers for it: the deputy or the sponsor for the second, else the manager."""
    project = plan.project
    for risk in plan.risks:
        risk.owner = (project.deputy or project.sponsor) if risk.number == 2 else project.manager
