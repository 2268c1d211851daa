"""Forms of stages, milestones and work packages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField
from config.web.versioned import VersionedForm
from portfolio.enums import MilestoneKind, StageState, WorkPackageState
from portfolio.forms.choosers import PersonChooser, offer, people_on
from portfolio.models.milestone import Milestone
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.work_package import WorkPackage


class MilestoneForm(VersionedForm):
    """The four dates of a milestone; approved ones only for who may change them."""

    name = forms.CharField(label=_("Jalon"), max_length=140)
    kind = forms.ChoiceField(label=_("Nature"), choices=MilestoneKind.choices)
    first_approved = DayField(label=_("Première approbation"))
    baseline = DayField(label=_("Référence en vigueur"))
    forecast = DayField(label=_("Prévision"))
    actual = DayField(label=_("Atteint le"), required=False)

    def __init__(self, *args: Any, allowed: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.own_fields if name not in set(allowed)]:
            del self.fields[name]
        self.initial["base"] = self.base_text()


class MilestoneNewForm(forms.Form):
    """A name and one date are enough; the other dates follow the baseline."""

    name = forms.CharField(label=_("Jalon"), max_length=140)
    kind = forms.ChoiceField(label=_("Nature"), choices=MilestoneKind.choices)
    baseline = DayField(label=_("Date de référence"))
    forecast = DayField(label=_("Prévision, si elle diffère"), required=False)


class StageForm(VersionedForm):
    name = forms.CharField(label=_("Séquence"), max_length=120)
    start = DayField(label=_("Début"), required=False)
    planned_end = DayField(label=_("Fin de référence"), required=False)
    forecast_end = DayField(label=_("Fin prévue"), required=False)
    actual_end = DayField(label=_("Fin réelle"), required=False)
    state = forms.ChoiceField(label=_("État"), choices=StageState.choices)


class WorkPackageForm(VersionedForm):
    """What a team delivers: when, for how much, and how far it is."""

    code = forms.SlugField(label=_("Code"), max_length=12, help_text=_("Court et unique dans le projet, p. ex. LT-03."))
    name = forms.CharField(label=_("Lot de travaux"), max_length=140)
    stage = forms.ModelChoiceField(
        label=_("Séquence"), queryset=Stage.objects.none(), required=False, empty_label=_("aucune")
    )
    owner = PersonChooser(label=_("Responsable"))
    start = DayField(label=_("Début"), required=False)
    planned_end = DayField(label=_("Fin de référence"), required=False)
    forecast_end = DayField(label=_("Fin prévue"), required=False)
    actual_end = DayField(label=_("Fin réelle"), required=False)
    budget = MoneyField(label=_("Budget (€)"), required=False)
    forecast_cost = MoneyField(label=_("Coût prévu (€)"), required=False)
    progress = forms.IntegerField(label=_("Avancement (%)"), min_value=0, max_value=100)
    state = forms.ChoiceField(label=_("État"), choices=WorkPackageState.choices)

    def __init__(self, *args: Any, project: Project, today: date, keep: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "stage", Stage.objects.filter(project=project))
        offer(self, "owner", people_on(today, keep))
        self.initial["base"] = self.base_text()


def work_package_values(row: WorkPackage) -> dict[str, Any]:
    return {name: getattr(row, name) for name in WorkPackageForm.base_fields if name not in ("version", "base")}


def milestone_values(milestone: Milestone) -> dict[str, Any]:
    return {name: getattr(milestone, name) for name in MilestoneForm.base_fields if name not in ("version", "base")}


def stage_values(stage: Stage) -> dict[str, Any]:
    return {name: getattr(stage, name) for name in StageForm.base_fields if name not in ("version", "base")}
