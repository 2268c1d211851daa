"""The names that `calc` knows. Apps above portfolio register theirs when they are ready."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Question: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = dict[str, Any]
Calculation: TypeAlias = Callable[[Question], Answer]

_calculations: dict[str, Calculation] = {}


class CalculationRefusedError(Exception):
    """The question cannot be answered; `code` is stable, the message is in the reader's language."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code, self.message, self.details = code, message, details

    def as_json(self) -> Answer:
        return {"error": {"code": self.code, "message": self.message, "details": self.details}}


def register(**calculations: Calculation) -> None:
    """Add calculations; an underscore of the keyword is a hyphen of the name."""
    _calculations.update({name.replace("_", "-"): one for name, one in calculations.items()})


def names() -> list[str]:
    return sorted(_calculations)


def calculate(name: str, question: Question) -> Answer:
    return _calculations[name](question)
