"""Forms of issues: capture, impact on the seven targets, proposed answer, answer, actions, change budget, clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField, QuantityField
from config.web.versioned import VersionedForm
from governance.enums import ChangeAnswer, ChangeKind, ChangeStep
from governance.models import Change
from governance.models.change import IMPACT_WORDS
from governance.selectors.change_room import ImpactLine, amount_of
from portfolio.enums import TargetChoice
from portfolio.forms.choosers import PersonChooser, key_of, offer, people_on
from portfolio.models import Milestone, Project, Risk, Stage

SCALE = [(number, str(number)) for number in range(1, 6)]
SEVERITIES = (
    (1, _("1 · gêne mineure")),
    (2, _("2 · dans la tolérance, sans urgence")),
    (3, _("3 · dans la tolérance")),
    (4, _("4 · dépasse une tolérance")),
    (5, _("5 · bloque la mise en service ou la légalité")),
)
_AREA = {"rows": 4}


class CaptureForm(VersionedForm):
    kind = forms.ChoiceField(label=_("Type"), choices=ChangeKind.choices)
    title = forms.CharField(label=_("Intitulé"), max_length=140)
    description = forms.CharField(label=_("Description"), max_length=2000, widget=forms.Textarea(attrs=_AREA))
    cause = forms.CharField(label=_("Cause"), max_length=300, required=False)
    severity = forms.TypedChoiceField(label=_("Gravité"), choices=SEVERITIES, coerce=int)
    priority = forms.TypedChoiceField(label=_("Priorité"), choices=SCALE, coerce=int, help_text=_("5 : la plus haute."))
    author = PersonChooser(label=_("Auteur"), required=True, help_text=_("Qui l’a relevée ; ne peut pas y répondre."))
    owner = PersonChooser(label=_("Responsable"))
    risk = forms.ModelChoiceField(label=_("Risque"), queryset=Risk.objects.none(), required=False, empty_label="—")
    milestone = forms.ModelChoiceField(
        label=_("Jalon"), queryset=Milestone.objects.none(), required=False, empty_label="—"
    )
    stage = forms.ModelChoiceField(label=_("Séquence"), queryset=Stage.objects.none(), required=False, empty_label="—")

    def __init__(self, *args: Any, project: Project, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("author", "owner"):
            offer(self, name, people_on(today, key_of(self.initial.get(name))))
        offer(self, "risk", Risk.objects.filter(project=project).order_by("number"))
        offer(self, "milestone", Milestone.objects.filter(project=project).order_by("baseline", "pk"))
        offer(self, "stage", Stage.objects.filter(project=project).order_by("number"))
        self.initial["base"] = self.base_text()


CAPTURE_GROUPS = (
    (_("Ce qui se passe"), ("kind", "title", "description", "cause")),
    (_("Combien c’est grave"), ("severity", "priority")),
    (_("Qui, et à quoi cela touche"), ("author", "owner", "risk", "milestone", "stage")),
)


def capture_values(change: Change) -> dict[str, Any]:
    return {name: getattr(change, name) for name in CaptureForm.base_fields if name not in ("version", "base")}


class AssessForm(VersionedForm):
    """Size, cost and days, and per target a signed number and a line of words."""

    size = forms.TypedChoiceField(label=_("Taille"), choices=SCALE, coerce=int, help_text=_("5 : la plus grande."))
    cost = MoneyField(
        label=_("Coût (€ TVAC)"), required=False, help_text=_("Vide : inconnu ; 0 : rien. Décide qui peut répondre.")
    )
    days = QuantityField(label=_("Charge (jours)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target, label in TargetChoice.choices:
            self.fields[f"amount_{target}"] = QuantityField(label=label, required=False, allow_negative=True)
            self.fields[f"words_{target}"] = forms.CharField(label=label, required=False, max_length=IMPACT_WORDS)
        self.initial["base"] = self.base_text()

    def lines(self, impacts: Iterable[ImpactLine]) -> list[tuple[ImpactLine, forms.BoundField, forms.BoundField]]:
        """Each target beside what is left of it, with its two fields."""
        return [(one, self[f"amount_{one.target}"], self[f"words_{one.target}"]) for one in impacts]


ASSESS_GROUPS = ((_("Ce que cela demande"), ("size", "cost", "days")),)


def assess_values(change: Change) -> dict[str, Any]:
    values: dict[str, Any] = {"size": change.size or 2, "cost": change.cost, "days": change.days}
    for target in TargetChoice.values:
        values[f"amount_{target}"] = amount_of(change, target)
        values[f"words_{target}"] = change.impacts.get(target, {}).get("words", "")
    return values


def assessed(change: Change, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The typed fields as fields of the row: the fourteen of the impacts are one mapping."""
    values = {name: value for name, value in changes.items() if name in AssessForm.base_fields}
    impacts = {target: dict(one) for target, one in change.impacts.items()}
    for name, value in changes.items():
        part, _sign, target = name.partition("_")
        if target in TargetChoice.values:
            text = "" if value is None else str(value)
            impacts.setdefault(target, {"amount": "", "words": ""})[part] = text
    kept = {target: one for target, one in impacts.items() if one.get("amount") or one.get("words")}
    return {**values, "size": values.get("size", change.size or 2), "impacts": kept}


class RecommendForm(VersionedForm):
    recommended = forms.ChoiceField(label=_("Réponse proposée"), choices=())
    recommendation = forms.CharField(label=_("Pourquoi"), max_length=300)
    if_rejected = forms.CharField(
        label=_("Si rien n’est fait"), max_length=300, help_text=_("L’instance le lit comme coût de l’attente.")
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        concedes = kind == ChangeKind.OFF_SPECIFICATION
        field = self.fields["recommended"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (one.value, one.label)
                for one in ChangeAnswer
                if one != ChangeAnswer.MORE_INFO and (concedes or one != ChangeAnswer.CONCESSION)
            ]


def recommend_values(change: Change) -> dict[str, Any]:
    return {
        "recommended": change.recommended or ChangeAnswer.ACCEPT,
        "recommendation": change.recommendation,
        "if_rejected": change.if_rejected,
    }


class AnswerForm(VersionedForm):
    answer = forms.ChoiceField(label=_("Réponse"), choices=())
    reason = forms.CharField(label=_("Motif"), max_length=600, widget=forms.TextInput())
    until = DayField(label=_("Concession jusqu’au"), required=False)
    condition = forms.CharField(label=_("Condition de la concession"), max_length=300, required=False)

    def __init__(self, *args: Any, answers: Iterable[ChangeAnswer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.value, one.label) for one in answers]
        field = self.fields["answer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = offered
        if ChangeAnswer.CONCESSION not in dict(offered):
            del self.fields["until"], self.fields["condition"]


class ActForm(forms.Form):
    """What an act that is only a step needs to say; `version` guards against a page that is no longer true."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=_("Pourquoi"), max_length=300, required=False)
    review_on = DayField(label=_("À revoir le"), required=False)
    into = forms.ModelChoiceField(
        label=_("Dans l’incidence"), queryset=Change.objects.none(), required=False, empty_label="—"
    )
    needed_on = DayField(label=_("À décider le"), required=False)

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "into", others)


class ActionForm(forms.Form):
    text = forms.CharField(label=_("Action"), max_length=300)
    owner = PersonChooser(label=_("Responsable"), required=True)
    due = DayField(label=_("Échéance"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people_on(today))


class ChangeBudgetForm(VersionedForm):
    amount = MoneyField(label=_("Budget de changement (€ TVAC)"))
    valid_from = DayField(label=_("Du"))
    valid_to = DayField(label=_("Au"))
    source = forms.CharField(label=_("Base"), max_length=200, help_text=_("La décision qui l’accorde, par son numéro."))


class DelegationForm(forms.Form):
    person = PersonChooser(label=_("Autorité de changement"), required=True)
    limit_each = MoneyField(label=_("Par changement (€)"))
    limit_total = MoneyField(label=_("Sur la période (€)"))
    valid_from = DayField(label=_("Du"))
    valid_to = DayField(label=_("Au"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people_on(today).filter(user__is_active=True))


class ClocksForm(forms.Form):
    """Working days per severity and step, from a day on."""

    valid_from = DayField(label=_("En vigueur dès le"))
    source = forms.CharField(label=_("Base"), max_length=200)

    def __init__(self, *args: Any, days: Mapping[tuple[int, str], int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = days
        for (severity, step), count in days.items():
            label = f"{severity} · {ChangeStep(step).label}"
            self.fields[f"{step}_{severity}"] = forms.IntegerField(
                label=label, min_value=1, max_value=400, initial=count
            )

    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """By severity, the gravest first."""
        return [(number, [self[f"{step}_{number}"] for step in ChangeStep.values]) for number in range(5, 0, -1)]

    @property
    def differing(self) -> dict[tuple[int, str], int]:
        values = {key: self.cleaned_data[f"{key[1]}_{key[0]}"] for key in self.before}
        return {key: value for key, value in values.items() if value != self.before[key]}
