"""Form of a programme."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.versioned import VersionedForm
from portfolio.forms.choosers import PersonChooser, axes, key_of, offer, people_on
from portfolio.forms.project import CODE, TEXT
from portfolio.models.programme import Programme


class ProgrammeForm(VersionedForm):
    code = forms.CharField(label=_("Code"), max_length=20, validators=[CODE])
    name_fr = forms.CharField(label=_("Nom en français"), max_length=160)
    name_nl = forms.CharField(label=_("Nom en néerlandais"), max_length=160, required=False)
    name_en = forms.CharField(label=_("Nom en anglais"), max_length=160, required=False)
    manager = PersonChooser(label=_("Gestionnaire de programme"))
    axis = forms.ModelChoiceField(queryset=axes().none(), label=_("Axe stratégique"), required=False, empty_label="—")
    purpose = forms.CharField(label=_("Finalité"), max_length=4000, required=False, widget=TEXT)
    active = forms.BooleanField(label=_("En cours"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "manager", people_on(today, key_of(self.initial.get("manager"))))
        offer(self, "axis", axes(key_of(self.initial.get("axis"))))
        self.initial["base"] = self.base_text()


def programme_values(programme: Programme) -> dict[str, Any]:
    return {name: getattr(programme, name) for name in ProgrammeForm.base_fields if name not in ("version", "base")}
