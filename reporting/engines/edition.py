"""The facts of one cut: all that a pack may print, as frozen values.

This is schema 2 of `Snapshot.data`. A field may be added with a default; a change of meaning is a
new schema number; 2 brought the confidentiality of projects and the corrections of an erratum. Money
is Decimal, days are dates, instants are aware UTC, colours are the values of
`portfolio.engines.vocabulary.Rag` or one of the shown states below. No text is translated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from portfolio.engines.deviation import milestone_rag, milestone_slip
from portfolio.engines.reporting_calendar import BRUSSELS
from reporting.engines.edition_decisions import DecisionFacts, ExceptionFacts, FollowUpFacts, RequestFacts

SCHEMA_VERSION = 2

GREEN, AMBER, RED = "green", "amber", "red"
STALE, PAUSED, NOT_OWED = "stale", "paused", "none"
INTERNAL = "internal"
DIMENSIONS = ("time", "cost", "scope", "resources", "risk")


@dataclass(frozen=True, slots=True)
class Names:
    """A name in the three languages; French is the master."""

    fr: str
    nl: str = ""
    en: str = ""

    def text(self, language: str) -> str:
        return {"nl": self.nl, "en": self.en}.get(language, "") or self.fr

    def language(self, language: str) -> str:
        """The language of what `text` answers."""
        return language if {"nl": self.nl, "en": self.en}.get(language) else "fr"


@dataclass(frozen=True, slots=True)
class PersonName:
    full: str
    last: str


@dataclass(frozen=True, slots=True)
class AxisFacts:
    code: str
    names: Names


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    code: str
    names: Names


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    name: str
    kind: str
    first_approved: date
    baseline: date
    forecast: date
    actual: date | None = None

    def slip_on(self, today: date) -> int:
        """Days after the baseline at the cut, to whose day an overdue milestone has slipped at least."""
        return milestone_slip(baseline=self.baseline, forecast=self.forecast, actual=self.actual, today=today)

    def is_overdue(self, today: date) -> bool:
        return self.actual is None and self.forecast < today

    def rag_on(self, today: date) -> str:
        return milestone_rag(self.slip_on(today), overdue=self.is_overdue(today)).value


@dataclass(frozen=True, slots=True)
class BudgetFacts:
    year: int
    nature: str
    approved: Decimal
    actual: Decimal
    forecast: Decimal | None
    actual_source: str = ""
    actual_on: date | None = None


@dataclass(frozen=True, slots=True)
class RiskFacts:
    number: int
    title: str
    cause: str
    event: str
    effect: str
    probability: int
    impact: int
    amount: Decimal | None
    owner: str
    response: str
    action: str
    proximity: str
    raised_on: date
    closed_on: date | None = None

    @property
    def score(self) -> int:
        return self.probability * self.impact


@dataclass(frozen=True, slots=True)
class ToleranceFacts:
    target: str
    minus: Decimal | None
    plus: Decimal | None
    unit: str
    measure: str = ""


@dataclass(frozen=True, slots=True)
class VerdictFacts:
    """One computed colour, its rule and its facts as (type, text), as `verdict_codec` writes them."""

    rag: str
    rule: str
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    use: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What was declared for one week."""

    overall: str
    declared: Mapping[str, str]
    causes: Mapping[str, str]
    reasons: Mapping[str, str]
    message: str
    language: str
    ask_kind: str
    ask_text: str
    ask_body: str
    ask_on: date | None
    author: str
    submitted_at: datetime
    unchanged: bool = False
    for_person: str = ""


@dataclass(frozen=True, slots=True)
class PreviousFacts:
    """The same project one week before; colours None where the week had no status from it."""

    state: str
    declared: Mapping[str, str]
    eac: Decimal | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """One project at the cut. `state` is what the pack shows: silence is `stale`, never a colour."""

    code: str
    names: Names
    state: str
    owes_status: bool
    life_cycle: str
    manager: PersonName | None = None
    sponsor: PersonName | None = None
    programme: str = ""
    axis: str = ""
    rank: int | None = None
    is_top: bool = False
    purpose: str = ""
    start: date | None = None
    first_approved_end: date | None = None
    planned_end: date | None = None
    forecast_end: date | None = None
    first_approved_cost: Decimal | None = None
    bac: Decimal | None = None
    eac: Decimal | None = None
    actual: Decimal | None = None
    exposure: Decimal = Decimal(0)
    status: StatusFacts | None = None
    previous: PreviousFacts | None = None
    last_state: str = ""
    last_status_on: date | None = None
    computed_overall: str = "unknown"
    computed: Mapping[str, VerdictFacts] = field(default_factory=dict)
    gap_weeks: int = 0
    history: tuple[str, ...] = ()
    milestones: tuple[MilestoneFacts, ...] = ()
    budget: tuple[BudgetFacts, ...] = ()
    risks: tuple[RiskFacts, ...] = ()
    tolerances: tuple[ToleranceFacts, ...] = ()
    confidentiality: str = ""
    confidence: str = ""
    confidence_on: date | None = None
    rebaselined: int = 0

    @property
    def is_silent(self) -> bool:
        """A status was owed for this week and none came."""
        return self.owes_status and self.status is None

    @property
    def end_slip_days(self) -> int | None:
        if self.forecast_end is None or self.planned_end is None:
            return None
        return (self.forecast_end - self.planned_end).days

    @property
    def overrun(self) -> Decimal | None:
        return None if self.bac is None or self.eac is None else self.eac - self.bac

    @property
    def overrun_percent(self) -> Decimal | None:
        return None if not self.bac or self.eac is None else (self.eac - self.bac) * 100 / self.bac

    @property
    def next_milestone(self) -> MilestoneFacts | None:
        """The open milestone that is forecast first."""
        waiting = [item for item in self.milestones if item.actual is None]
        return min(waiting, key=lambda item: (item.forecast, item.name), default=None)

    def tolerance(self, target: str) -> ToleranceFacts | None:
        return next((item for item in self.tolerances if item.target == target), None)

    @property
    def open_risks(self) -> tuple[RiskFacts, ...]:
        """Open risks, highest level first."""
        opened = [risk for risk in self.risks if risk.closed_on is None]
        return tuple(sorted(opened, key=lambda risk: (-risk.score, risk.number)))


@dataclass(frozen=True, slots=True)
class BodyFacts:
    code: str
    names: Names
    kind: str
    level: int
    sittings: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviousWeek:
    """Totals of the week before, for the differences on the cover; from its snapshot or its statuses."""

    week: str
    counts: Mapping[str, int]
    received: int
    expected: int
    decisions: int | None = None


@dataclass(frozen=True, slots=True)
class PackChoices:
    """What people chose for the pack before the freeze."""

    director_message: str = ""
    decision_order: tuple[str, ...] = ()
    hidden_pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """What the frozen week should have said of one project; `declared` holds the colours of a late status."""

    project: str
    kind: str
    text: str
    author: str
    proposed_at: datetime
    edition: int
    declared: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edition:
    """The whole cut."""

    schema: int
    week: str
    as_of: datetime
    publish_at: datetime
    axes: tuple[AxisFacts, ...]
    programmes: tuple[ProgrammeFacts, ...]
    projects: tuple[ProjectFacts, ...]
    requests: tuple[RequestFacts, ...]
    bodies: tuple[BodyFacts, ...]
    previous: PreviousWeek | None
    choices: PackChoices
    audit_number: int
    audit_hash: str
    frozen_late_at: datetime | None = None
    corrections: tuple[CorrectionFacts, ...] = ()
    decisions: tuple[DecisionFacts, ...] = ()
    follow_ups: tuple[FollowUpFacts, ...] = ()
    exceptions: tuple[ExceptionFacts, ...] = ()
    planned_at: datetime | None = None
    """The instant the week should have been frozen at, where the cut came later and holds what came since."""

    @property
    def today(self) -> date:
        """The day of the cut."""
        return self.as_of.astimezone(BRUSSELS).date()

    @property
    def is_open_to_all(self) -> bool:
        """No project of the cut is above the internal class; a cut that does not say is not open."""
        return all(project.confidentiality == INTERNAL for project in self.projects)

    @property
    def expected(self) -> int:
        """How many projects owed a status this week."""
        return sum(project.owes_status for project in self.projects)

    @property
    def received(self) -> int:
        return sum(project.status is not None for project in self.projects if project.owes_status)

    @property
    def silent(self) -> tuple[ProjectFacts, ...]:
        return tuple(project for project in self.projects if project.is_silent)

    @property
    def has_statuses(self) -> bool:
        return any(project.status or project.last_status_on for project in self.projects)

    def count(self, state: str) -> int:
        return sum(project.state == state for project in self.projects)

    @property
    def has_paused(self) -> bool:
        return self.count(PAUSED) > 0

    @property
    def has_not_owed(self) -> bool:
        return self.count(NOT_OWED) > 0

    def project(self, code: str) -> ProjectFacts | None:
        return next((project for project in self.projects if project.code == code), None)

    @property
    def open_requests(self) -> tuple[RequestFacts, ...]:
        """Open requests in the chosen order, then by date."""
        order = {number: position for position, number in enumerate(self.choices.decision_order)}
        opened = [request for request in self.requests if request.state == "open"]
        return tuple(sorted(opened, key=lambda item: (order.get(item.number, len(order)), item.needed_on, item.number)))
