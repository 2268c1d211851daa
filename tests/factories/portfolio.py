"""Axes, programmes, projects and all that belongs to them, for tests."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from config import clock
from portfolio.engines.reporting_calendar import IsoWeek, cycle_times
from portfolio.enums import BudgetNature, LifeCycle, RagChoice, TargetChoice, ToleranceUnit
from portfolio.models import (
    Activity,
    BudgetLine,
    JiraBacklog,
    JiraGroup,
    JiraIssue,
    Milestone,
    PartTolerance,
    Plan,
    Programme,
    Project,
    ReportingCalendar,
    ReportingCycle,
    Risk,
    Stage,
    StatusDraft,
    StatusReport,
    StrategicAxis,
    Tolerance,
    WorkPackage,
)
from portfolio.models.status_report import DIMENSIONS
from portfolio.selectors.reporting_cycle import rule_of
from tests.factories.guards import SettledFactory
from tests.factories.people import PersonFactory, UserFactory


class StrategicAxisFactory(DjangoModelFactory[StrategicAxis]):
    class Meta:
        model = StrategicAxis

    code = factory.Sequence(lambda n: f"AX{n}")
    name_fr = factory.Sequence(lambda n: f"Axe stratégique {n}")
    position = factory.Sequence(lambda n: n)


class ProgrammeFactory(DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"PG-{n:02d}")
    name_fr = factory.Sequence(lambda n: f"Programme {n}")
    manager = factory.SubFactory(PersonFactory)
    axis = factory.SubFactory(StrategicAxisFactory)


class ProjectFactory(DjangoModelFactory[Project]):
    """A project in execution that owes a weekly status; `manager` is a person without account."""

    class Meta:
        model = Project

    code = factory.Sequence(lambda n: f"P-{n:03d}")
    name_fr = factory.Sequence(lambda n: f"Projet {n}")
    purpose = "Un service numérique plus simple pour l’usager."
    sponsor = factory.SubFactory(PersonFactory)
    manager = factory.SubFactory(PersonFactory)
    axis = factory.SubFactory(StrategicAxisFactory)
    life_cycle = LifeCycle.STAGE
    start = factory.LazyFunction(lambda: clock.today() - timedelta(days=200))
    first_approved_end = factory.SelfAttribute("planned_end")
    planned_end = factory.LazyFunction(lambda: clock.today() + timedelta(days=165))
    forecast_end = factory.SelfAttribute("planned_end")


class StageFactory(DjangoModelFactory[Stage]):
    class Meta:
        model = Stage

    project = factory.SubFactory(ProjectFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    name = factory.LazyAttribute(lambda stage: f"Séquence {stage.number}")


class JiraBacklogFactory(DjangoModelFactory[JiraBacklog]):
    class Meta:
        model = JiraBacklog

    project = factory.SubFactory(ProjectFactory)
    data_on = factory.LazyFunction(clock.today)
    source_name = "export.csv"


class JiraIssueFactory(DjangoModelFactory[JiraIssue]):
    """Work of an epic."""

    class Meta:
        model = JiraIssue

    backlog = factory.SubFactory(JiraBacklogFactory)
    key = factory.Sequence(lambda n: f"ABC-{n + 1}")
    summary = "Demande"
    epic = "ABC-900"
    created_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=30))


class JiraGroupFactory(DjangoModelFactory[JiraGroup]):
    class Meta:
        model = JiraGroup

    backlog = factory.SubFactory(JiraBacklogFactory)
    grouping = "epic"
    value = "ABC-900"
    label = "Epic"


class WorkPackageFactory(DjangoModelFactory[WorkPackage]):
    class Meta:
        model = WorkPackage

    project = factory.SubFactory(ProjectFactory)
    code = factory.Sequence(lambda n: f"LT-{n}")
    name = factory.LazyAttribute(lambda package: f"Lot {package.code}")
    start = factory.LazyFunction(lambda: clock.today() - timedelta(days=60))
    planned_end = factory.LazyFunction(lambda: clock.today() + timedelta(days=40))
    forecast_end = factory.SelfAttribute("planned_end")
    budget = Decimal("50000.00")
    forecast_cost = Decimal("50000.00")
    state = "running"


class PartToleranceFactory(DjangoModelFactory[PartTolerance]):
    """Of a work package unless a stage is given."""

    class Meta:
        model = PartTolerance

    work_package = factory.SubFactory(WorkPackageFactory)
    project = factory.LazyAttribute(lambda row: (row.work_package or row.stage).project)
    target = TargetChoice.COST
    plus = Decimal(10)
    unit = ToleranceUnit.PERCENT


class MilestoneFactory(DjangoModelFactory[Milestone]):
    class Meta:
        model = Milestone

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Jalon {n}")
    first_approved = factory.SelfAttribute("baseline")
    baseline = factory.LazyFunction(lambda: clock.today() + timedelta(days=30))
    forecast = factory.SelfAttribute("baseline")


class PlanFactory(DjangoModelFactory[Plan]):
    class Meta:
        model = Plan

    project = factory.SubFactory(ProjectFactory)


class ActivityFactory(DjangoModelFactory[Activity]):
    class Meta:
        model = Activity

    plan = factory.SubFactory(PlanFactory)
    uid = factory.Sequence(lambda n: n + 1)
    position = factory.SelfAttribute("uid")
    number = factory.SelfAttribute("uid")
    name = factory.LazyAttribute(lambda activity: f"Activité {activity.uid}")
    duration = Decimal(480)


class BudgetLineFactory(SettledFactory[BudgetLine]):
    class Meta:
        model = BudgetLine

    project = factory.SubFactory(ProjectFactory)
    year = 2026
    nature = BudgetNature.CAPEX
    approved = Decimal("400000.00")
    actual = Decimal("150000.00")
    actual_source = "Comptabilité"
    actual_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=2))
    forecast = Decimal("400000.00")


class ToleranceFactory(SettledFactory[Tolerance]):
    class Meta:
        model = Tolerance

    project = factory.SubFactory(ProjectFactory)
    target = TargetChoice.TIME
    plus = Decimal(30)
    unit = ToleranceUnit.DAYS


class RiskFactory(DjangoModelFactory[Risk]):
    class Meta:
        model = Risk

    project = factory.SubFactory(ProjectFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    title = factory.LazyAttribute(lambda risk: f"Risque {risk.number}")
    cause = "Le fournisseur manque de personnel"
    event = "La livraison glisse"
    effect = "La mise en service est reportée"
    probability = 2
    impact = 3
    raised_on = factory.LazyFunction(lambda: clock.today() - timedelta(days=60))


class ReportingCalendarFactory(DjangoModelFactory[ReportingCalendar]):
    class Meta:
        model = ReportingCalendar

    valid_from = date(2020, 1, 6)


class ReportingCycleFactory(DjangoModelFactory[ReportingCycle]):
    """The cycle of `week` ("2026-W47"; this week unless told otherwise) in the default rhythm."""

    class Meta:
        model = ReportingCycle
        django_get_or_create = ("iso_year", "iso_week")

    class Params:
        week = factory.LazyFunction(lambda: str(IsoWeek.of(clock.today())))
        times = factory.LazyAttribute(
            lambda row: cycle_times(rule_of(ReportingCalendar(valid_from=date(2020, 1, 6))), IsoWeek.parse(row.week))
        )

    iso_year = factory.LazyAttribute(lambda row: IsoWeek.parse(row.week).year)
    iso_week = factory.LazyAttribute(lambda row: IsoWeek.parse(row.week).week)
    opens_at = factory.LazyAttribute(lambda row: row.times.opens)
    due_at = factory.LazyAttribute(lambda row: row.times.due)
    cut_at = factory.LazyAttribute(lambda row: row.times.data_cut)
    freeze_at = factory.LazyAttribute(lambda row: row.times.freeze)
    publish_at = factory.LazyAttribute(lambda row: row.times.publication)


class StatusReportFactory(DjangoModelFactory[StatusReport]):
    """A status, green everywhere unless told otherwise."""

    class Meta:
        model = StatusReport

    project = factory.SubFactory(ProjectFactory)
    cycle = factory.SubFactory(ReportingCycleFactory)
    author = factory.SubFactory(UserFactory)
    submitted_at = factory.LazyAttribute(lambda report: report.cycle.due_at - timedelta(hours=2))
    overall = RagChoice.GREEN
    message = "Lot 2 recetté sans réserve."
    computed = factory.LazyFunction(
        lambda: {
            "overall": {"rag": "unknown", "rule": "no_facts", "use": None, "facts": {}},
            "dimensions": {},
            "targets": {},
        }
    )

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        return {**dict.fromkeys(DIMENSIONS, RagChoice.GREEN), **kwargs}


class StatusDraftFactory(DjangoModelFactory[StatusDraft]):
    class Meta:
        model = StatusDraft

    project = factory.SubFactory(ProjectFactory)
    cycle = factory.SubFactory(ReportingCycleFactory)
    author = factory.SubFactory(UserFactory)
    saved_at = factory.LazyFunction(lambda: datetime.now(UTC))
