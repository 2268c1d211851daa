"""Forms of the project sheet: create, edit, the inline row, and the move along the life cycle."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField
from config.web.versioned import VersionedForm
from portfolio.engines.authority import move_needs_decision
from portfolio.engines.lifecycle import Phase, moves_from
from portfolio.enums import Confidentiality, DataProtection, LifeCycle, Method
from portfolio.forms.choosers import PersonChooser, axes, key_of, offer, people_on, programmes
from portfolio.models.project import Project

CODE = RegexValidator(
    r"^[A-Z0-9][A-Z0-9._-]{0,23}$",
    _("Un code s’écrit en majuscules, chiffres, points et tirets, par exemple P-051."),
)
TEXT = forms.Textarea(attrs={"rows": 4})


class ProjectForm(VersionedForm):
    """The whole sheet; fields the person may not change are taken off by `limit_to`."""

    name_fr = forms.CharField(label=_("Nom en français"), max_length=160)
    name_nl = forms.CharField(label=_("Nom en néerlandais"), max_length=160, required=False)
    name_en = forms.CharField(label=_("Nom en anglais"), max_length=160, required=False)
    purpose = forms.CharField(label=_("Finalité"), max_length=8000, required=False, widget=TEXT)
    sponsor = PersonChooser(label=_("Exécutif (sponsor)"))
    manager = PersonChooser(label=_("Chef de projet"))
    deputy = PersonChooser(label=_("Suppléant"))
    programme = forms.ModelChoiceField(
        queryset=programmes().none(), label=_("Programme"), required=False, empty_label="—"
    )
    axis = forms.ModelChoiceField(queryset=axes().none(), label=_("Axe stratégique"), required=False, empty_label="—")
    method = forms.ChoiceField(label=_("Méthode"), choices=Method.choices)
    priority_rank = forms.IntegerField(
        label=_("Rang de priorité"),
        required=False,
        min_value=1,
        max_value=9999,
        help_text=_("Un rang déjà pris décale les suivants d’une place."),
    )
    is_top = forms.BooleanField(label=_("Fait partie du top 24"), required=False)
    start = DayField(label=_("Début"), required=False)
    first_approved_end = DayField(label=_("Fin, première approbation"), required=False)
    planned_end = DayField(label=_("Fin, référence en vigueur"), required=False)
    forecast_end = DayField(label=_("Fin prévue"), required=False)
    first_approved_cost = MoneyField(label=_("Coût, première approbation (€ TVAC)"), required=False)
    confidentiality = forms.ChoiceField(label=_("Confidentialité"), choices=Confidentiality.choices)
    has_procurement = forms.BooleanField(label=_("Comporte un marché public"), required=False)
    handles_personal_data = forms.BooleanField(label=_("Traite des données à caractère personnel"), required=False)
    data_protection = forms.ChoiceField(label=_("Analyse d’impact (AIPD)"), choices=DataProtection.choices)
    external_url = forms.URLField(label=_("Lien externe"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, allowed: Iterable[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.initial
        for name in ("sponsor", "manager", "deputy"):
            offer(self, name, people_on(today, key_of(chosen.get(name))))
        offer(self, "programme", programmes(key_of(chosen.get("programme"))))
        offer(self, "axis", axes(key_of(chosen.get("axis"))))
        for name in [name for name in self.own_fields if name not in set(allowed)]:
            del self.fields[name]
        self.initial["base"] = self.base_text()


def project_values(project: Project) -> dict[str, Any]:
    """The stored values of the sheet by field name."""
    return {name: getattr(project, name) for name in ProjectForm.base_fields if name not in ("version", "base")}


class ProjectNewForm(forms.Form):
    """Six fields open a project; everything else can wait for its sheet."""

    code = forms.CharField(label=_("Code"), max_length=24, validators=[CODE])
    name_fr = forms.CharField(label=_("Nom en français"), max_length=160)
    manager = PersonChooser(label=_("Chef de projet"))
    axis = forms.ModelChoiceField(queryset=axes().none(), label=_("Axe stratégique"), empty_label="—")
    planned_end = DayField(label=_("Fin visée"), required=False)
    cost = MoneyField(
        label=_("Coût estimé (€ TVAC)"),
        required=False,
        help_text=_("Au-delà de 250 000,00 €, le Comité d’investissement décide avant la porte G1."),
    )
    purpose = forms.CharField(label=_("Finalité"), max_length=8000, required=False, widget=TEXT)
    sponsor = PersonChooser(label=_("Exécutif (sponsor)"))
    programme = forms.ModelChoiceField(
        queryset=programmes().none(), label=_("Programme"), required=False, empty_label="—"
    )
    method = forms.ChoiceField(label=_("Méthode"), choices=Method.choices, initial=Method.HYBRID)
    start = DayField(label=_("Début"), required=False)
    confidentiality = forms.ChoiceField(
        label=_("Confidentialité"), choices=Confidentiality.choices, initial=Confidentiality.INTERNAL
    )
    duplicate_checked = forms.BooleanField(label=_("J’ai vérifié : ce n’est pas un de ces projets"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "manager", people_on(today))
        offer(self, "sponsor", people_on(today))
        offer(self, "programme", programmes())
        offer(self, "axis", axes())

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Project.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Ce code est déjà pris."))
        return code


class ProjectRowForm(VersionedForm):
    """The three cells of the register that the PSO edits in place, without those that only a decision changes."""

    priority_rank = forms.IntegerField(
        label=_("Rang"),
        required=False,
        min_value=1,
        max_value=9999,
        widget=forms.NumberInput(attrs={"data-focus": ""}),
    )
    manager = PersonChooser(label=_("Chef de projet"))
    programme = forms.ModelChoiceField(
        queryset=programmes().none(), label=_("Programme"), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, allowed: Iterable[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "manager", people_on(today, key_of(self.initial.get("manager"))))
        offer(self, "programme", programmes(key_of(self.initial.get("programme"))))
        for name in [name for name in self.own_fields if name not in set(allowed)]:
            del self.fields[name]
        if "priority_rank" not in self.fields:
            self.fields["programme"].widget.attrs["data-focus"] = ""
        self.initial["base"] = self.base_text()


class MoveForm(forms.Form):
    """One step of the life cycle; only the moves that the table allows and that wait for no decision are offered."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    target = forms.ChoiceField(label=_("Passer à"))
    reason = forms.CharField(label=_("Motif ou décision"), max_length=220, required=False)
    review_on = DayField(label=_("À revoir le (pause)"), required=False)
    actual_end = DayField(label=_("Fin réelle (clôture)"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(LifeCycle.choices)
        cast("forms.ChoiceField", self.fields["target"]).choices = [
            (move.target.value, " · ".join(filter(None, (str(labels[move.target.value]), move.gate))))
            for move in moves_from(Phase(project.life_cycle))
            if not move_needs_decision(move.source, move.target)
        ]
        self.initial.setdefault("version", project.version)
