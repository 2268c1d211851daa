"""The answers a body may give to what a request stands for, besides the effects on the project."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from governance.models import DecisionRequest
from governance.selectors.arbitration import options_on
from governance.selectors.change_answer import answers_on
from governance.selectors.exception_answer import answers_on as exception_answers_on
from governance.selectors.gate_ruling import rulings_on

Answers = Sequence[tuple[str, str]]

_ANSWERS: dict[str, Callable[[DecisionRequest], Answers]] = {
    "arbitration": options_on,
    "change": answers_on,
    "exception": exception_answers_on,
    "gate_review": rulings_on,
}
"""By name of what a request may stand for: the values of `Effect.answer` and their words."""


def answers_to(request: DecisionRequest | None) -> Answers:
    if request is None:
        return ()
    return next(
        (answers(request) for name, answers in _ANSWERS.items() if getattr(request, f"{name}_id") is not None), ()
    )
