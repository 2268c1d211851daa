"""Forms of bodies, seats, mandates and sittings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField
from config.web.versioned import VersionedForm
from governance.enums import BoardRole, BodyKind, SeatRole, Subject, ToleranceLevel
from governance.models import Body
from people.models import Person
from portfolio.forms.choosers import offer
from portfolio.models import Programme, Project


class BodyForm(VersionedForm):
    code = forms.RegexField(
        label=_("Code"),
        regex=r"^[A-Z][A-Z0-9-]{1,23}$",
        help_text=_("Lettres capitales, chiffres et tirets : CODIR, COPIL-SOCLE."),
        error_messages={"invalid": _("Le code commence par une lettre, en capitales, chiffres et tirets.")},
    )
    name_fr = forms.CharField(label=_("Nom (français)"), max_length=160)
    name_nl = forms.CharField(label=_("Nom (néerlandais)"), max_length=160, required=False)
    name_en = forms.CharField(label=_("Nom (anglais)"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Nature"), choices=BodyKind.choices)
    level = forms.IntegerField(
        label=_("Niveau"), min_value=1, max_value=9, help_text=_("1 = comité de projet, 9 = dernier ressort.")
    )
    cadence = forms.CharField(label=_("Rythme"), max_length=120, required=False)
    programme = forms.ModelChoiceField(
        label=_("Compétente pour un seul programme"), queryset=Programme.objects.none(), required=False
    )
    project = forms.ModelChoiceField(
        label=_("Compétente pour un seul projet"),
        queryset=Project.objects.none(),
        required=False,
        help_text=_("Sans programme ni projet, l’instance est compétente pour tout le portefeuille."),
    )
    active = forms.BooleanField(label=_("Instance active"), required=False, initial=True)

    def __init__(self, *args: Any, programmes: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "programme", programmes)
        offer(self, "project", projects)
        self.initial["base"] = self.base_text()


class SeatForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Personne"), queryset=Person.objects.none())
    role = forms.ChoiceField(label=_("Rôle"), choices=SeatRole.choices, initial=SeatRole.MEMBER)
    board_role = forms.ChoiceField(
        label=_("Rôle PRINCE2"), choices=[("", _("aucun")), *BoardRole.choices], required=False
    )
    votes = forms.BooleanField(label=_("Voix délibérative"), required=False, initial=True)
    valid_from = DayField(label=_("Du"))
    valid_to = DayField(label=_("Au"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)


class MandateForm(forms.Form):
    kind = forms.ChoiceField(label=_("Matière"), choices=Subject.choices)
    subject = forms.CharField(label=_("Objet"), max_length=160)
    amount_max = MoneyField(label=_("Jusqu’à (€ TVAC)"), required=False, help_text=_("Vide : sans limite."))
    limit_inclusive = forms.BooleanField(label=_("La limite elle-même est comprise"), required=False, initial=True)
    level = forms.TypedChoiceField(
        label=_("Dans la tolérance"),
        choices=[("", _("sans objet")), *ToleranceLevel.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    delegated_by = forms.ModelChoiceField(
        label=_("Par délégation de"), queryset=Body.objects.none(), required=False, help_text=_("Avec une date de fin.")
    )
    valid_from = DayField(label=_("Du"))
    valid_to = DayField(label=_("Au"), required=False)
    source = forms.CharField(label=_("Base"), max_length=200, required=False)

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "delegated_by", bodies)


class SittingForm(forms.Form):
    starts_at = forms.DateTimeField(
        label=_("Séance"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=_("Lieu"), max_length=120, required=False)


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Show a refusal of a service at its field where the form has it, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, list(errors))
