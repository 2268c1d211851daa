"""What a cut holds of governance: the decisions asked and taken, what they still ask for, the open exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OptionFacts:
    label: str
    consequence: str = ""
    recommended: bool = False


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A decision asked of a body; `closed_on` None while it is open."""

    number: str
    project: str
    body: str
    needed_on: date
    question: str
    state: str
    amount: Decimal | None = None
    options: tuple[OptionFacts, ...] = ()
    recommendation: str = ""
    cost_of_waiting: str = ""
    owner: str = ""
    asked_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class EffectFacts:
    """What a decision changed by itself."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A decision of the register taken shortly before the cut; `project` is empty for one on no project."""

    number: str
    project: str
    body: str
    verdict: str
    text: str
    taken_on: date
    request: str = ""
    effects: tuple[EffectFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUpFacts:
    """A condition or an action of a decision, open or closed shortly before the cut."""

    number: str
    decision: str
    project: str
    body: str
    kind: str
    text: str
    owner: str
    due: date
    state: str
    closed_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def days_late(self, today: date) -> int:
        """Days after its due day; 0 once its evidence is in, or before."""
        return max(0, (today - self.due).days) if self.state == "open" else 0


@dataclass(frozen=True, slots=True)
class ExceptionFacts:
    """An open exception of a project: the step it waits for, until when, and what its report says."""

    number: str
    project: str
    level: int
    state: str
    raised_on: date
    due_on: date | None = None
    escalated: bool = False
    cause: str = ""
    recommendation: str = ""

    def days_late(self, today: date) -> int:
        return max(0, (today - self.due_on).days) if self.due_on else 0
