"""Forms of an arbitration: its request, its facts, an option with its effects on each project, and each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField, QuantityField
from config.web.versioned import VersionedForm
from governance.enums import BodyKind, ClockKind, ConcernedRole, ConflictKind, Shift
from governance.models import ConcernedProject
from governance.models.arbitration import IMPACT_FIELDS, OPTION_FIELDS
from people.models import Person
from portfolio.forms.choosers import offer
from portfolio.models import Project

_TARGETS = {
    "scope": _("Périmètre"),
    "quality": _("Qualité"),
    "benefits": _("Bénéfices"),
    "risk": _("Risque"),
    "sustainability": _("Durabilité"),
}
_ROLES = [choice for choice in ConcernedRole.choices if choice[0] != ConcernedRole.ASKS]
OTHERS_MAX = 4


class ArbitrationForm(forms.Form):
    """Who asks for what, against whom."""

    project = forms.ModelChoiceField(label=_("Projet demandeur"), queryset=Project.objects.none(), empty_label="—")
    kind = forms.ChoiceField(label=_("Objet du conflit"), choices=ConflictKind.choices)
    question = forms.CharField(label=_("Question à trancher"), max_length=220, widget=forms.Textarea(attrs={"rows": 2}))
    facts = forms.CharField(
        label=_("Ce que l’on sait"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    cost_of_waiting = forms.CharField(label=_("Coût de l’attente"), max_length=300, required=False)

    def __init__(self, *args: Any, own: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "project", own)
        for place in range(1, OTHERS_MAX + 1):
            self.fields[f"other_{place}"] = forms.ModelChoiceField(
                label=_("Projet concerné"), queryset=others, required=place == 1, empty_label="—"
            )
            self.fields[f"role_{place}"] = forms.ChoiceField(label=_("Son rôle"), choices=_ROLES)

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"other_{place}"], self[f"role_{place}"]) for place in range(1, OTHERS_MAX + 1)]

    @property
    def others(self) -> list[tuple[Project, str]]:
        values = self.cleaned_data
        pairs = [(values[f"other_{place}"], values[f"role_{place}"]) for place in range(1, OTHERS_MAX + 1)]
        return [(project, role) for project, role in pairs if project is not None]

    @property
    def own_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "question", "facts", "cost_of_waiting")}


class FactsForm(VersionedForm):
    """What is established before the options are weighed."""

    kind = forms.ChoiceField(label=_("Objet du conflit"), choices=ConflictKind.choices)
    question = forms.CharField(label=_("Question à trancher"), max_length=220, widget=forms.Textarea(attrs={"rows": 2}))
    facts = forms.CharField(
        label=_("Faits établis"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    recommendation = forms.CharField(label=_("Recommandation"), max_length=300, required=False)
    cost_of_waiting = forms.CharField(label=_("Coût de l’attente"), max_length=300, required=False)


class OptionForm(VersionedForm):
    """An option and, per concerned project, what it changes there."""

    label = forms.CharField(label=_("Option"), max_length=120)
    description = forms.CharField(label=_("Description"), max_length=300, required=False)
    recommended = forms.BooleanField(label=_("Recommandée"), required=False)

    def __init__(self, *args: Any, concerned: Sequence[ConcernedProject], **kwargs: Any) -> None:
        self.concerned = concerned
        super().__init__(*args, **kwargs)
        for item in concerned:
            for name, field in _impact_fields().items():
                self.fields[_key(item.project_id, name)] = field
        self.initial["base"] = self.base_text()

    @property
    def groups(self) -> list[tuple[ConcernedProject, list[forms.BoundField]]]:
        """The fields of each project, for the page."""
        return [(item, [self[_key(item.project_id, name)] for name in IMPACT_FIELDS]) for item in self.concerned]

    def option_values(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        return {name: changes[name] for name in OPTION_FIELDS if name in changes}

    def impact_values(self, changes: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
        """What each project's effect becomes; every project gets its row, unchanged fields keep their value."""
        return {
            item.project_id: {
                name: _filled(name, changes[_key(item.project_id, name)])
                for name in IMPACT_FIELDS
                if _key(item.project_id, name) in changes
            }
            for item in self.concerned
        }


def impact_initial(project: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The initial values of one project's fields."""
    return {_key(project, name): values[name] for name in IMPACT_FIELDS}


def _key(project: int, name: str) -> str:
    return f"p{project}_{name}"


def _filled(name: str, value: Any) -> Any:
    """An amount left empty is none."""
    return 0 if value is None and name in ("days", "cost", "capacity", "broken") else value


def _impact_fields() -> dict[str, forms.Field]:
    shifts = {
        name: forms.TypedChoiceField(label=label, choices=Shift.choices, coerce=int, initial=0)
        for name, label in _TARGETS.items()
    }
    return {
        "days": forms.IntegerField(label=_("Délai (jours)"), min_value=-1500, max_value=1500, required=False),
        "cost": MoneyField(label=_("Coût (€)"), required=False, allow_negative=True),
        "capacity": QuantityField(label=_("Capacité (jours-personnes)"), required=False, allow_negative=True),
        "quarter": forms.CharField(label=_("Trimestre"), max_length=12, required=False),
        "broken": forms.IntegerField(label=_("Dépendances rompues"), min_value=0, max_value=99, required=False),
        **shifts,
        "note": forms.CharField(label=_("En clair"), max_length=200, required=False),
    }


class StepForm(forms.Form):
    """A step that only needs to be taken."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WordsForm(StepForm):
    """A step that says why, or on what evidence."""

    words = forms.CharField(label=_("Motif"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: Any = None, limit: int = 300, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label is not None:
            self.fields["words"].label = label
        if limit != 300:
            self.fields["words"] = forms.CharField(
                label=self.fields["words"].label, max_length=limit, widget=forms.Textarea(attrs={"rows": 3})
            )


class AnalystForm(StepForm):
    """Who analyses it."""

    analyst = forms.ModelChoiceField(label=_("Analyste"), queryset=Person.objects.none(), empty_label="—")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "analyst", people)


class ClockForm(forms.Form):
    """How long a step may take from a day on."""

    kind = forms.ChoiceField(label=_("Délai"), choices=ClockKind.choices)
    body_kind = forms.ChoiceField(label=_("Nature d’instance"), choices=[("", "—"), *BodyKind.choices], required=False)
    days = forms.IntegerField(label=_("Jours ouvrables"), min_value=1, max_value=60)
    next_session = forms.BooleanField(label=_("Ou la prochaine séance, si elle vient avant"), required=False)
    valid_from = DayField(label=_("Du"))
    source = forms.CharField(label=_("Base"), max_length=200, required=False)
