"""Forms of bodies, seats, mandates and sittings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField, MoneyField
from config.web.versioned import VersionedForm
from governance.enums import BodyKind, SeatRole
from people.models import Person


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


class SeatForm(forms.Form):
    person = forms.ModelChoiceField(label=_("Personne"), queryset=Person.objects.none())
    role = forms.ChoiceField(label=_("Rôle"), choices=SeatRole.choices, initial=SeatRole.MEMBER)
    votes = forms.BooleanField(label=_("Voix délibérative"), required=False, initial=True)
    valid_from = DayField(label=_("Du"))
    valid_to = DayField(label=_("Au"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people


class MandateForm(forms.Form):
    subject = forms.CharField(label=_("Objet"), max_length=160)
    amount_max = MoneyField(label=_("Jusqu’à (€ TVAC)"), required=False, help_text=_("Vide : sans limite."))
    valid_from = DayField(label=_("Du"))
    valid_to = DayField(label=_("Au"), required=False)
    source = forms.CharField(label=_("Base"), max_length=200, required=False)


class SittingForm(forms.Form):
    starts_at = forms.DateTimeField(
        label=_("Séance"),
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=_("Lieu"), max_length=120, required=False)
