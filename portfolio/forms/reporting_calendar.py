"""The form of a reporting rhythm."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField
from portfolio.models import ReportingCalendar

WEEKDAYS = (
    (1, _("lundi")),
    (2, _("mardi")),
    (3, _("mercredi")),
    (4, _("jeudi")),
    (5, _("vendredi")),
    (6, _("samedi")),
    (7, _("dimanche")),
)
INSTANTS = ("open", "due", "cut", "freeze", "publish")
_LABELS = {
    "open": (_("Ouverture"), _("Ouverture : heure")),
    "due": (_("Échéance des statuts"), _("Échéance : heure")),
    "cut": (_("Arrêt des données"), _("Arrêt : heure")),
    "freeze": (_("Gel"), _("Gel : heure")),
    "publish": (_("Publication"), _("Publication : heure")),
}


class RhythmForm(forms.Form):
    """Five weekdays and times, and the Monday from which they hold."""

    valid_from = DayField(label=_("Valable dès le lundi"))
    stale_after_days = forms.IntegerField(label=_("Statut périmé après (jours)"), min_value=7, max_value=60)

    def __init__(self, data: Any = None, *, calendar: ReportingCalendar, valid_from: date) -> None:
        super().__init__(data, initial={"valid_from": valid_from, "stale_after_days": calendar.stale_after_days})
        for name in INSTANTS:
            day, at = _LABELS[name]
            self.fields[f"{name}_weekday"] = forms.TypedChoiceField(label=day, choices=WEEKDAYS, coerce=int)
            self.fields[f"{name}_time"] = forms.TimeField(
                label=at, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            )
            self.initial[f"{name}_weekday"] = getattr(calendar, f"{name}_weekday")
            self.initial[f"{name}_time"] = getattr(calendar, f"{name}_time")

    @property
    def instants(self) -> list[tuple[Any, Any]]:
        return [(self[f"{name}_weekday"], self[f"{name}_time"]) for name in INSTANTS]

    def rhythm(self) -> dict[str, Any]:
        """The cleaned values as the service takes them."""
        cleaned = self.cleaned_data
        pairs = {f"{name}_at": (cleaned[f"{name}_weekday"], cleaned[f"{name}_time"]) for name in INSTANTS}
        return {
            **pairs,
            "valid_from": cleaned["valid_from"],
            "stale_after_days": cleaned["stale_after_days"],
        }

    def add_refusal(self, error: ValidationError) -> None:
        """Show the service's refusal at its field where the form has it."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, problems in error.error_dict.items():
            known = name != NON_FIELD_ERRORS and name in self.fields
            for problem in problems:
                self.add_error(name if known else None, problem)
