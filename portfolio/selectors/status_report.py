"""The weekly status of one project as its form needs it: what is stored, what it implies, what CODIR will read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Q
from django.http import Http404

from config.clock import BRUSSELS
from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.engines.deviation import milestone_slip
from portfolio.engines.health import Assessment, MilestoneFacts, Rag, assess
from portfolio.engines.risk_exposure import band_rag, risk_band
from portfolio.engines.status_checks import JUDGED, MilestoneEntry, StatusEntry
from portfolio.engines.vocabulary import Dimension
from portfolio.enums import AskKind
from portfolio.models import Project, ReportingCycle, StatusReport
from portfolio.models.status_report import DIMENSIONS
from portfolio.selectors.facts import ProjectRow, facts_of, project_rows

WEEKS_READ = 13
TEXTS = (*(f"cause_{name}" for name in DIMENSIONS), *(f"reason_{name}" for name in JUDGED), "message")
ON = "on"

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone as the form shows it."""

    pk: int
    name: str
    kind: str
    baseline: date | None
    forecast: date | None
    actual: date | None

    @property
    def expected(self) -> date | None:
        return self.actual or self.forecast


@dataclass(frozen=True, slots=True)
class RiskLine:
    """An open risk to confirm; `confirmed` once for this week."""

    pk: int
    code: str
    title: str
    rag: str
    confirmed: bool


@dataclass(frozen=True)
class StatusSheet:
    """Everything stored about one project and week; `reports` newest first, up to that week."""

    project: Project
    cycle: ReportingCycle
    row: ProjectRow
    reports: tuple[StatusReport, ...]

    @cached_property
    def current(self) -> StatusReport | None:
        return next((report for report in self.reports if report.cycle_id == self.cycle.pk), None)

    @cached_property
    def previous(self) -> StatusReport | None:
        return next((report for report in self.reports if report.cycle_id != self.cycle.pk), None)

    @cached_property
    def source(self) -> StatusReport | None:
        """What the form is prefilled from."""
        return self.current or self.previous

    @cached_property
    def milestones(self) -> tuple[MilestoneLine, ...]:
        return tuple(
            MilestoneLine(key.pk, fact.name, key.kind, fact.baseline, fact.forecast, fact.actual)
            for key, fact in zip(self.row.milestone_keys, self.row.milestones, strict=True)
        )

    @cached_property
    def risks(self) -> tuple[RiskLine, ...]:
        since = self._confirmed_since()
        return tuple(
            RiskLine(
                pk=key.pk,
                code=fact.code,
                title=fact.title,
                rag=band_rag(risk_band(fact.score)).value,
                confirmed=key.day is not None and key.day >= since,
            )
            for key, fact in zip(self.row.risk_keys, self.row.risks, strict=True)
        )

    def _confirmed_since(self) -> date:
        monday = date.fromisocalendar(self.cycle.iso_year, self.cycle.iso_week, 1)
        if self.current is None:
            return monday
        return min(monday, self.current.submitted_at.astimezone(BRUSSELS).date())


@dataclass(frozen=True, slots=True)
class CodirLine:
    """One line of the pack's page 5, from the values as typed."""

    code: str
    name: str
    name_language: str
    previous: str
    current: str
    message: str
    message_language: str
    milestone: str
    milestone_on: date | None
    milestone_slip: int | None
    eac: Decimal | None
    eac_percent: Decimal | None
    manager: str
    rank: int | None


def load_sheet(project: Project, cycle: ReportingCycle, *, weeks: int = WEEKS_READ) -> StatusSheet:
    """Two statements, whatever the number of milestones, risks and weeks."""
    until = Q(cycle__iso_year__lt=cycle.iso_year) | Q(
        cycle__iso_year=cycle.iso_year, cycle__iso_week__lte=cycle.iso_week
    )
    reports = (
        StatusReport.objects.filter(until, project=project)
        .select_related("cycle", "author__person", "for_person")
        .order_by("-cycle__iso_year", "-cycle__iso_week")[:weeks]
    )
    (row,) = project_rows([project.pk])
    return StatusSheet(project=project, cycle=cycle, row=row, reports=tuple(reports))


def stored_values(sheet: StatusSheet, now: datetime) -> dict[str, str]:
    """The form as stored: this week's status, else last week's, else what plan and mandate imply."""
    values = _declared_values(sheet.source) if sheet.source else _first_values(sheet, now)
    for item in sheet.milestones:
        values[f"milestone-{item.pk}"] = item.expected.isoformat() if item.expected else ""
        values[f"reached-{item.pk}"] = ON if item.actual else ""
    for risk in sheet.risks:
        values[f"risk-{risk.pk}"] = ON if risk.confirmed else ""
    return values


def what_if(sheet: StatusSheet, values: Values) -> ProjectRow:
    """The facts as they would be with these milestone dates."""
    milestones = tuple(
        _moved(fact, values, key.pk) for key, fact in zip(sheet.row.milestone_keys, sheet.row.milestones, strict=True)
    )
    return replace(sheet.row, milestones=milestones)


def assess_values(sheet: StatusSheet, values: Values, now: datetime) -> Assessment:
    """What the engine says of the project with the dates as typed."""
    return assess(facts_of(what_if(sheet, values), now))


def entry_of(sheet: StatusSheet, values: Values, assessment: Assessment) -> StatusEntry:
    """The typed status beside computation and last week, for the coherence rules."""
    body, day = split_destination(values.get("ask_to", ""))
    return StatusEntry(
        declared={name: rag_of(values.get(name, "")) for name in JUDGED},
        previous={name: rag_of(getattr(sheet.previous, name, "")) for name in JUDGED},
        computed=computed_colours(assessment),
        causes={name: values.get(f"cause_{name}", "") for name in DIMENSIONS},
        reasons={name: values.get(f"reason_{name}", "") for name in JUDGED},
        message=values.get("message", ""),
        previous_message=sheet.previous.message if sheet.previous else "",
        milestones=tuple(_milestone_entry(item, values) for item in sheet.milestones if item.actual is None),
        ask_kind=values.get("ask_kind", AskKind.NONE),
        ask_text=values.get("ask_text", ""),
        ask_body=body,
        ask_on=day,
        risks_open=len(sheet.risks),
        risks_confirmed=sum(1 for risk in sheet.risks if values.get(f"risk-{risk.pk}") == ON),
    )


def computed_colours(assessment: Assessment) -> dict[str, Rag]:
    dimensions = {dimension.value: assessment.dimensions[dimension].rag for dimension in Dimension}
    return {"overall": assessment.overall.rag, **dimensions}


def codir_line(sheet: StatusSheet, values: Values, now: datetime) -> CodirLine:
    """The project's line of the pack, were the form published as typed."""
    row, project = what_if(sheet, values), sheet.project
    ahead = [item for item in row.milestones if item.actual is None and item.forecast is not None]
    following = min(ahead, key=lambda item: item.forecast or date.max, default=None)
    slip = None
    if following and following.forecast and following.baseline:
        slip = milestone_slip(
            baseline=following.baseline, forecast=following.forecast, actual=None, today=now.astimezone(BRUSSELS).date()
        )
    share = None
    if row.eac is not None and row.bac:
        share = (row.eac - row.bac) / row.bac * 100
    return CodirLine(
        code=project.code,
        name=project.name,
        name_language=project.name_language,
        previous=sheet.previous.overall if sheet.previous else "none",
        current=values.get("overall") or "none",
        message=values.get("message", ""),
        message_language=sheet.source.message_language if sheet.source else "fr",
        milestone=following.name if following else "",
        milestone_on=following.forecast if following else None,
        milestone_slip=slip,
        eac=row.eac,
        eac_percent=share,
        manager=project.manager.full_name if project.manager else "",
        rank=project.priority_rank if project.is_top else None,
    )


def visible_reports(user: User, project: Project) -> list[StatusReport]:
    """The submitted statuses of a project this reader may read, newest first."""
    reports = (
        StatusReport.objects.filter(project=project)
        .select_related("cycle", "author__person", "for_person", "project__programme")
        .order_by("-cycle__iso_year", "-cycle__iso_week")
    )
    return [report for report in reports if may_read(user, report)]


def is_given(project: Project, cycle: ReportingCycle) -> bool:
    """Whether the status of that week was submitted, for readers who may not read its words yet."""
    return StatusReport.objects.filter(project=project, cycle=cycle).exists()


def may_read(user: User, report: StatusReport) -> bool:
    """Whether the reader's roles reach this status: all, own, own programme, or once frozen."""
    return has_permission(user, Permission.STATUS_VIEW, report)


def report_of_week(reports: list[StatusReport], slug: str) -> StatusReport:
    """The report of `2026-W47` among these; Http404 otherwise."""
    for report in reports:
        if report.cycle.slug == slug:
            return report
    raise Http404


def split_destination(text: str) -> tuple[str, date | None]:
    """`CODE@2026-11-27` as body and day; a missing or unreadable day is None."""
    body, _at, day = text.partition("@")
    try:
        return body, date.fromisoformat(day)
    except ValueError:
        return body, None


def destination(body: str, day: date | None) -> str:
    return f"{body}@{day.isoformat() if day else ''}" if body else ""


def _declared_values(report: StatusReport) -> dict[str, str]:
    values = {name: str(getattr(report, name)) for name in (*JUDGED, *TEXTS)}
    values["ask_kind"] = report.ask_kind
    values["ask_text"] = report.ask_text
    values["ask_to"] = destination(report.ask_body, report.ask_on)
    return values


def _first_values(sheet: StatusSheet, now: datetime) -> dict[str, str]:
    colours = computed_colours(assess(facts_of(sheet.row, now)))
    values = {name: rag.value if rag.is_known else "" for name, rag in colours.items()}
    return {**values, **dict.fromkeys(TEXTS, ""), "ask_kind": AskKind.NONE.value, "ask_text": "", "ask_to": ""}


def _moved(fact: MilestoneFacts, values: Values, pk: int) -> MilestoneFacts:
    typed = values.get(f"milestone-{pk}")
    if typed is None:
        return fact
    day = _day(typed)
    reached = values.get(f"reached-{pk}") == ON
    return replace(fact, forecast=day or fact.forecast, actual=day if reached else None)


def _milestone_entry(item: MilestoneLine, values: Values) -> MilestoneEntry:
    expected = _day(values.get(f"milestone-{item.pk}", "")) or item.expected
    return MilestoneEntry(
        key=item.pk,
        name=item.name,
        expected=expected,
        reached=values.get(f"reached-{item.pk}") == ON,
        moved=expected != item.expected,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def rag_of(text: str) -> Rag | None:
    try:
        return Rag(text)
    except ValueError:
        return None
