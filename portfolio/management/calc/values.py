"""Reading questions and writing answers: numbers exact, answers rounded to six places, each refusal with its field."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from portfolio.management.calc.registry import CalculationRefusedError

LARGEST = Decimal(10) ** 15
MOST_ITEMS = 200_000
_PLACES = Decimal("0.000001")


def refused(field: str, message: str) -> CalculationRefusedError:
    return CalculationRefusedError("invalid_value", f"{field} : {message}", field=field)


def number(question: Mapping[str, Any], field: str, default: Decimal | None = None) -> Decimal:
    """A JSON number or a string that is one; absent and without a default is refused."""
    value = question.get(field)
    if value is None and default is not None:
        return default
    if isinstance(value, (int, str, Decimal)) and not isinstance(value, bool):
        try:
            found = Decimal(value)
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and found.copy_abs() <= LARGEST:
            return found
    raise refused(field, _("un nombre est attendu."))


def whole(question: Mapping[str, Any], field: str, default: int) -> int:
    found = number(question, field, Decimal(default))
    if found != found.to_integral_value():
        raise refused(field, _("un nombre entier est attendu."))
    return int(found)


def text(question: Mapping[str, Any], field: str) -> str:
    value = question.get(field)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise refused(field, _("un texte est attendu."))
    return str(value)


def day(question: Mapping[str, Any], field: str) -> date:
    try:
        return date.fromisoformat(text(question, field))
    except ValueError as error:
        raise refused(field, _("une date est attendue, sous la forme aaaa-mm-jj.")) from error


def items(question: Mapping[str, Any], field: str, *, required: bool = True) -> list[Mapping[str, Any]]:
    """A list of JSON objects."""
    value = question.get(field)
    if value is None and not required:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise refused(field, _("une liste d’objets est attendue."))
    if len(value) > MOST_ITEMS:
        raise refused(field, _("la liste dépasse la limite."))
    return value


def shown(value: Decimal | float | None) -> str | None:
    """Rounded to six places, without zeros at the end; None stays undefined."""
    if value is None:
        return None
    rounded = Decimal(value).quantize(_PLACES, ROUND_HALF_EVEN)
    return f"{rounded.normalize():f}" if rounded else "0"
