"""Forms of products: description, criterion, quality review, its result, its follow-ups, acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, say_limits
from config.web.versioned import VersionedForm
from portfolio.engines.product import Answer, Finding
from portfolio.enums import AcceptanceVerdict, ProductKind, ReviewResult
from portfolio.forms.choosers import PersonChooser, offer, people_on
from portfolio.models.milestone import Milestone
from portfolio.models.product import Product, ProductCriterion, identifier_rule
from portfolio.models.product_review import ProductReview
from portfolio.models.project import Project
from portfolio.models.work_package import WorkPackage

FOLLOW_UPS = 3
YES, NO = "yes", "no"
REVIEW_ROLES = ("chair", "presenter", "reviewer_1", "reviewer_2", "reviewer_3", "administrator")


class ProductForm(VersionedForm):
    """What the product is for, who makes it, who accepts it, and when."""

    identifier = forms.CharField(
        label=_("Identifiant"),
        max_length=16,
        validators=[identifier_rule],
        help_text=_("Unique dans le projet ; l’ordre de l’arbre, p. ex. 1.2 ou LIV-03."),
    )
    title = forms.CharField(label=_("Intitulé"), max_length=140)
    kind = forms.ChoiceField(label=_("Nature"), choices=ProductKind.choices)
    parent = forms.ModelChoiceField(
        label=_("Fait partie de"), queryset=Product.objects.none(), required=False, empty_label=_("le projet")
    )
    purpose = forms.CharField(
        label=_("But"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("À qui il sert, et à quoi."),
    )
    producer = PersonChooser(label=_("Producteur"))
    acceptor = PersonChooser(label=_("Responsable de l’acceptation"), help_text=_("Jamais le producteur."))
    milestone = forms.ModelChoiceField(
        label=_("Dû au jalon"), queryset=Milestone.objects.none(), required=False, empty_label="—"
    )
    work_package = forms.ModelChoiceField(
        label=_("Livré par le lot"), queryset=WorkPackage.objects.none(), required=False, empty_label="—"
    )
    planned_on = DayField(label=_("Acceptation de référence"), required=False)
    forecast_on = DayField(label=_("Acceptation prévue"), required=False)

    def __init__(self, *args: Any, project: Project, today: date, row: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = Product.objects.filter(project=project).order_by("identifier")
        offer(self, "parent", parents.exclude(pk=row.pk) if row else parents)
        offer(self, "milestone", Milestone.objects.filter(project=project).order_by("forecast", "pk"))
        offer(self, "work_package", WorkPackage.objects.filter(project=project).order_by("code"))
        offer(self, "producer", people_on(today, row.producer_id if row else None))
        offer(self, "acceptor", people_on(today, row.acceptor_id if row else None))
        self.initial["base"] = self.base_text()


class CriterionForm(VersionedForm):
    text = forms.CharField(label=_("Critère"), max_length=300, help_text=_("Ce que l’on constate, mesurable."))
    method = forms.CharField(
        label=_("Méthode de contrôle"), max_length=200, required=False, help_text=_("Comment, par qui, avec quoi.")
    )
    tolerance = forms.CharField(
        label=_("Tolérance"), max_length=140, required=False, help_text=_("L’écart encore accepté ; « aucune » se dit.")
    )


class ReviewForm(VersionedForm):
    """The day and the four roles of a quality review."""

    planned_on = DayField(label=_("Prévu le"))
    chair = PersonChooser(label=_("Préside"), help_text=_("Conduit le contrôle et conclut."))
    presenter = PersonChooser(label=_("Présente"), help_text=_("Pour le producteur ; ne préside pas, ne relit pas."))
    reviewer_1 = PersonChooser(label=_("Relecteur"))
    reviewer_2 = PersonChooser(label=_("Deuxième relecteur"))
    reviewer_3 = PersonChooser(label=_("Troisième relecteur"))
    administrator = PersonChooser(label=_("Tient le procès-verbal"))

    def __init__(self, *args: Any, today: date, row: ProductReview | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in REVIEW_ROLES:
            offer(self, name, people_on(today, getattr(row, f"{name}_id") if row else None))
        self.initial["base"] = self.base_text()


class _Answering(forms.Form):
    """A form over a row that moves on: it carries the version it was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_limits(self.fields.values())


class ResultForm(_Answering):
    """What a quality review found, with up to three follow-ups at once."""

    result = forms.ChoiceField(label=_("Résultat"), choices=ReviewResult.choices, widget=forms.RadioSelect)
    held_on = DayField(label=_("Tenu le"))
    note = forms.CharField(label=_("Constat"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(
        label=_("Preuve"),
        max_length=400,
        required=False,
        help_text=_("Adresse https du procès-verbal, ou sa référence."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, FOLLOW_UPS + 1):
            self.fields[f"text_{number}"] = forms.CharField(
                label=_now("Suite %(number)d") % {"number": number}, max_length=300, required=False
            )
            self.fields[f"owner_{number}"] = PersonChooser(label=_("Responsable"), today=today)
            self.fields[f"due_{number}"] = DayField(label=_("Pour le"), required=False)
        say_limits(self.fields.values())

    def clean(self) -> dict[str, Any]:
        """A follow-up is whole: what, who, by when."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, FOLLOW_UPS + 1):
            given = [bool(values.get(f"{name}_{number}")) for name in ("text", "owner", "due")]
            if any(given) and not all(given):
                self.add_error(f"text_{number}", _now("Une suite dit quoi, qui et pour quand."))
        return values

    @property
    def actions(self) -> list[dict[str, Any]]:
        values = self.cleaned_data
        return [
            {"text": values[f"text_{number}"], "owner": values[f"owner_{number}"], "due": values[f"due_{number}"]}
            for number in range(1, FOLLOW_UPS + 1)
            if values.get(f"text_{number}")
        ]


class FollowUpForm(forms.Form):
    """One more thing to do after a review."""

    text = forms.CharField(label=_("À faire"), max_length=300)
    owner = PersonChooser(label=_("Responsable"), required=True)
    due = DayField(label=_("Pour le"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people_on(today))
        say_limits(self.fields.values())


class EvidenceForm(_Answering):
    evidence = forms.CharField(
        label=_("Preuve"),
        max_length=400,
        help_text=_("Ce qui est fait, et où on le voit : adresse https ou référence."),
    )


class AnswerForm(_Answering):
    """The answer to a product handed over, criterion by criterion."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=AcceptanceVerdict.choices, widget=forms.RadioSelect)
    on = DayField(label=_("Le"))
    note = forms.CharField(
        label=_("Réserves, ou motif du refus"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = forms.CharField(
        label=_("Preuve"),
        max_length=400,
        required=False,
        help_text=_("Adresse https de l’acte signé, ou sa référence."),
    )

    def __init__(self, *args: Any, criteria: Sequence[ProductCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = [row.number for row in criteria]
        choices = ((YES, _("oui")), (NO, _("non")))
        for row in criteria:
            self.fields[f"met_{row.number}"] = forms.ChoiceField(
                label=_now("Critère %(number)d satisfait") % {"number": row.number},
                choices=choices,
                widget=forms.RadioSelect,
            )
            self.fields[f"found_{row.number}"] = forms.CharField(label=_("Constaté"), max_length=200, required=False)
        say_limits(self.fields.values())

    @property
    def answer(self) -> Answer:
        values = self.cleaned_data
        return Answer(
            verdict=values["verdict"],
            on=values["on"],
            findings={
                number: Finding(met=values[f"met_{number}"] == YES, found=values[f"found_{number}"])
                for number in self.numbers
            },
            note=values["note"],
            evidence=values["evidence"],
        )


def values_of(row: Product | ProductCriterion | ProductReview, form: type[VersionedForm]) -> dict[str, Any]:
    """The stored values by field of the form."""
    return {name: getattr(row, name) for name in form.base_fields if name not in ("version", "base")}
