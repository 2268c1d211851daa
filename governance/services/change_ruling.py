"""Answering an issue: the manager in his tolerance, the change authority in its delegation, a body by a decision.

An answer is a row that is never edited. The change authority is never the project manager who asked, nor his deputy,
nor the author; the database refuses it again, adds up what was spent, and refuses more than the change budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from config import clock
from config.web.versioned import StaleVersionError
from governance.engines.change import Rank
from governance.enums import ChangeAnswer, ChangeRank, ChangeState
from governance.models import Change, ChangeBudget, ChangeDelegation, ChangeRuling, Decision, DecisionRequest, Effect
from governance.selectors.change_answer import answers_below, may_answer
from governance.selectors.change_room import route_of
from governance.services.change import move_change, person_of
from governance.services.change_notices import tell_answered
from people.models import User
from people.services import audit
from portfolio.services.decided import Change as BeforeAfter


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered and why; a concession has an end, a condition, or both."""

    answer: str
    reason: str
    until: date | None = None
    condition: str = ""


@transaction.atomic
def answer_change(*, change: Change, by: User, given: Answer, version: int, on: date | None = None) -> ChangeRuling:
    """The answer of the manager or of the change authority, whichever is competent today."""
    day = on or clock.today()
    _lock_money(change)
    view = route_of(change, clock.now(), day)
    if view.route.rank is Rank.BODY:
        raise ValidationError(_("Une instance en décide : %(why)s.") % {"why": view.why})
    if not may_answer(by, change, view):
        raise ValidationError(_("Cette incidence attend la réponse d’une autre personne."))
    if given.answer not in answers_below(change):
        raise ValidationError({"answer": _("Cette réponse n’appartient pas à votre délégation.")})
    is_authority = view.route.rank is Rank.AUTHORITY
    ruling = ChangeRuling(
        change=change,
        taken_as=ChangeRank.AUTHORITY if is_authority else ChangeRank.MANAGER,
        person=person_of(by),
        delegation=view.money.delegation if is_authority else None,
        amount=_counted(change, given, is_authority=is_authority),
    )
    return _rule(ruling, given, by, day, version)


def answer_as_body(effect: Effect, decision: Decision, by: User) -> BeforeAfter:
    """Carry out the answer of a body; what it changes of budget or baseline are other effects of its decision."""
    change = _asked(decision.request)
    before = str(change.state)
    given = Answer(
        answer=effect.answer,
        reason=decision.rationale or decision.text,
        until=effect.day,
        condition="" if effect.day else decision.text[:300],
    )
    if given.answer not in ChangeAnswer.values:
        raise ValidationError(_("Choisissez la réponse que l’instance donne à %(number)s.") % {"number": change.number})
    ruling = ChangeRuling(change=change, taken_as=ChangeRank.BODY)
    _attach(ruling, given, decision, by)
    return before, effect.answer


def turn_down(request: DecisionRequest, decision: Decision, by: User) -> None:
    """A vote that fails rejects the change."""
    change = _asked(request)
    ruling = ChangeRuling(change=change, taken_as=ChangeRank.BODY)
    _attach(ruling, Answer(ChangeAnswer.REJECT, decision.rationale or decision.text), decision, by)


def _attach(ruling: ChangeRuling, given: Answer, decision: Decision, by: User) -> None:
    """A decision of a body as an answer; the register row exists once its session is closed."""
    ruling.decision = decision
    _rule(ruling, given, by, decision.taken_on, ruling.change.version)


def _rule(ruling: ChangeRuling, given: Answer, by: User, day: date, version: int) -> ChangeRuling:
    """Write the answer, then move the issue: the database wants them in that order."""
    change = ruling.change
    if change.version != version:
        raise StaleVersionError
    if given.answer == ChangeAnswer.CONCESSION and not (given.until or given.condition.strip()):
        raise ValidationError({"until": _("Une concession porte une date de fin ou une condition.")})
    if given.until is not None and given.until <= day:
        raise ValidationError({"until": _("La concession finit après le jour où elle est accordée.")})
    ruling.answer, ruling.reason, ruling.taken_on = given.answer, given.reason.strip(), day
    if given.answer == ChangeAnswer.CONCESSION:
        ruling.until, ruling.condition = given.until, given.condition.strip()
    ruling.full_clean(exclude=["change", "decision"])
    ruling.save(force_insert=True)
    after: dict[str, Any] = {} if given.answer == ChangeAnswer.MORE_INFO else {"decided_on": day}
    if given.answer == ChangeAnswer.CONCESSION:
        after["review_on"] = given.until
    move_change(change=change, act=given.answer, by=by, on=day, **after)
    audit.record(
        by=by,
        verb="change.ruled",
        target=change,
        data={
            "project": change.project.code,
            "taken_as": ruling.taken_as,
            "answer": given.answer,
            "amount": str(ruling.amount),
        },
    )
    tell_answered(ruling)
    return ruling


def _counted(change: Change, given: Answer, *, is_authority: bool) -> Decimal:
    """What the answer costs the change budget."""
    counts = is_authority and given.answer == ChangeAnswer.ACCEPT
    return change.cost if counts and change.cost is not None else Decimal("0.00")


def _lock_money(change: Change) -> None:
    """One answer at a time spends the change budget of a project."""
    list(ChangeBudget.objects.select_for_update(of=("self",)).filter(project=change.project_id).order_by("pk"))
    list(
        ChangeDelegation.objects.select_for_update(of=("self",))
        .filter(budget__project=change.project_id)
        .order_by("pk")
    )


def _asked(request: DecisionRequest | None) -> Change:
    if request is None or request.change is None:
        raise ValidationError(_("Cette demande ne porte pas sur une incidence."))
    return request.change


def follow_request(request: DecisionRequest, act: str, by: User | None) -> None:
    """A request withdrawn without an answer gives its issue back to the project."""
    change = request.change
    if act == "withdraw" and change is not None and change.state == ChangeState.SUBMITTED:
        move_change(change=change, act="recall", by=by, on=clock.today())
