"""The rows chosen on the register: which they are, and whom or what to attribute to all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portfolio.forms.choosers import PersonChooser, offer, people_on, programmes

CHOSEN_LIMIT = 500


class UnknownChoiceError(ValueError):
    """The post names rows in a way no register does."""


def read_chosen(data: QueryDict) -> tuple[str, ...]:
    """The codes chosen, each once, in the order of the page."""
    codes = tuple(dict.fromkeys(code for code in data.getlist("rows") if "\x00" not in code))
    if len(codes) > CHOSEN_LIMIT:
        raise UnknownChoiceError("rows")
    return codes


def read_versions(data: QueryDict) -> dict[str, int]:
    """The version of each row as it was shown."""
    codes, versions = data.getlist("rows"), data.getlist("versions")
    if len(codes) != len(versions) or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in versions):
        raise UnknownChoiceError("versions")
    return dict(zip(codes, map(int, versions), strict=True))


class AssignForm(forms.Form):
    """A project manager, a programme, or both; what stays empty stays as it is."""

    manager = PersonChooser(label=_("Chef de projet"), empty_label=_("ne pas changer"))
    programme = forms.ModelChoiceField(
        queryset=programmes().none(), label=_("Programme"), required=False, empty_label=_("ne pas changer")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "manager", people_on(today))
        offer(self, "programme", programmes())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("Choisissez un chef de projet, un programme, ou les deux."))
        return cleaned

    def changes(self) -> Mapping[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value is not None}
