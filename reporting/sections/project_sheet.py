"""Annex: one page per priority project, in the order of page 5."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.web import formats
from governance.enums import ConfidenceLevel
from portfolio.enums import LifeCycle, Proximity, RiskResponse
from portfolio.selectors.wording import rule_text
from reporting.charts.budget_bars import BudgetRow, budget_bar, scale_of
from reporting.engines.edition import AMBER, DIMENSIONS, GREEN, RED, Edition, MilestoneFacts, ProjectFacts, RiskFacts
from reporting.engines.edition_decisions import RequestFacts
from reporting.sections.base import Mark, Page, clip, dimension_name, mark_of, shown, spoken_state, top_projects
from reporting.sections.exceptions import verdict_of
from reporting.sections.top_projects import strip

MILESTONES_SHOWN = 9
RISKS_SHOWN = 4
SIGNS_A_LINE = 50
LINES_IN_FULL = 17
PURPOSE_MAX = 420


@dataclass(frozen=True, slots=True)
class DimensionRow:
    name: str
    declared: str
    previous: str
    computed: str
    rule: str
    note: str
    has_gap: bool


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    item: MilestoneFacts
    state: str
    slip: int


@dataclass(frozen=True, slots=True)
class YearRow:
    year: str
    bar: SafeString
    approved: Decimal
    actual: Decimal
    forecast: Decimal | None


@dataclass(frozen=True, slots=True)
class RiskRow:
    risk: RiskFacts
    response: str
    proximity: str


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ProjectSheet:
    project: Mark
    spoken: str
    message: str
    message_language: str
    purpose: str
    people: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    dimensions: tuple[DimensionRow, ...]
    milestones: tuple[MilestoneRow, ...]
    more_milestones: int
    years: tuple[YearRow, ...]
    risks: tuple[RiskRow, ...]
    more_risks: int
    requests: tuple[tuple[RequestFacts, str], ...]
    strip: SafeString | None

    @property
    def is_dense(self) -> bool:
        """Whether one of the two columns needs the smaller type to stay on one page."""
        left = 3.0 * bool(self.risks)
        left += sum(
            1 + len(row.rule) // SIGNS_A_LINE + (1 + len(row.note) // SIGNS_A_LINE if row.note else 0)
            for row in self.dimensions
        )
        left += sum(1 + (len(row.risk.title) + len(row.risk.action) + 60) // (2 * SIGNS_A_LINE) for row in self.risks)
        right = 3.0 * sum(1 for heading in (self.years, self.requests) if heading) + len(self.years)
        right += len(self.milestones) + bool(self.more_milestones) + 2.0 * len(self.requests)
        return max(left, right) > LINES_IN_FULL


def build_all(edition: Edition, language: str) -> tuple[Page, ...]:
    return tuple(
        build(project, position, edition, language) for position, project in enumerate(top_projects(edition), start=1)
    )


def build(project: ProjectFacts, position: int, edition: Edition, language: str) -> Page:
    name = shown(project.names, language)
    message, message_language = _message(project, language)
    milestones = _milestones(project, edition)
    open_risks = project.open_risks
    body = ProjectSheet(
        project=mark_of(project, language),
        spoken=spoken_state(project),
        message=message,
        message_language=message_language,
        purpose=clip(project.purpose, PURPOSE_MAX),
        people=_people(project, edition, language),
        facts=_facts(project),
        dimensions=tuple(_dimension(project, name) for name in DIMENSIONS) if project.computed else (),
        milestones=tuple(
            MilestoneRow(item, "closed" if item.actual else item.rag_on(edition.today), item.slip_on(edition.today))
            for item in milestones
        ),
        more_milestones=len(project.milestones) - len(milestones),
        years=_years(project),
        risks=tuple(
            RiskRow(risk, str(RiskResponse(risk.response).label), str(Proximity(risk.proximity).label))
            for risk in open_risks[:RISKS_SHOWN]
        ),
        more_risks=max(0, len(open_risks) - RISKS_SHOWN),
        requests=_requests(project, edition, language),
        strip=strip_of_sheet(project, edition),
    )
    return Page(
        key=f"sheet-{position}",
        name=f"A{position}",
        title=name,
        subtitle=f"A{position} · {project.code}",
        template="sections/project_sheet.html",
        body=body,
        bookmark=f"A{position} · {name}",
        level=2,
    )


def strip_of_sheet(project: ProjectFacts, edition: Edition) -> SafeString | None:
    """The last twelve weeks; nothing where no week ever had a colour."""
    if not {RED, AMBER, GREEN} & set(project.history):
        return None
    drawn = strip(project, edition, width=168)
    return SafeString(drawn.replace(f"weeks-{project.code}", f"sheet-weeks-{project.code}"))


def _message(project: ProjectFacts, language: str) -> tuple[str, str]:
    if project.status is not None:
        return project.status.message, project.status.language
    if not project.owes_status:
        return gettext("Pas de statut attendu à cette étape."), language
    if project.last_status_on is None:
        return gettext("Aucun statut reçu à ce jour."), language
    text = gettext("Aucun statut cette semaine ; le dernier date du %(date)s.")
    return text % {"date": formats.date_short(project.last_status_on)}, language


def _people(project: ProjectFacts, edition: Edition, language: str) -> tuple[Fact, ...]:
    programme = next((shown(row.names, language) for row in edition.programmes if row.code == project.programme), "")
    axis = next((shown(row.names, language) for row in edition.axes if row.code == project.axis), "")
    facts = (
        Fact(gettext("Chef de projet"), project.manager.full if project.manager else gettext("non désigné")),
        Fact(gettext("Statut remis par"), _signature(project)),
        Fact(gettext("Exécutif"), project.sponsor.full if project.sponsor else gettext("non désigné")),
        Fact(gettext("Programme"), programme),
        Fact(gettext("Axe"), axis),
        Fact(gettext("Étape"), str(LifeCycle(project.life_cycle).label)),
        Fact(gettext("Rang"), str(project.rank) if project.rank else ""),
        Fact(gettext("Confiance dans la livraison"), _confidence(project)),
        Fact(gettext("Référence remplacée"), f"× {project.rebaselined}" if project.rebaselined else ""),
    )
    return tuple(fact for fact in facts if fact.value)


def _confidence(project: ProjectFacts) -> str:
    """What the project office or a reviewer gave, apart from the declared colour."""
    if not project.confidence:
        return ""
    label = str(ConfidenceLevel(project.confidence).label)
    if project.confidence_on is None:
        return label
    return gettext("%(level)s, donnée le %(date)s") % {
        "level": label,
        "date": formats.date_short(project.confidence_on),
    }


def _signature(project: ProjectFacts) -> str:
    """Said only when somebody stood in for the project manager."""
    status = project.status
    if status is None or not status.for_person:
        return ""
    return gettext("%(deputy)s, suppléant de %(person)s") % {"deputy": status.author, "person": status.for_person}


def _facts(project: ProjectFacts) -> tuple[Fact, ...]:
    """The line of numbers; a figure nobody has is left out."""
    facts = []
    if project.forecast_end is not None:
        slip = project.end_slip_days
        value = formats.date_short(project.forecast_end)
        facts.append(Fact(_end_label(project), value))
        if slip is not None:
            facts.append(Fact(gettext("à la référence"), formats.delta_days(slip), _tone(slip)))
    if project.first_approved_end is not None and project.forecast_end is not None:
        first = (project.forecast_end - project.first_approved_end).days
        facts.append(Fact(gettext("à la 1re approbation"), formats.delta_days(first), _tone(first)))
    if project.bac is not None:
        facts.append(Fact(gettext("budget approuvé"), formats.keuro(project.bac)))
    if project.eac is not None:
        facts.append(Fact(gettext("coût final estimé"), formats.keuro(project.eac)))
    if project.overrun_percent is not None:
        tone = _tone(formats.round_half_up(project.overrun_percent, 1))
        facts.append(Fact(gettext("au budget"), formats.delta_percent(project.overrun_percent), tone))
    if project.exposure:
        facts.append(Fact(gettext("exposition"), formats.keuro(project.exposure)))
    return tuple(facts)


def _end_label(project: ProjectFacts) -> str:
    """With what the week has changed, where the week before knew an end."""
    past = project.previous.end if project.previous else None
    if past is None or project.forecast_end is None:
        return gettext("fin prévue")
    moved = formats.delta_days((project.forecast_end - past).days)
    return gettext("fin prévue, %(days)s sur la semaine") % {"days": moved}


def _tone(value: Decimal | int) -> str:
    return "zero" if not value else "bad" if value > 0 else "good"


def _dimension(project: ProjectFacts, name: str) -> DimensionRow:
    verdict = project.computed.get(name)
    status = project.status
    declared = status.declared.get(name, "none") if status else project.state
    computed = verdict.rag if verdict else "unknown"
    reason = status.reasons.get(name, "") if status else ""
    cause = status.causes.get(name, "") if status else ""
    return DimensionRow(
        name=dimension_name(name).capitalize(),
        declared=declared,
        previous=project.previous.declared.get(name, "") if project.previous else "",
        computed=computed,
        rule=rule_text(verdict_of(verdict)) if verdict else "",
        note=reason or cause,
        has_gap=status is not None and computed != "unknown" and computed != declared,
    )


def _milestones(project: ProjectFacts, edition: Edition) -> list[MilestoneFacts]:
    """The last one reached, then the open ones, by date."""
    reached = sorted(
        (item for item in project.milestones if item.actual), key=lambda item: item.actual or item.forecast
    )
    waiting = sorted((item for item in project.milestones if not item.actual), key=lambda item: item.forecast)
    kept = waiting[:MILESTONES_SHOWN]
    return [*reached[-(max(1, MILESTONES_SHOWN - len(kept))) :], *kept][:MILESTONES_SHOWN]


def _years(project: ProjectFacts) -> tuple[YearRow, ...]:
    sums: dict[int, list[Decimal | None]] = {}
    for line in project.budget:
        known = sums.setdefault(line.year, [Decimal(0), Decimal(0), None])
        known[0] = (known[0] or Decimal(0)) + line.approved
        known[1] = (known[1] or Decimal(0)) + line.actual
        if line.forecast is not None:
            known[2] = (known[2] or Decimal(0)) + line.forecast
    bars = {year: BudgetRow(str(year), row[0], row[1] or None, row[2]) for year, row in sums.items()}
    scale = scale_of(list(bars.values())) if bars else Decimal(1)
    return tuple(
        YearRow(
            year=str(year),
            bar=budget_bar(
                bar,
                scale_max=scale,
                title=_year_title(bar),
                chart_id=f"year-{project.code}-{year}",
                width=150,
                height=16,
            ),
            approved=bar.budget or Decimal(0),
            actual=bar.actual or Decimal(0),
            forecast=bar.forecast,
        )
        for year, bar in bars.items()
    )


def _year_title(bar: BudgetRow) -> str:
    return gettext("%(year)s : budget %(budget)s, réel %(actual)s, prévision %(forecast)s") % {
        "year": bar.label,
        "budget": formats.keuro(bar.budget),
        "actual": formats.keuro(bar.actual or Decimal(0)),
        "forecast": formats.keuro(bar.forecast),
    }


def _requests(project: ProjectFacts, edition: Edition, language: str) -> tuple[tuple[RequestFacts, str], ...]:
    bodies = {body.code: shown(body.names, language) for body in edition.bodies}
    return tuple((item, bodies.get(item.body, item.body)) for item in edition.requests if item.project == project.code)
