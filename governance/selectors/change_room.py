"""What an issue may still use up: the tolerances left, the change budget left, and so who answers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.engines.change import Fit, Power, Rank, Room, Route, Why, fit, room_left, route
from governance.enums import ChangeKind
from governance.models import Change, ChangeBudget, ChangeDelegation
from people.models import Person
from portfolio.engines.health import Assessment, ProjectFacts, assess
from portfolio.engines.tolerance import ToleranceFacts, days_allowed
from portfolio.engines.vocabulary import Target, Unit
from portfolio.enums import TargetChoice, ToleranceUnit
from portfolio.models import Project
from portfolio.selectors.facts import facts_of, project_rows

MANAGER_KINDS = (ChangeKind.PROBLEM, ChangeKind.CONCERN)
"""What a project manager answers himself inside his tolerances."""

WORDS: dict[Why, Promise] = {
    Why.INSIDE_TOLERANCE: _("chaque impact tient dans ce qui reste des tolérances"),
    Why.INSIDE_DELEGATION: _("le coût tient dans la délégation et dans le budget de changement"),
    Why.NO_DELEGATION: _("aucune autorité de changement n’a de délégation ce jour-là"),
    Why.ABOVE_EACH: _("le coût dépasse la limite par changement de la délégation"),
    Why.ABOVE_TOTAL: _("la délégation n’a plus assez pour ce coût"),
    Why.ABOVE_BUDGET: _("le budget de changement n’a plus assez pour ce coût"),
    Why.COST_UNKNOWN: _("sans coût connu, une délégation ne suffit pas"),
    Why.BEYOND_TOLERANCE: _("un impact dépasse ce qui reste d’une tolérance"),
    Why.PARTY: _("l’autorité de changement est partie : auteur de l’incidence ou chef du projet"),
}


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """One of the seven targets: the impact of the issue beside what is left of the tolerance."""

    target: str
    label: str
    unit: str
    amount: Decimal | None
    words: str
    room: Room | None
    fit: Fit
    state: str


@dataclass(frozen=True, slots=True)
class Money:
    """The change budget of the day and the delegation cut from it."""

    budget: ChangeBudget | None
    delegation: ChangeDelegation | None


@dataclass(frozen=True, slots=True)
class RouteView:
    """Who answers, why, and the seven lines that say it."""

    route: Route
    why: str
    lines: tuple[ImpactLine, ...]
    money: Money

    @property
    def person(self) -> Person | None:
        """The change authority, where it is the one to answer."""
        is_authority = self.route.rank is Rank.AUTHORITY and self.money.delegation is not None
        return self.money.delegation.person if is_authority and self.money.delegation else None


def rooms_of(project: Project, now: datetime) -> dict[str, tuple[Room | None, str, str]]:
    """Per target: the room left, its unit in words and the colour of today; one statement."""
    facts = facts_of(project_rows([project.pk])[0], now)
    health = assess(facts)
    return {
        target.value: (_room(target, facts, health), _unit(target, facts), health.targets[target].rag.value)
        for target in Target
    }


def money_of(project: Project, on: date) -> Money:
    """The change budget and the delegation in force that day."""
    budget = ChangeBudget.objects.filter(project=project, valid_from__lte=on, valid_to__gte=on).first()
    if budget is None:
        return Money(None, None)
    powers = budget.delegations.filter(valid_from__lte=on, valid_to__gte=on)
    return Money(budget, powers.select_related("person__user").first())


def power_of(change: Change, money: Money) -> Power | None:
    if money.budget is None or money.delegation is None:
        return None
    project, person = change.project, money.delegation.person_id
    return Power(
        each=money.delegation.limit_each,
        left=money.delegation.left,
        budget_left=money.budget.left,
        is_party=person in (change.author_id, change.recorded_by_id, project.manager_id, project.deputy_id),
    )


def route_of(change: Change, now: datetime, on: date) -> RouteView:
    """The answer to "who may answer this issue", with the facts it rests on; three statements."""
    rooms = rooms_of(change.project, now)
    amounts = {target: amount_of(change, target) for target in rooms}
    money = money_of(change.project, on)
    found = route(
        manager_may=change.kind in MANAGER_KINDS,
        cost=change.cost,
        impacts=amounts,
        rooms={target: room for target, (room, _unit, _state) in rooms.items()},
        power=power_of(change, money),
    )
    lines = []
    for target, label in TargetChoice.choices:
        room, unit, state = rooms[target]
        amount = amounts[target]
        if target == TargetChoice.COST and amount is None:
            amount = change.cost
        words = str(change.impacts.get(target, {}).get("words", ""))
        lines.append(ImpactLine(target, str(label), unit, amount, words, room, fit(amount, room), state))
    return RouteView(found, str(WORDS[found.why]), tuple(lines), money)


def amount_of(change: Change, target: str) -> Decimal | None:
    """The signed number of an impact; None where none is given."""
    text = change.impacts.get(target, {}).get("amount", "")
    return Decimal(text) if text else None


def _room(target: Target, facts: ProjectFacts, health: Assessment) -> Room | None:
    tolerance = facts.tolerances.get(target)
    if tolerance is None or not tolerance.is_set:
        return None
    if target is Target.TIME:
        in_days = days_allowed(tolerance, facts.planned_days)
        return None if in_days is None else room_left(in_days.minus, in_days.plus, _slip(facts))
    if target is Target.COST:
        drift = Decimal(0) if facts.bac is None or facts.eac is None else facts.eac - facts.bac
        return _scaled(tolerance, facts.bac, drift)
    deviation = health.targets[target].facts.get("deviation")
    baseline = tolerance.baseline
    if baseline is None and target is Target.RISK:
        baseline = Decimal(0)
    return _scaled(tolerance, baseline, deviation if isinstance(deviation, Decimal) else Decimal(0))


def _slip(facts: ProjectFacts) -> Decimal:
    end = facts.actual_end or facts.forecast_end
    if facts.baseline_end is None or end is None:
        return Decimal(0)
    return Decimal(
        (max(end, facts.as_of) - facts.baseline_end).days
        if facts.actual_end is None
        else (end - facts.baseline_end).days
    )


def _scaled(tolerance: ToleranceFacts, baseline: Decimal | None, drift: Decimal) -> Room | None:
    """The bounds in the unit of the measure, less the drift; a share of nothing is no room at all."""
    if tolerance.unit is not Unit.PERCENT:
        return room_left(tolerance.minus, tolerance.plus, drift)
    if baseline is None:
        return None
    share = abs(baseline) / 100
    minus = None if tolerance.minus is None else tolerance.minus * share
    plus = None if tolerance.plus is None else tolerance.plus * share
    return room_left(minus, plus, drift)


def _unit(target: Target, facts: ProjectFacts) -> str:
    if target is Target.TIME:
        return str(_("jours"))
    if target is Target.COST:
        return "€"
    tolerance = facts.tolerances.get(target)
    if tolerance is None:
        return ""
    return tolerance.measure or str(ToleranceUnit(tolerance.unit.value).label)
