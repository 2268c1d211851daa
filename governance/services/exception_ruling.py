"""The answer of a body to an exception, carried out while its session closes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from config import clock
from config.web.languages import own_language
from governance.enums import (
    EffectKind,
    ExceptionAnswer,
    ExceptionClosing,
    ExceptionState,
    ToleranceLevel,
)
from governance.models import Decision, DecisionRequest, Effect, ProjectException
from governance.selectors.exception_answer import answers_on
from governance.services.exception import close_exception, due_on, move_exception
from governance.services.exception_notices import tell_answered
from people.models import User
from portfolio.enums import LifeCycle
from portfolio.models import Stage
from portfolio.services import decided
from portfolio.services.decided import Change
from portfolio.services.standing import refresh_standing

_CHANGES = (EffectKind.BUDGET, EffectKind.BASELINE, EffectKind.TOLERANCE, EffectKind.TRANSFER)
_ENDINGS = (LifeCycle.CLOSING, LifeCycle.CANCELLED)
_STEADY = (ExceptionAnswer.REMOVE_CAUSE, ExceptionAnswer.ADJUST_TOLERANCE)


def rule_on(effect: Effect, decision: Decision, by: User) -> Change:
    """The state before and the answer; budget, baseline and tolerances are other effects of the same decision."""
    request = decision.request
    exception = _asked(request)
    answer = effect.answer
    if request is None or answer not in {value for value, _words in answers_on(request)}:
        raise ValidationError(_("Choisissez la réponse donnée à %(number)s.") % {"number": exception.number})
    siblings = list(effect.outcome.effects.all())
    kinds = {str(one.kind) for one in siblings}
    if answer in (ExceptionAnswer.ADJUST_TOLERANCE, ExceptionAnswer.APPROVE_PLAN) and not kinds & set(_CHANGES):
        raise ValidationError(_("Ajoutez ce que la décision change : une tolérance, un budget ou la fin de référence."))
    phases = {one.phase for one in siblings if one.kind == EffectKind.PHASE}
    if answer == ExceptionAnswer.PREMATURE_CLOSURE and not phases & set(_ENDINGS):
        raise ValidationError(_("Ajoutez l’effet qui met le projet en clôture ou l’arrête."))
    with translation.override(own_language()):
        before, after = str(exception.get_state_display()), str(ExceptionAnswer(answer).label)
    values = _values(decision, answer)
    if exception.state == ExceptionState.SUBMITTED:
        exception = _answer_report(exception, answer, values, by)
    else:
        exception = _answer_plan(exception, answer, values, by)
    _follow(exception, answer, decision, by)
    return before, after


def turned_down(request: DecisionRequest, decision: Decision, by: User) -> None:
    """A vote that fails sends the report, or the plan, back to its author."""
    exception = _asked(request)
    reason = (decision.rationale or decision.text)[:600]
    if exception.state == ExceptionState.SUBMITTED:
        move_exception(
            exception=exception, act="return", by=by, reason=reason, due_on=_managers_day(), decision=decision
        )
    elif exception.state == ExceptionState.PLAN_SUBMITTED:
        move_exception(exception=exception, act="return_plan", by=by, reason=reason, due_on=_plan_day(exception))
    tell_answered(exception)


def follow_request(request: DecisionRequest, act: str, by: User | None) -> None:
    """A request taken back gives the report, or the plan, back to its author."""
    exception = request.exception
    if act != "withdraw" or exception is None:
        return
    exception.refresh_from_db()
    if exception.state == ExceptionState.SUBMITTED:
        move_exception(exception=exception, act="return", by=by, due_on=_managers_day())
    elif exception.state == ExceptionState.PLAN_SUBMITTED:
        move_exception(exception=exception, act="return_plan", by=by, due_on=_plan_day(exception))


def proposals(effect: Effect) -> list[dict[str, Any]]:
    """What an approved plan changes, as the effects the minutes begin with; the secretary may take some away."""
    request = effect.outcome.item.request
    exception = request.exception if request is not None else None
    if exception is None or effect.answer != ExceptionAnswer.APPROVE_PLAN:
        return []
    found: list[dict[str, Any]] = []
    if exception.plan_end is not None:
        found.append({"kind": EffectKind.BASELINE, "day": exception.plan_end})
    if exception.plan_budget is not None:
        found.append(
            {
                "kind": EffectKind.BUDGET,
                "year": exception.plan_year,
                "nature": exception.plan_nature,
                "amount": exception.plan_budget,
            }
        )
    for target, bounds in exception.plan_tolerances.items():
        found.append({"kind": EffectKind.TOLERANCE, "target": target, **{k: _number(v) for k, v in bounds.items()}})
    return found


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _values(decision: Decision, answer: str) -> dict[str, Any]:
    return {
        "answer": answer,
        "reason": (decision.rationale or decision.text)[:600],
        "decision": decision,
        "decided_on": decision.taken_on,
    }


def _answer_report(exception: ProjectException, answer: str, values: dict[str, Any], by: User) -> ProjectException:
    if answer == ExceptionAnswer.MORE_INFO:
        return move_exception(exception=exception, act="return", by=by, due_on=_managers_day(), **values)
    return move_exception(exception=exception, act="decide", by=by, due_on=_plan_day(exception), **values)


def _answer_plan(exception: ProjectException, answer: str, values: dict[str, Any], by: User) -> ProjectException:
    if answer == ExceptionAnswer.APPROVE_PLAN:
        return move_exception(exception=exception, act="approve_plan", by=by, due_on=None, **values)
    if answer == ExceptionAnswer.MORE_INFO:
        values = {**values, "answer": ExceptionAnswer.PLAN}
    return move_exception(exception=exception, act="return_plan", by=by, due_on=_plan_day(exception), **values)


def _follow(exception: ProjectException, answer: str, decision: Decision, by: User) -> None:
    """What the answer does to the project's life cycle and to the exception itself (domain.md A2)."""
    project = exception.project
    if answer == ExceptionAnswer.PLAN and project.life_cycle == LifeCycle.STAGE:
        _move(exception, LifeCycle.EXCEPTION, decision, by)
    elif answer == ExceptionAnswer.APPROVE_PLAN and project.life_cycle == LifeCycle.EXCEPTION:
        _move(exception, LifeCycle.STAGE, decision, by)
    tell_answered(exception)
    if answer == ExceptionAnswer.ACCEPT:
        close_exception(exception, ExceptionClosing.ACCEPTED, by)
    elif answer == ExceptionAnswer.PREMATURE_CLOSURE:
        close_exception(exception, ExceptionClosing.PREMATURE, by)
    elif answer in _STEADY or answer == ExceptionAnswer.APPROVE_PLAN:
        refresh_standing([project.pk], now=clock.now())


def _move(exception: ProjectException, phase: LifeCycle, decision: Decision, by: User) -> None:
    decided.set_phase(project=exception.project, phase=phase, reason=decision.text, review_on=None, by=by)


def _managers_day() -> date:
    return due_on(ToleranceLevel.WORK_PACKAGE, clock.today())


def _plan_day(exception: ProjectException) -> date:
    return due_on(exception.level, clock.today())


def _asked(request: DecisionRequest | None) -> ProjectException:
    if request is None or request.exception_id is None:
        raise ValidationError(_("Cette demande ne porte sur aucune exception."))
    return (
        ProjectException.objects.select_for_update(of=("self",)).select_related("project").get(pk=request.exception_id)
    )


def stage_of(decision: Decision) -> Stage | None:
    """The stage whose tolerances and end the effects of the decision are about; None: the project's own."""
    exception = decision.request.exception if decision.request is not None else None
    return exception.stage if exception is not None else None
