"""Everything the project page says, from one standing, its milestones, risks and last statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.engines.deviation import (
    DateDeviation,
    MoneyDeviation,
    date_deviation,
    milestone_rag,
    milestone_slip,
    money_deviation,
)
from portfolio.engines.health import Gap, declared_gap
from portfolio.engines.lifecycle import CLOSED_PHASES
from portfolio.engines.risk_exposure import band_rag, risk_band
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.engines.vocabulary import Rag
from portfolio.enums import DimensionChoice, LifeCycle
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.models.risk import Risk
from portfolio.models.standing import FrozenStanding, Standing, StandingFields
from portfolio.models.status_report import StatusReport
from portfolio.selectors.product_counts import with_products
from portfolio.selectors.shown_state import seen_on, state_of
from portfolio.selectors.status_reading import StatusReader, status_reader
from portfolio.selectors.wording import rule_text, silence_text

RECENT = 8
TOP_RISKS = 3


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """One declared dimension beside its computation, with the rule in words."""

    label: str
    declared: str
    previous: str
    computed: str
    rule: str
    gap: Gap
    cause: str
    reason: str


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """One milestone with its three deviations folded to the one that matters on a strip."""

    pk: int
    name: str
    kind: str
    state: str
    first_approved: date
    baseline: date
    forecast: date
    actual: date | None
    slip: int
    first_slip: int
    products: int = 0
    accepted: int = 0

    @property
    def shown(self) -> date:
        return self.actual or self.forecast


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One open risk with its level as a colour and a word."""

    pk: int
    number: int
    title: str
    score: int
    state: str
    band: str
    owner: str
    proximity: str


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """What the page shows; None where nothing is known, never a zero."""

    project: Project
    standing: StandingFields
    state: str
    previous: str
    message: str
    message_week: str
    dimensions: list[DimensionLine]
    overall_rule: str
    computed_overall: str
    end: DateDeviation
    eac: MoneyDeviation
    milestones: list[MilestoneLine]
    risks: list[RiskLine] | None
    reports: list[StatusReport]
    silence: str
    status_readable: bool

    @property
    def is_new(self) -> bool:
        """Nothing planned, paid or said yet: the page shows what to fill first."""
        return not (self.milestones or self.reports or self.standing.bac is not None)

    @property
    def is_closed(self) -> bool:
        return self.project.life_cycle in {phase.value for phase in CLOSED_PHASES}

    @property
    def is_paused(self) -> bool:
        return self.project.life_cycle == LifeCycle.ON_HOLD


def project_page(user: User, project: Project, today: date) -> ProjectPage:
    """The page of one project, which the user has been let in to see."""
    reader = status_reader(user)
    told = reader.standing_of(project) or FrozenStanding(project_id=project.pk)
    live = getattr(project, "standing", None) or Standing(project=project)
    standing: StandingFields = live if reader.reads_open_week else told
    reports = _reports(user, project)
    latest = reports[0] if reports else None
    readable = latest is not None
    computed: Mapping[str, Any] = told.computed
    overall = decode_verdict(computed.get("overall", {}))
    past = _last_week(reports, today)
    return ProjectPage(
        project=project,
        standing=standing,
        state=state_of(reader, project, today),
        previous=told.previous_overall or "none",
        message=latest.message if latest else "",
        message_week=latest.cycle.slug if latest else "",
        dimensions=_dimensions(told, latest, computed),
        overall_rule=rule_text(overall),
        computed_overall=overall.rag.value,
        end=date_deviation(
            _end_of(project, standing, is_live=reader.reads_open_week),
            first_approved=project.first_approved_end,
            baseline=project.planned_end,
            last_week=past.end,
        ),
        eac=money_deviation(
            standing.eac,
            first_approved=project.first_approved_cost,
            baseline=standing.bac,
            last_week=past.eac,
        ),
        milestones=milestone_lines(project, today),
        risks=_top_risks(project) if has_permission(user, Permission.RISK_VIEW, project) else None,
        reports=reports,
        silence=_silence(reader, project, today),
        status_readable=readable,
    )


def _end_of(project: Project, standing: StandingFields, *, is_live: bool) -> date | None:
    """The end the reader is told: what the project says now, or said when the week was frozen."""
    return project.actual_end or standing.forecast_end or project.forecast_end if is_live else standing.forecast_end


def milestone_lines(project: Project, today: date) -> list[MilestoneLine]:
    """The milestones by date, each with a state: reached, late, overdue or on time."""
    rows = with_products(Milestone.objects.filter(project=project))
    lines = [milestone_line(row, today) for row in rows]
    return sorted(lines, key=lambda line: line.shown)


def milestone_line(row: Milestone, today: date) -> MilestoneLine:
    if row.actual is not None:
        state = "closed"
    else:
        state = milestone_rag(row.slip_on(today), overdue=row.is_overdue(today)).value
    return MilestoneLine(
        pk=row.pk,
        name=row.name,
        kind=str(row.get_kind_display()),
        state=state,
        first_approved=row.first_approved,
        baseline=row.baseline,
        forecast=row.forecast,
        actual=row.actual,
        slip=row.slip_on(today),
        first_slip=milestone_slip(baseline=row.first_approved, forecast=row.forecast, actual=row.actual, today=today),
        products=getattr(row, "products_due", 0),
        accepted=getattr(row, "products_accepted", 0),
    )


def _reports(user: User, project: Project) -> list[StatusReport]:
    """The last submitted statuses this person may read, newest first."""
    rows = (
        StatusReport.objects.filter(project=project)
        .select_related("cycle", "author__person", "for_person")
        .order_by("-cycle__iso_year", "-cycle__iso_week")[:RECENT]
    )
    reader = status_reader(user)
    programme = project.programme
    return [
        row
        for row in rows
        if reader.may_read(
            frozen_at=row.cycle.frozen_at,
            manager_user=project.manager.user_id if project.manager else None,
            deputy_user=project.deputy.user_id if project.deputy else None,
            programme_user=programme.manager.user_id if programme and programme.manager else None,
        )
    ]


def _dimensions(told: StandingFields, latest: StatusReport | None, computed: Mapping[str, Any]) -> list[DimensionLine]:
    verdicts: Mapping[str, Any] = computed.get("dimensions", {})
    lines = []
    for name, label in DimensionChoice.choices:
        verdict = decode_verdict(verdicts.get(name, {}))
        declared = told.declared.get(name, "")
        lines.append(
            DimensionLine(
                label=str(label),
                declared=declared or "none",
                previous=told.previous_declared.get(name, "none"),
                computed=verdict.rag.value if verdict.is_measured else "none",
                rule=rule_text(verdict),
                gap=declared_gap(Rag(declared), verdict.rag) if declared else Gap.UNKNOWN,
                cause=getattr(latest, f"cause_{name}", ""),
                reason=getattr(latest, f"reason_{name}", ""),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class _Past:
    end: date | None = None
    eac: Decimal | None = None


def _last_week(reports: list[StatusReport], today: date) -> _Past:
    """What the status before this ISO week knew of the end and the cost."""
    monday = today - timedelta(days=today.weekday())
    earlier = next(
        (row for row in reports if date.fromisocalendar(row.cycle.iso_year, row.cycle.iso_week, 1) < monday), None
    )
    if earlier is None:
        return _Past()
    targets: Mapping[str, Any] = earlier.computed.get("targets", {})
    time = decode_verdict(targets.get("time", {})).facts
    cost = decode_verdict(targets.get("cost", {})).facts
    end, eac = time.get("forecast"), cost.get("forecast")
    return _Past(
        end=end if isinstance(end, date) and "milestone" not in time else None,
        eac=eac if isinstance(eac, Decimal) else None,
    )


def _top_risks(project: Project) -> list[RiskLine]:
    rows = Risk.objects.filter(project=project, state="open").select_related("owner")
    return [risk_line(row) for row in sorted(rows, key=lambda row: (-row.score, row.number))[:TOP_RISKS]]


def risk_line(row: Risk) -> RiskLine:
    band = risk_band(row.score)
    return RiskLine(
        pk=row.pk,
        number=row.number,
        title=row.title,
        score=row.score,
        state=band_rag(band).value,
        band=band.value,
        owner=row.owner.full_name if row.owner else "",
        proximity=str(row.get_proximity_display()),
    )


def _silence(reader: StatusReader, project: Project, today: date) -> str:
    """How long the project has been silent, when it should not be."""
    if state_of(reader, project, today) != "stale":
        return ""
    told = reader.standing_of(project)
    if told is None or told.last_status_on is None:
        return silence_text(None)
    return silence_text((seen_on(reader, told.computed_at, today) - told.last_status_on).days)
