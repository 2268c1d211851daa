"""All facts of many projects in one statement: what the computed standing is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject

from config.clock import BRUSSELS
from portfolio.engines.health import MilestoneFacts, ProjectFacts, RiskFacts, ToleranceFacts
from portfolio.engines.reporting_calendar import IsoWeek
from portfolio.engines.vocabulary import Target, Unit
from portfolio.models.cost import BudgetLine
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project, ProjectQuerySet
from portfolio.models.risk import Risk
from portfolio.models.status_report import DIMENSIONS, StatusReport
from portfolio.models.tolerance import Tolerance

REPORTS_READ = 13


@dataclass(frozen=True, slots=True)
class BudgetRow:
    year: int
    nature: str
    approved: Decimal
    actual: Decimal
    forecast: Decimal | None
    actual_source: str = ""
    actual_on: date | None = None


@dataclass(frozen=True, slots=True)
class RowKey:
    """Which row a fact came from, for the forms that write it back; `day` is a risk's last confirmation."""

    pk: int
    version: int
    kind: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One submitted status, as the standing needs it."""

    cycle_id: int
    week: IsoWeek
    submitted_on: date
    overall: str
    declared: dict[str, str]
    computed_overall: str
    message: str
    message_language: str
    ask_kind: str
    ask_text: str
    ask_body: str
    ask_on: date | None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project with everything its standing depends on; `reports` newest first."""

    pk: int
    life_cycle: str
    created_on: date
    start: date | None
    planned_end: date | None
    first_approved_end: date | None
    forecast_end: date | None
    actual_end: date | None
    milestones: tuple[MilestoneFacts, ...]
    budget: tuple[BudgetRow, ...]
    tolerances: dict[Target, ToleranceFacts]
    risks: tuple[RiskFacts, ...]
    reports: tuple[ReportRow, ...]
    milestone_keys: tuple[RowKey, ...] = ()
    risk_keys: tuple[RowKey, ...] = ()

    @property
    def bac(self) -> Decimal | None:
        """Approved budget of all years; None without a budget line."""
        return sum((line.approved for line in self.budget), Decimal(0)) if self.budget else None

    @property
    def actual(self) -> Decimal | None:
        return sum((line.actual for line in self.budget), Decimal(0)) if self.budget else None

    @property
    def eac(self) -> Decimal | None:
        """Forecast of all years; a year nobody forecast counts as approved, or spent if more.

        None when no year has a forecast: an estimate nobody made is not an estimate.
        """
        if not any(line.forecast is not None for line in self.budget):
            return None
        return sum(
            (line.forecast if line.forecast is not None else max(line.approved, line.actual) for line in self.budget),
            Decimal(0),
        )

    @property
    def expected_end(self) -> date | None:
        """The end the forecasts imply: never before the forecast of an open milestone."""
        dates = [self.forecast_end or self.planned_end]
        dates += [item.forecast for item in self.milestones if item.actual is None]
        return max((day for day in dates if day is not None), default=None)


def project_rows(project_ids: Iterable[int] | None) -> list[ProjectRow]:
    """The facts of the projects named, or of all of them, in one SQL statement."""
    projects: ProjectQuerySet = Project.objects.all()
    if project_ids is not None:
        projects = projects.filter(pk__in=list(project_ids))
    rows = projects.order_by("pk").values(
        "pk",
        "life_cycle",
        "created_at",
        "start",
        "planned_end",
        "first_approved_end",
        "forecast_end",
        "actual_end",
        milestone_rows=_rows(Milestone.objects.order_by("baseline", "pk"), _MILESTONE),
        budget_rows=_rows(BudgetLine.objects.order_by("year", "nature"), _BUDGET),
        tolerance_rows=_rows(Tolerance.objects.order_by("target"), _TOLERANCE),
        risk_rows=_rows(Risk.objects.filter(state="open").order_by("number"), _RISK),
        report_rows=_rows(
            StatusReport.objects.order_by("-cycle__iso_year", "-cycle__iso_week"),
            _REPORT,
            limit=REPORTS_READ,
        ),
    )
    return [_row(raw) for raw in rows]


def facts_of(row: ProjectRow, now: datetime) -> ProjectFacts:
    """The engine's view of one project at `now`."""
    return ProjectFacts(
        as_of=now.astimezone(BRUSSELS).date(),
        last_status_on=row.reports[0].submitted_on if row.reports else None,
        baseline_start=row.start,
        baseline_end=row.planned_end,
        forecast_end=row.expected_end,
        first_approved_end=row.first_approved_end,
        actual_end=row.actual_end,
        milestones=row.milestones,
        bac=row.bac,
        eac=row.eac,
        tolerances=row.tolerances,
        risks=row.risks,
    )


def _text(name: str) -> Cast:
    return Cast(name, TextField())


_MILESTONE = JSONObject(
    pk=F("pk"),
    version=F("version"),
    kind=F("kind"),
    name=F("name"),
    baseline=_text("baseline"),
    forecast=_text("forecast"),
    actual=_text("actual"),
)
_BUDGET = JSONObject(
    year=F("year"),
    nature=F("nature"),
    approved=_text("approved"),
    actual=_text("actual"),
    forecast=_text("forecast"),
    source=F("actual_source"),
    on=_text("actual_on"),
)
_TOLERANCE = JSONObject(
    target=F("target"),
    unit=F("unit"),
    measure=F("measure"),
    minus=_text("minus"),
    plus=_text("plus"),
    baseline=_text("baseline"),
    forecast=_text("forecast"),
)
_RISK = JSONObject(
    pk=F("pk"),
    version=F("version"),
    confirmed=_text("confirmed_on"),
    number=F("number"),
    title=F("title"),
    probability=F("probability"),
    impact=F("impact"),
    amount=_text("impact_amount"),
)
_REPORT = JSONObject(
    cycle=F("cycle_id"),
    year=F("cycle__iso_year"),
    week=F("cycle__iso_week"),
    on=Cast("submitted_at__date", TextField()),
    overall=F("overall"),
    computed=F("computed__overall__rag"),
    message=F("message"),
    language=F("message_language"),
    ask_kind=F("ask_kind"),
    ask_text=F("ask_text"),
    ask_body=F("ask_body"),
    ask_on=_text("ask_on"),
    **{dimension: F(dimension) for dimension in DIMENSIONS},
)


def _rows(queryset: QuerySet[Any], shape: JSONObject, limit: int | None = None) -> ArraySubquery:
    rows = queryset.filter(project=OuterRef("pk"))
    shaped = rows.values_list(shape)
    return ArraySubquery(shaped[:limit] if limit else shaped)


def _row(raw: Mapping[str, Any]) -> ProjectRow:
    return ProjectRow(
        pk=raw["pk"],
        life_cycle=raw["life_cycle"],
        created_on=raw["created_at"].date(),
        start=raw["start"],
        planned_end=raw["planned_end"],
        first_approved_end=raw["first_approved_end"],
        forecast_end=raw["forecast_end"],
        actual_end=raw["actual_end"],
        milestones=tuple(
            MilestoneFacts(item["name"], _day(item["baseline"]), _day(item["forecast"]), _day(item["actual"]))
            for item in raw["milestone_rows"]
        ),
        budget=tuple(_budget(item) for item in raw["budget_rows"]),
        tolerances={Target(item["target"]): _tolerance(item) for item in raw["tolerance_rows"]},
        risks=tuple(
            RiskFacts(
                probability=item["probability"],
                impact=item["impact"],
                impact_eur=_amount(item["amount"]),
                code=f"R-{item['number']:02d}",
                title=item["title"],
            )
            for item in raw["risk_rows"]
        ),
        reports=tuple(_report(item) for item in raw["report_rows"]),
        milestone_keys=tuple(RowKey(item["pk"], item["version"], item["kind"]) for item in raw["milestone_rows"]),
        risk_keys=tuple(RowKey(item["pk"], item["version"], day=_day(item["confirmed"])) for item in raw["risk_rows"]),
    )


def _budget(item: dict[str, Any]) -> BudgetRow:
    return BudgetRow(
        year=item["year"],
        nature=item["nature"],
        approved=Decimal(item["approved"]),
        actual=Decimal(item["actual"]),
        forecast=_amount(item["forecast"]),
        actual_source=item["source"],
        actual_on=_day(item["on"]),
    )


def _tolerance(item: dict[str, Any]) -> ToleranceFacts:
    return ToleranceFacts(
        minus=_amount(item["minus"]),
        plus=_amount(item["plus"]),
        baseline=_amount(item["baseline"]),
        forecast=_amount(item["forecast"]),
        unit=Unit(item["unit"]),
        measure=item["measure"],
    )


def _report(item: dict[str, Any]) -> ReportRow:
    return ReportRow(
        cycle_id=item["cycle"],
        week=IsoWeek(item["year"], item["week"]),
        submitted_on=date.fromisoformat(item["on"]),
        overall=item["overall"],
        declared={dimension: item[dimension] for dimension in DIMENSIONS},
        computed_overall=item["computed"] or "unknown",
        message=item["message"],
        message_language=item["language"],
        ask_kind=item["ask_kind"],
        ask_text=item["ask_text"],
        ask_body=item["ask_body"],
        ask_on=_day(item["ask_on"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
