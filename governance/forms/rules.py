"""Forms of the rules of a body, of declared interests, of the RACI matrix and of the question who decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.web.fields import DayField, MoneyField
from governance.enums import (
    ClosedDayRule,
    InterestKind,
    MonthWeek,
    RaciLetter,
    RaciRole,
    Rhythm,
    Subject,
    TieRule,
    ToleranceLevel,
    Weekday,
)
from people.models import Employer, Person
from portfolio.forms.choosers import offer
from portfolio.models import Project


class RulesForm(forms.Form):
    valid_from = DayField(label=gettext_lazy("À partir du"))
    quorum_share = forms.IntegerField(
        label=gettext_lazy("Quorum, en pour cent des voix"), min_value=0, max_value=100, initial=50
    )
    chair_required = forms.BooleanField(
        label=gettext_lazy("Présidence ou vice-présidence requise"), required=False, initial=True
    )
    voters_min = forms.IntegerField(
        label=gettext_lazy("Votants présents au moins"), min_value=2, max_value=30, initial=2
    )
    proxies_max = forms.IntegerField(
        label=gettext_lazy("Procurations par personne"), min_value=0, max_value=3, initial=1
    )
    tie = forms.ChoiceField(label=gettext_lazy("À égalité"), choices=TieRule.choices)
    written_days = forms.IntegerField(
        label=gettext_lazy("Procédure écrite, en jours ouvrables"), min_value=1, max_value=20, initial=3
    )
    source = forms.CharField(label=gettext_lazy("Base"), max_length=200, required=False)

    def clean_quorum_share(self) -> Decimal:
        return Decimal(self.cleaned_data["quorum_share"]) / 100


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(label=gettext_lazy("Rythme"), choices=Rhythm.choices)
    every = forms.IntegerField(
        label=gettext_lazy("Toutes les … semaines"),
        min_value=1,
        max_value=26,
        initial=1,
        help_text=gettext_lazy("Sans effet pour un rythme mensuel."),
    )
    month_week = forms.TypedChoiceField(
        label=gettext_lazy("Lequel du mois"),
        choices=MonthWeek.choices,
        coerce=int,
        help_text=gettext_lazy("Sans effet pour un rythme hebdomadaire."),
    )
    weekday = forms.TypedChoiceField(label=gettext_lazy("Jour"), choices=Weekday.choices, coerce=int)
    at = forms.TimeField(
        label=gettext_lazy("Heure"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Durée (minutes)"), min_value=15, max_value=480, initial=120)
    place = forms.CharField(label=gettext_lazy("Lieu"), max_length=120, required=False)
    closed_day = forms.ChoiceField(label=gettext_lazy("Un jour de fermeture"), choices=ClosedDayRule.choices)
    valid_from = DayField(label=gettext_lazy("À partir du"))


class InterestForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=InterestKind.choices)
    project = forms.ModelChoiceField(label=gettext_lazy("Projet"), queryset=Project.objects.none(), required=False)
    employer = forms.ModelChoiceField(
        label=gettext_lazy("Fournisseur"), queryset=Employer.objects.none(), required=False
    )
    other = forms.ModelChoiceField(label=gettext_lazy("Personne liée"), queryset=Person.objects.none(), required=False)
    note = forms.CharField(label=gettext_lazy("Précision"), max_length=300, required=False)

    def __init__(self, *args: Any, projects: Any, suppliers: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "project", projects)
        offer(self, "employer", suppliers)
        offer(self, "other", people)


class RaciForm(forms.Form):
    """One activity: a part, or none, for each role."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name_fr = forms.CharField(label=gettext_lazy("Activité (français)"), max_length=160)
    name_nl = forms.CharField(label=gettext_lazy("Activité (néerlandais)"), max_length=160, required=False)
    name_en = forms.CharField(label=gettext_lazy("Activité (anglais)"), max_length=160, required=False)

    def __init__(self, *args: Any, named: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if named:
            for name in ("name_fr", "name_nl", "name_en"):
                del self.fields[name]
        for role in RaciRole:
            self.fields[f"role_{role}"] = forms.ChoiceField(
                label=role.label, choices=[("", _("aucune part")), *RaciLetter.choices], required=False
            )

    @property
    def role_fields(self) -> list[forms.BoundField]:
        return [self[f"role_{role}"] for role in RaciRole]

    @property
    def letters(self) -> dict[str, str]:
        given = {str(role): self.cleaned_data.get(f"role_{role}", "") for role in RaciRole}
        return {role: letter for role, letter in given.items() if letter}

    @property
    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name_fr", "name_nl", "name_en")}


class WhoDecidesForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Matière"), choices=Subject.choices)
    amount = MoneyField(label=gettext_lazy("Montant (€ TVAC)"), required=False)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Tolérance entamée"),
        choices=[("", gettext_lazy("aucune")), *ToleranceLevel.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    project = forms.ModelChoiceField(label=gettext_lazy("Projet"), queryset=Project.objects.none(), required=False)
    on = DayField(label=gettext_lazy("Le"), required=False)

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "project", projects)
