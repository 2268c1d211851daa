"""What a body may answer to an exception, by how far it has come."""

from __future__ import annotations

from governance.enums import ExceptionAnswer, ExceptionState
from governance.models import DecisionRequest

_TO_A_REPORT = (
    ExceptionAnswer.REMOVE_CAUSE,
    ExceptionAnswer.ADJUST_TOLERANCE,
    ExceptionAnswer.PLAN,
    ExceptionAnswer.PREMATURE_CLOSURE,
    ExceptionAnswer.MORE_INFO,
    ExceptionAnswer.ACCEPT,
)
_TO_A_PLAN = (ExceptionAnswer.APPROVE_PLAN, ExceptionAnswer.MORE_INFO, ExceptionAnswer.PREMATURE_CLOSURE)

OWN_ANSWERS = (ExceptionAnswer.REMOVE_CAUSE, ExceptionAnswer.ADJUST_TOLERANCE, ExceptionAnswer.ACCEPT)
"""What a project manager may answer on a work package, whose tolerance is his."""


def answers_on(request: DecisionRequest) -> list[tuple[str, str]]:
    exception = request.exception
    if exception is None:
        return []
    offered = _TO_A_PLAN if exception.state == ExceptionState.PLAN_SUBMITTED else _TO_A_REPORT
    return [(answer.value, str(answer.label)) for answer in offered]
