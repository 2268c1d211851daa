"""The form of a reporting rhythm."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, say_limits
from portfolio.engines.chasing import ChaseRule
from portfolio.models import ReportingCalendar
from portfolio.selectors.chasing import HOURS

WEEKDAYS = (
    (1, _("lundi")),
    (2, _("mardi")),
    (3, _("mercredi")),
    (4, _("jeudi")),
    (5, _("vendredi")),
    (6, _("samedi")),
    (7, _("dimanche")),
)
HOURS_MAX = 168
REMINDERS = {
    "first": (_("Premier rappel"), _("heures avant l’échéance"), 1),
    "second": (_("Dernier rappel"), _("heures avant l’échéance"), 1),
    "overdue": (_("Rappel de retard"), _("heures après l’échéance"), 0),
    "programme": (_("Au responsable de programme"), _("heures avant le gel"), 1),
    "centre": (_("Au responsable du centre"), _("heures avant le gel"), 0),
}
INSTANTS = ("open", "due", "cut", "freeze", "publish")
_LABELS = {
    "open": (_("Ouverture"), _("Ouverture : heure")),
    "due": (_("Échéance des statuts"), _("Échéance : heure")),
    "cut": (_("Arrêt des données"), _("Arrêt : heure")),
    "freeze": (_("Gel"), _("Gel : heure")),
    "publish": (_("Publication"), _("Publication : heure")),
}


class RhythmForm(forms.Form):
    """Five weekdays and times, five reminders in hours, and the Monday from which they hold."""

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

        for name, (label, unit, least) in REMINDERS.items():
            self.fields[f"remind_{name}"] = forms.IntegerField(
                label=label, help_text=unit, min_value=least, max_value=HOURS_MAX
            )
            self.initial[f"remind_{name}"] = getattr(calendar, HOURS[name])
        say_limits(self.fields.values())

    @property
    def reminders(self) -> list[Any]:
        return [self[f"remind_{name}"] for name in REMINDERS]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for earlier, later in (("first", "second"), ("programme", "centre")):
            before, after = cleaned.get(f"remind_{earlier}"), cleaned.get(f"remind_{later}")
            if before is not None and after is not None and before <= after:
                told = _("Plus d’heures que pour « %(later)s » : il part avant.")
                self.add_error(f"remind_{earlier}", ValidationError(told, params={"later": REMINDERS[later][0]}))
        return cleaned

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
            "reminders": ChaseRule(**{name: cleaned[f"remind_{name}"] for name in REMINDERS}),
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


class ClosingDayForm(forms.Form):
    day = DayField(label=_("Jour de fermeture"))
    name = forms.CharField(label=_("Motif"), max_length=120)

    def add_refusal(self, error: ValidationError) -> None:
        for name, problems in (error.error_dict if hasattr(error, "error_dict") else {"": [error]}).items():
            for problem in problems:
                self.add_error(name if name in self.fields else None, problem)
