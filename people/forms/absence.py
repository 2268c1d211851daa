"""The form of one's absence."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField
from people.models import Person, User
from people.selectors.absence import possible_deputies, replaceable_people


class AbsenceForm(forms.Form):
    first_day = DayField(label=_("Premier jour"))
    last_day = DayField(label=_("Dernier jour (compris)"))
    deputy = forms.ModelChoiceField(
        label=_("Suppléant"),
        queryset=Person.objects.none(),
        help_text=_("Une personne qui consulte le portefeuille."),
        empty_label="—",
    )

    def __init__(self, data: Any = None, *, user: User, today: date) -> None:
        super().__init__(data, initial={"first_day": today})
        chooser = cast("forms.ModelChoiceField[Person]", self.fields["deputy"])
        chooser.queryset = possible_deputies(user, today)

    def add_refusal(self, error: ValidationError) -> None:
        """Show the service's refusal at its field where the form has it."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, problems in error.error_dict.items():
            known = name != NON_FIELD_ERRORS and name in self.fields
            for problem in problems:
                self.add_error(name if known else None, problem)


class OfficeAbsenceForm(AbsenceForm):
    """The absence of somebody else, by the project office."""

    person = forms.ModelChoiceField(label=_("Personne absente"), queryset=Person.objects.none())
    field_order = ("person", "first_day", "last_day", "deputy")

    def __init__(self, data: Any = None, *, user: User, today: date) -> None:
        super().__init__(data, user=user, today=today)
        chooser = cast("forms.ModelChoiceField[Person]", self.fields["person"])
        chooser.queryset = replaceable_people(today)
