"""The answers a body may give to what a request stands for, besides the effects on the project."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from governance.enums import EffectKind
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


_ANSWERING = {
    "arbitration": EffectKind.ARBITRATION,
    "change": EffectKind.CHANGE,
    "exception": EffectKind.EXCEPTION,
    "gate_review": EffectKind.GATE,
}


def kinds_for(request: DecisionRequest | None) -> list[str]:
    """The kinds of effect a decision on the request may have, the answer to what it stands for first."""
    own = [kind for name, kind in _ANSWERING.items() if getattr(request, f"{name}_id", None) is not None]
    answering = set(_ANSWERING.values())
    return [*own, *(kind for kind in EffectKind if kind not in answering)]


def answers_to(request: DecisionRequest | None) -> Answers:
    if request is None:
        return ()
    return next(
        (answers(request) for name, answers in _ANSWERS.items() if getattr(request, f"{name}_id") is not None), ()
    )
