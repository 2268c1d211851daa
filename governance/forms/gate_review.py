"""Forms of gates: a review with its checklist and lessons on one page, its criteria, its rules, its confidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.web.fields import DayField, MoneyField, say_limits
from config.web.versioned import VersionedForm
from governance.engines.gate_review import is_evidence
from governance.enums import CaseValidity, GateAnswerChoice, GateChoice, LessonKind, LessonReply
from governance.models import GateAnswer, GateReview, LessonAnswer
from people.models import Person
from portfolio.enums import Method
from portfolio.forms.choosers import offer

NONE = ("", gettext_lazy("—"))
ACTIONS = 3


class OwedField(forms.CharField):
    """Asked before the submission, so not called optional; a draft may leave it empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, **kwargs)

    def validate(self, value: Any) -> None:
        """Empty for now is no error."""


class OwedChoice(forms.ChoiceField):
    """A choice owed in the same way."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion with its three bound fields."""

    answer: GateAnswer
    reply: BoundField
    evidence: BoundField
    comment: BoundField


@dataclass(frozen=True, slots=True)
class LessonLine:
    answer: LessonAnswer
    reply: BoundField
    words: BoundField


class GateReviewForm(VersionedForm):
    """The end stage report, one line per criterion and one per lesson; merged field by field like any row."""

    planned_on = DayField(label=gettext_lazy("Décision souhaitée le"))
    amount = MoneyField(
        label=gettext_lazy("Montant de ce qui suit (€ TVAC)"),
        required=False,
        help_text=gettext_lazy("Ce que l’instance laisse dépenser ; il désigne l’instance compétente."),
    )
    performance = OwedField(
        label=gettext_lazy("Ce que la séquence a donné contre son plan"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    forecast = OwedField(
        label=gettext_lazy("Prévision jusqu’à la fin"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    business_case = OwedChoice(label=gettext_lazy("Justification économique"), choices=[NONE, *CaseValidity.choices])
    business_case_note = forms.CharField(label=gettext_lazy("Pourquoi"), max_length=400, required=False)
    recommendation = forms.CharField(label=gettext_lazy("Recommandation à l’instance"), max_length=300, required=False)

    def __init__(
        self, *args: Any, answers: Sequence[GateAnswer], lessons: Sequence[LessonAnswer], **kwargs: Any
    ) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.answers, self.lesson_answers = answers, lessons
        for answer in answers:
            self._add_criterion(answer)
        for lesson in lessons:
            self._add_lesson(lesson)
        say_limits(self.fields.values())
        self.initial["base"] = self.base_text()

    def _add_criterion(self, row: GateAnswer) -> None:
        number, text = str(row.criterion), row.criterion.text
        self.fields[f"reply_{row.pk}"] = forms.ChoiceField(
            label=f"{number} {text}", choices=[NONE, *GateAnswerChoice.choices], required=False
        )
        words = _("%(number)s : preuve") % {"number": number}
        self.fields[f"evidence_{row.pk}"] = (
            OwedField(label=words, max_length=400)
            if row.criterion.mandatory
            else forms.CharField(label=words, max_length=400, required=False)
        )
        self.fields[f"comment_{row.pk}"] = forms.CharField(
            label=_("%(number)s : commentaire") % {"number": number}, max_length=400, required=False
        )
        self.initial.update({f"{name}_{row.pk}": getattr(row, name) for name in ("reply", "evidence", "comment")})

    def _add_lesson(self, row: LessonAnswer) -> None:
        number = row.lesson.number
        self.fields[f"lesson_{row.pk}"] = forms.ChoiceField(
            label=f"{number} {row.lesson.recommendation}"[:240], choices=[NONE, *LessonReply.choices], required=False
        )
        self.fields[f"words_{row.pk}"] = OwedField(
            label=_("%(number)s : comment, ou pourquoi pas") % {"number": number}, max_length=400
        )
        self.initial.update({f"lesson_{row.pk}": row.reply, f"words_{row.pk}": row.words})

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)
        for row in self.answers:
            name = f"evidence_{row.pk}"
            if data.get(name) and not is_evidence(data[name]):
                self.add_error(name, ValidationError(_("Écrivez une adresse https:// ou la référence d’un document.")))
        return data

    @property
    def criteria(self) -> list[CriterionLine]:
        return [
            CriterionLine(row, self[f"reply_{row.pk}"], self[f"evidence_{row.pk}"], self[f"comment_{row.pk}"])
            for row in self.answers
        ]

    @property
    def lessons(self) -> list[LessonLine]:
        return [LessonLine(row, self[f"lesson_{row.pk}"], self[f"words_{row.pk}"]) for row in self.lesson_answers]


REPORT_FIELDS = (
    "planned_on",
    "amount",
    "performance",
    "forecast",
    "business_case",
    "business_case_note",
    "recommendation",
)
_LINES = {"reply": "reply", "evidence": "evidence", "comment": "comment"}
_LESSONS = {"lesson": "reply", "words": "words"}
Rows = dict[int, dict[str, str]]


def review_values(review: GateReview) -> dict[str, Any]:
    return {name: getattr(review, name) for name in REPORT_FIELDS}


def split_changes(changes: Mapping[str, Any]) -> tuple[dict[str, Any], Rows, Rows]:
    """The changed fields as those of the report, of the criteria by key and of the lessons by key."""
    report = {name: value for name, value in changes.items() if name in REPORT_FIELDS}
    return report, _by_row(changes.items(), _LINES), _by_row(changes.items(), _LESSONS)


def _by_row(items: Iterable[tuple[str, Any]], names: Mapping[str, str]) -> Rows:
    rows: Rows = {}
    for name, value in items:
        prefix, underscore, key = name.rpartition("_")
        if underscore and key.isdecimal() and prefix in names:
            rows.setdefault(int(key), {})[names[prefix]] = value
    return rows


class GateStartForm(forms.Form):
    gate = forms.ChoiceField(label=gettext_lazy("Porte"), choices=GateChoice.choices)
    planned_on = DayField(label=gettext_lazy("Décision souhaitée le"))

    def __init__(self, *args: Any, gates: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gate"]
        if isinstance(field, forms.ChoiceField):
            offered = list(gates)
            field.choices = [choice for choice in GateChoice.choices if choice[0] in offered]
            field.initial = next((value for value, _label in field.choices), None)


class ReviewerForm(forms.Form):
    reviewer = forms.ModelChoiceField(
        label=gettext_lazy("Relecteur"), queryset=Person.objects.none(), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "reviewer", people)


class BypassForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motif de la dispense"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class CriterionForm(VersionedForm):
    text = forms.CharField(label=gettext_lazy("Critère"), max_length=240)
    hint = forms.CharField(label=gettext_lazy("Preuve attendue"), max_length=240, required=False)
    mandatory = forms.BooleanField(label=gettext_lazy("Obligatoire"), required=False, initial=True)


class CriterionNewForm(forms.Form):
    method = forms.ChoiceField(label=gettext_lazy("Méthode"), choices=Method.choices)
    gate = forms.ChoiceField(label=gettext_lazy("Porte"), choices=GateChoice.choices)
    text = forms.CharField(label=gettext_lazy("Critère"), max_length=240)
    hint = forms.CharField(label=gettext_lazy("Preuve attendue"), max_length=240, required=False)
    mandatory = forms.BooleanField(label=gettext_lazy("Obligatoire"), required=False, initial=True)
    valid_from = DayField(label=gettext_lazy("Du"))


class GateRulesForm(forms.Form):
    valid_from = DayField(label=gettext_lazy("Du"))
    scale = forms.TypedChoiceField(
        label=gettext_lazy("Confiance donnée sur"),
        choices=[(5, gettext_lazy("cinq niveaux")), (3, gettext_lazy("trois niveaux"))],
        coerce=int,
    )
    investment_limit = MoneyField(
        label=gettext_lazy("Seuil du comité d’investissement (€ TVAC)"),
        required=False,
        help_text=gettext_lazy("Au-delà, ce comité décide avant la porte G1. Vide : sans seuil."),
    )
    source = forms.CharField(label=gettext_lazy("Base"), max_length=200, required=False)


class ConfidenceForm(forms.Form):
    """A level, why, and up to three mandatory actions; a line is complete or empty."""

    level = forms.ChoiceField(label=gettext_lazy("Confiance"), widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Pourquoi"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, levels: Sequence[tuple[str, str]], people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        if isinstance(level, forms.ChoiceField):
            level.choices = levels
        for number in range(1, ACTIONS + 1):
            self.fields[f"text_{number}"] = forms.CharField(
                label=_("Action %(number)d") % {"number": number}, max_length=300, required=False
            )
            self.fields[f"owner_{number}"] = forms.ModelChoiceField(
                label=_("Responsable"), queryset=people, required=False, empty_label="—"
            )
            self.fields[f"due_{number}"] = DayField(label=_("Échéance"), required=False)
        say_limits(self.fields.values())

    @property
    def lines(self) -> Iterator[tuple[BoundField, BoundField, BoundField]]:
        for number in range(1, ACTIONS + 1):
            yield self[f"text_{number}"], self[f"owner_{number}"], self[f"due_{number}"]

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or self.cleaned_data)
        for number in range(1, ACTIONS + 1):
            given = [data.get(f"{name}_{number}") for name in ("text", "owner", "due")]
            if any(given) and not all(given):
                self.add_error(f"text_{number}", _("Une action dit quoi, qui et pour quand."))
        return data

    @property
    def actions(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        return [
            {"text": data[f"text_{number}"], "owner": data[f"owner_{number}"], "due": data[f"due_{number}"]}
            for number in range(1, ACTIONS + 1)
            if data[f"text_{number}"]
        ]


class LessonForm(VersionedForm):
    kind = forms.ChoiceField(label=gettext_lazy("Nature"), choices=LessonKind.choices)
    event = forms.CharField(label=gettext_lazy("Événement"), max_length=240)
    effect = forms.CharField(label=gettext_lazy("Effet"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    cause = forms.CharField(label=gettext_lazy("Cause"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    early_warning = forms.CharField(label=gettext_lazy("Signe avant-coureur"), max_length=400, required=False)
    recommendation = forms.CharField(
        label=gettext_lazy("Recommandation"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )
    where_applied = forms.CharField(
        label=gettext_lazy("Appliquée où"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Tant qu’elle n’est appliquée nulle part, une leçon n’est qu’identifiée."),
    )


class LessonSearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Mots"), max_length=120, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Nature"), choices=[("", gettext_lazy("toutes")), *LessonKind.choices], required=False
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Méthode"), choices=[("", gettext_lazy("toutes")), *Method.choices], required=False
    )
