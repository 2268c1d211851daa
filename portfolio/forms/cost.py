"""Forms of yearly budget lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField
from config.web.versioned import VersionedForm
from portfolio.enums import BudgetNature
from portfolio.models.cost import BudgetLine


class BudgetLineForm(VersionedForm):
    """The figures of one year and nature; each person sees only what is his to write."""

    approved = MoneyField(label=_("Budget approuvé (€ TVAC)"), required=False)
    actual = MoneyField(label=_("Réel (€ TVAC)"), required=False)
    actual_source = forms.CharField(label=_("Source du réel"), max_length=60, required=False)
    actual_on = DayField(label=_("Réel arrêté au"), required=False)
    forecast = MoneyField(
        label=_("Prévision à fin d’année (€ TVAC)"),
        required=False,
        help_text=_("L’année entière : déjà dépensé plus reste à dépenser. Vide : personne n’a prévu."),
    )

    def __init__(self, *args: Any, allowed: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.own_fields if name not in set(allowed)]:
            del self.fields[name]
        self.initial["base"] = self.base_text()


class BudgetLineNewForm(forms.Form):
    year = forms.IntegerField(label=_("Année"), min_value=1990, max_value=2100)
    nature = forms.ChoiceField(label=_("Nature"), choices=BudgetNature.choices)
    approved = MoneyField(label=_("Budget approuvé (€ TVAC)"), required=False)
    forecast = MoneyField(label=_("Prévision à fin d’année (€ TVAC)"), required=False)

    def __init__(self, *args: Any, allowed: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("approved", "forecast"):
            if name not in set(allowed):
                del self.fields[name]


def budget_line_values(line: BudgetLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in BudgetLineForm.base_fields if name not in ("version", "base")}
