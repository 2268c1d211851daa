"""Forms of a session: its agenda, presences, recusals, votes and outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField, QuantityField
from config.web.versioned import VersionedForm
from governance.enums import EffectKind, ItemKind, OutcomeKind, Publication, RecusalGround, VoteChoice
from governance.models import Decision, DecisionRequest, Outcome, Seat
from governance.models.effect import NEEDED
from people.models import Person
from portfolio.enums import BudgetNature, LifeCycle, TargetChoice
from portfolio.forms.choosers import offer
from portfolio.models import Project

if TYPE_CHECKING:
    _Requests = forms.ModelChoiceField[DecisionRequest]
else:
    _Requests = forms.ModelChoiceField


class RequestField(_Requests):
    """A request by its number and its question."""

    def label_from_instance(self, obj: DecisionRequest) -> str:
        return f"{obj.number} – {obj.question}"


class ItemForm(forms.Form):
    """One more item: a request that waits, or a title of its own."""

    kind = forms.ChoiceField(label=_("Nature"), choices=ItemKind.choices, initial=ItemKind.DECISION)
    request = RequestField(
        label=_("Demande"), queryset=DecisionRequest.objects.none(), required=False, empty_label=_("aucune")
    )
    title = forms.CharField(
        label=_("Intitulé"), max_length=220, required=False, help_text=_("Vide : celui de la demande.")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=240, required=False)

    def __init__(self, *args: Any, requests: Iterable[DecisionRequest], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "request", DecisionRequest.objects.filter(pk__in=[row.pk for row in requests]))


class SittingChangeForm(VersionedForm):
    """When, how long and where a session is held."""

    starts_at = forms.DateTimeField(
        label=_("Séance"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Durée (minutes)"), min_value=15, max_value=480)
    place = forms.CharField(label=_("Lieu"), max_length=120, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Motif"), max_length=220)


class WrittenForm(forms.Form):
    """What the members are asked to agree to in writing."""

    text = forms.CharField(label=_("Décision proposée"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}))
    rationale = forms.CharField(
        label=_("Motivation"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class AttendanceForm(forms.Form):
    """Who is present, and to whom each absent member gave his voice."""

    present = forms.MultipleChoiceField(label=_("Présents"), required=False, choices=[])

    def __init__(self, *args: Any, seats: Iterable[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        voting = [seat for seat in seats if seat.votes]
        people = [(str(seat.person_id), seat.person.full_name) for seat in voting]
        field = self.fields["present"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = people
        for key, name in people:
            others = [("", "—"), *((pk, other) for pk, other in people if pk != key)]
            self.fields[f"proxy_{key}"] = forms.ChoiceField(label=name, choices=others, required=False)

    @property
    def there(self) -> frozenset[int]:
        return frozenset(int(key) for key in self.cleaned_data["present"])

    @property
    def proxies(self) -> dict[int, int]:
        named = {name: value for name, value in self.cleaned_data.items() if name.startswith("proxy_") and value}
        return {int(name.removeprefix("proxy_")): int(value) for name, value in named.items()}


class RecusalForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Membre"), queryset=Person.objects.none(), empty_label=None)
    ground = forms.ChoiceField(
        label=_("Motif"), choices=[choice for choice in RecusalGround.choices if choice[0] != RecusalGround.DELEGATE]
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class VoteForm(forms.Form):
    person = forms.ModelChoiceField(queryset=Person.objects.none())
    choice = forms.ChoiceField(choices=VoteChoice.choices)
    paper = forms.IntegerField(min_value=1)
    dissent = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class NotesForm(forms.Form):
    notes = forms.CharField(
        label=_("Procès-verbal du point"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    base = forms.CharField(widget=forms.HiddenInput, max_length=8000, required=False, strip=False)


class OutcomeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Nature"), choices=OutcomeKind.choices)
    text = forms.CharField(label=_("Texte"), max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
    rationale = forms.CharField(label=_("Motivation"), max_length=600, required=False)
    parent = forms.ModelChoiceField(
        label=_("De la décision"), queryset=Outcome.objects.none(), required=False, empty_label=_("aucune")
    )
    owner = forms.ModelChoiceField(label=_("Responsable"), queryset=Person.objects.none(), required=False)
    due = DayField(label=_("Échéance"), required=False)
    publication = forms.ChoiceField(label=_("Lisible par"), choices=Publication.choices, initial=Publication.PORTFOLIO)
    supersedes = forms.ModelChoiceField(
        label=_("Remplace"), queryset=Decision.objects.none(), required=False, empty_label=_("aucune")
    )

    def __init__(self, *args: Any, people: Any, decisions: Any, replaceable: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people)
        offer(self, "parent", decisions)
        offer(self, "supersedes", replaceable)


_ALSO_ASKED: dict[str, tuple[str, ...]] = {EffectKind.TOLERANCE: ("minus", "plus"), EffectKind.PHASE: ("day",)}


class EffectForm(forms.Form):
    """What the decision changes by itself: only the fields its kind needs are asked."""

    kind = forms.ChoiceField(label=_("Effet"), choices=EffectKind.choices, widget=forms.HiddenInput)
    project = forms.ModelChoiceField(
        label=_("Projet touché"),
        queryset=Project.objects.none(),
        required=False,
        empty_label=_("celui de la demande"),
    )
    year = forms.IntegerField(label=_("Année"), min_value=1990, max_value=2100, required=False)
    nature = forms.ChoiceField(label=_("Nature"), choices=[("", "—"), *BudgetNature.choices], required=False)
    amount = MoneyField(label=_("Budget approuvé (€)"), required=False)
    day = DayField(label=_("Fin de référence, ou date de revue"), required=False)
    target = forms.ChoiceField(label=_("Cible"), choices=[("", "—"), *TargetChoice.choices], required=False)
    minus = QuantityField(label=_("Tolérance en moins"), required=False)
    plus = QuantityField(label=_("Tolérance en plus"), required=False)
    rank = forms.IntegerField(label=_("Rang de priorité"), min_value=1, max_value=9999, required=False)
    person = forms.ModelChoiceField(
        label=_("Chef de projet"), queryset=Person.objects.none(), required=False, empty_label="—"
    )
    phase = forms.ChoiceField(label=_("Étape"), choices=[("", "—"), *LifeCycle.choices], required=False)
    other_project = forms.ModelChoiceField(
        label=_("Projet qui reçoit"), queryset=Project.objects.none(), required=False, empty_label="—"
    )
    answer = forms.ChoiceField(label=_("Réponse"), required=False)

    def __init__(
        self,
        *args: Any,
        kind: str,
        people: Any,
        projects: Any,
        concerned: Any,
        answers: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = kind
        offer(self, "person", people)
        offer(self, "project", concerned)
        offer(self, "other_project", projects)
        answer = self.fields["answer"]
        if isinstance(answer, forms.ChoiceField):
            answer.choices = [("", "—"), *answers]
        self._ask_only(kind, several=len(concerned) > 1)

    def _ask_only(self, kind: str, *, several: bool) -> None:
        needed = NEEDED.get(kind, ())
        asked = {"kind", *needed, *_ALSO_ASKED.get(kind, ())}
        if several and "answer" not in needed:
            asked.add("project")
        for name in [name for name in self.fields if name not in asked]:
            del self.fields[name]
        for name in needed:
            self.fields[name].required = True


class EvidenceForm(forms.Form):
    evidence = forms.CharField(label=_("Preuve"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class RegisterForm(forms.Form):
    q = forms.CharField(label=_("Mots"), max_length=120, required=False)
    body = forms.CharField(max_length=24, required=False)
    state = forms.CharField(max_length=10, required=False)
    undone = forms.BooleanField(label=_("À exécuter"), required=False)
