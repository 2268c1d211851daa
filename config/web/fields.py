"""Form fields for amounts and days as people type them; what is not one is a message, never a crash."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.web import formats
from config.web.parsing import UnreadableInputError, parse_date, parse_money

MESSAGES = {
    "amount": _("Écrivez un montant en euros, par exemple 1 240,50."),
    "amount_limit": _("Ce montant dépasse la limite de 999 milliards d’euros."),
    "date": _("Écrivez une date comme 20/11/2026."),
    "negative": _("Un montant n’est pas négatif."),
}
LIMITS = {
    "max_length": _("%(limit_value)d signes au plus ; ce texte en compte %(show_value)d."),
    "min_value": _("%(limit_value)s au moins."),
    "max_value": _("%(limit_value)s au plus."),
}


def say_limits(fields: Iterable[forms.Field]) -> None:
    """Give each field our words for its limits, unless it has its own."""
    for field in fields:
        field.error_messages = {**LIMITS, **field.error_messages}


class MoneyField(forms.CharField):
    """An amount of euros exact to the cent; empty answers None."""

    def __init__(self, *, allow_negative: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "input-money"}))
        super().__init__(max_length=40, **kwargs)
        self.allow_negative = allow_negative

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return formats.number(value, 2)
        return "" if value is None else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        try:
            amount = parse_money(text)
        except UnreadableInputError as error:
            raise ValidationError(MESSAGES.get(error.code, MESSAGES["amount"]), code=error.code) from error
        if amount < 0 and not self.allow_negative:
            raise ValidationError(MESSAGES["negative"], code="negative")
        return amount

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial)) != str(data or "")


class QuantityField(MoneyField):
    """A plain number with at most two decimals (a tolerance, a measure); empty answers None."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return formats.number(value, 0 if value == value.to_integral_value() else 2)
        return super().prepare_value(value)


class DayField(forms.CharField):
    """A day; the native picker sends ISO, a typed one may be 20/11/2026. Empty answers None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date", "class": "input-date"}, format="%Y-%m-%d"))
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        return "" if value is None else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        try:
            return parse_date(text)
        except UnreadableInputError as error:
            raise ValidationError(MESSAGES["date"], code="date") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial)) != str(data or "")
