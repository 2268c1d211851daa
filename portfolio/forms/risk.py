"""Form of a risk: cause -> event -> effect, probability x impact."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import MoneyField
from config.web.versioned import VersionedForm
from portfolio.enums import Proximity, RiskResponse
from portfolio.forms.choosers import PersonChooser, key_of, offer, people_on
from portfolio.models.risk import Risk

PROBABILITIES = (
    (1, _("1 · moins de 10 %")),
    (2, _("2 · 10 à 30 %")),
    (3, _("3 · 30 à 50 %")),
    (4, _("4 · 50 à 70 %")),
    (5, _("5 · plus de 70 %")),
)
IMPACTS = (
    (1, _("1 · moins d’un pour cent du budget ou d’une semaine")),
    (2, _("2 · 1 à 5 % ou 1 à 2 semaines")),
    (3, _("3 · 5 à 10 % ou 2 à 4 semaines")),
    (4, _("4 · 10 à 20 % ou 4 à 12 semaines")),
    (5, _("5 · plus de 20 % ou de 12 semaines")),
)


class RiskForm(VersionedForm):
    title = forms.CharField(label=_("Intitulé"), max_length=140)
    cause = forms.CharField(label=_("Cause"), max_length=300, help_text=_("Ce qui existe déjà."))
    event = forms.CharField(label=_("Événement"), max_length=300, help_text=_("Ce qui pourrait arriver."))
    effect = forms.CharField(label=_("Effet"), max_length=300, help_text=_("Ce que le projet y perdrait."))
    probability = forms.TypedChoiceField(label=_("Probabilité"), choices=PROBABILITIES, coerce=int)
    impact = forms.TypedChoiceField(label=_("Impact"), choices=IMPACTS, coerce=int)
    impact_amount = MoneyField(label=_("Impact financier (€ TVAC)"), required=False)
    owner = PersonChooser(label=_("Propriétaire"))
    response = forms.ChoiceField(label=_("Réponse"), choices=RiskResponse.choices)
    response_action = forms.CharField(label=_("Action"), max_length=300, required=False)
    proximity = forms.ChoiceField(label=_("Proximité"), choices=Proximity.choices)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people_on(today, key_of(self.initial.get("owner"))))
        self.initial["base"] = self.base_text()


def risk_values(risk: Risk) -> dict[str, Any]:
    return {name: getattr(risk, name) for name in RiskForm.base_fields if name not in ("version", "base")}
