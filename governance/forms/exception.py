"""Forms of an exception: the report with its options side by side, the plan, the manager's own answer, a clock."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField, QuantityField
from config.web.versioned import VersionedForm
from governance.engines.exception import LABEL_MAX, OPTIONS_MAX, OPTIONS_MIN, WORDS_MAX
from governance.enums import ExceptionAnswer, ToleranceLevel
from governance.models import ProjectException
from governance.selectors.exception_answer import OWN_ANSWERS
from portfolio.enums import BudgetNature, TargetChoice

NUMBERS = range(1, OPTIONS_MAX + 1)
_PLAIN = ("cause", "consequences", "business_case", "recommendation", "lessons", "amount")


def _area(label: Any, maximum: int, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=maximum, required=False, widget=widget, **kwargs)


class ReportForm(VersionedForm):
    """Everything may be kept unfinished; handing it in checks that it is complete."""

    cause = _area(_("Cause"), 2000, help_text=_("Ce qui a fait sortir la prévision de la tolérance."))
    consequences = _area(_("Conséquences"), 2000, help_text=_("Ce qui arrive si rien n’est décidé."))
    business_case = _area(_("Effet sur la justification du projet"), 1000)
    recommendation = forms.CharField(label=_("Recommandation"), max_length=300, required=False)
    amount = MoneyField(label=_("Montant en jeu (€ TVAC)"), required=False)
    lessons = _area(_("Leçons"), 1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in NUMBERS:
            title = gettext("Option %(number)s") % {"number": number}
            self._line(f"option{number}_label", title, LABEL_MAX)
            self._line(f"option{number}_consequence", f"{title} : {gettext('ce qui se passe')}", WORDS_MAX)
            for target, label in TargetChoice.choices:
                self._line(f"option{number}_{target}", f"{title} : {label}", WORDS_MAX)
            self._line(f"option{number}_case", f"{title} : {gettext('justification')}", WORDS_MAX)
        marks = [("", gettext("aucune")), *((str(number), str(number)) for number in NUMBERS)]
        self.fields["recommended"] = forms.ChoiceField(
            label=gettext("Option recommandée"), choices=marks, required=False
        )
        self.initial["base"] = self.base_text()

    def _line(self, name: str, label: str, maximum: int) -> None:
        self.fields[name] = forms.CharField(label=label, max_length=maximum, required=False)

    def columns(self) -> list[dict[str, Any]]:
        """The options as columns of a table: one row per target."""
        rows = [("label", gettext("Option")), ("consequence", gettext("Ce qui se passe"))]
        rows += [(target, str(label)) for target, label in TargetChoice.choices]
        rows += [("case", gettext("Justification du projet"))]
        return [{"label": label, "cells": [self[f"option{number}_{key}"] for number in NUMBERS]} for key, label in rows]


def report_values(row: ProjectException) -> dict[str, Any]:
    """The stored report as the form posts it; the two options one has to give start with unchanged targets."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    values["recommended"] = ""
    for number in NUMBERS:
        option = row.options[number - 1] if number <= len(row.options) else {}
        fallback = gettext("inchangé") if not row.options and number <= OPTIONS_MIN else ""
        values[f"option{number}_label"] = option.get("label", "")
        values[f"option{number}_consequence"] = option.get("consequence", "")
        values[f"option{number}_case"] = option.get("case", fallback)
        for target in TargetChoice.values:
            values[f"option{number}_{target}"] = option.get("effects", {}).get(target, fallback)
        if option.get("recommended"):
            values["recommended"] = str(number)
    return values


def report_changes(row: ProjectException, merged: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the row that differ: options are put together again from their cells."""
    changes = {name: merged[name] for name in _PLAIN if name in merged}
    cells = {**report_values(row), **merged}
    options = []
    for number in NUMBERS:
        label = str(cells[f"option{number}_label"]).strip()
        if label:
            options.append(
                {
                    "label": label,
                    "consequence": str(cells[f"option{number}_consequence"]).strip(),
                    "case": str(cells[f"option{number}_case"]).strip(),
                    "effects": {
                        target: str(cells[f"option{number}_{target}"]).strip() for target in TargetChoice.values
                    },
                    "recommended": str(cells["recommended"]) == str(number),
                }
            )
    if options != row.options:
        changes["options"] = options
    return changes


class PlanForm(VersionedForm):
    """What the plan proposes; approved, each becomes an effect of the decision."""

    plan_summary = _area(_("Plan d’exception"), 2000, help_text=_("Ce qui change jusqu’à la fin du projet."))
    plan_end = DayField(label=_("Nouvelle fin de référence"), required=False)
    plan_year = forms.IntegerField(label=_("Année du budget"), min_value=1990, max_value=2100, required=False)
    plan_nature = forms.ChoiceField(label=_("Nature"), choices=[("", "—"), *BudgetNature.choices], required=False)
    plan_budget = MoneyField(label=_("Budget approuvé de l’année (€)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target, label in TargetChoice.choices:
            self.fields[f"minus_{target}"] = QuantityField(
                label=gettext("%(target)s, en moins") % {"target": label}, required=False
            )
            self.fields[f"plus_{target}"] = QuantityField(
                label=gettext("%(target)s, en plus") % {"target": label}, required=False
            )
        self.initial["base"] = self.base_text()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        given = [values.get(name) not in (None, "") for name in ("plan_year", "plan_nature", "plan_budget")]
        if any(given) and not all(given):
            self.add_error("plan_budget", gettext("Un budget se donne avec son année et sa nature."))
        return values

    def tolerance_rows(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "minus": self[f"minus_{target}"], "plus": self[f"plus_{target}"]}
            for target, label in TargetChoice.choices
        ]


def plan_values(row: ProjectException) -> dict[str, Any]:
    names = ("plan_summary", "plan_end", "plan_year", "plan_nature", "plan_budget")
    values: dict[str, Any] = {name: getattr(row, name) for name in names}
    for target in TargetChoice.values:
        bounds = row.plan_tolerances.get(target, {})
        for side in ("minus", "plus"):
            values[f"{side}_{target}"] = Decimal(bounds[side]) if bounds.get(side) else None
    return values


def plan_changes(row: ProjectException, merged: Mapping[str, Any]) -> dict[str, Any]:
    changes = {name: value for name, value in merged.items() if name.startswith("plan_")}
    cells = {**plan_values(row), **merged}
    tolerances = {}
    for target in TargetChoice.values:
        bounds = {side: cells[f"{side}_{target}"] for side in ("minus", "plus")}
        if any(bound is not None for bound in bounds.values()):
            tolerances[target] = {side: "" if bound is None else str(bound) for side, bound in bounds.items()}
    if tolerances != row.plan_tolerances:
        changes["plan_tolerances"] = tolerances
    return changes


class SettleForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Votre réponse"), choices=[(one, ExceptionAnswer(one).label) for one in OWN_ANSWERS]
    )
    reason = forms.CharField(label=_("Motif"), max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ExceptionClockForm(forms.Form):
    level = forms.TypedChoiceField(label=_("Niveau"), choices=ToleranceLevel.choices, coerce=int)
    days = forms.IntegerField(label=_("Jours ouvrables"), min_value=1, max_value=60)
    valid_from = DayField(label=_("Du"))
    source = forms.CharField(label=_("Base"), max_length=200, required=False)
