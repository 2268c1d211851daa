"""Form of a strategic axis."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.versioned import VersionedForm
from portfolio.forms.project import CODE
from portfolio.models.strategic_axis import StrategicAxis


class AxisForm(VersionedForm):
    code = forms.CharField(label=_("Code"), max_length=20, validators=[CODE])
    name_fr = forms.CharField(label=_("Nom en français"), max_length=160)
    name_nl = forms.CharField(label=_("Nom en néerlandais"), max_length=160, required=False)
    name_en = forms.CharField(label=_("Nom en anglais"), max_length=160, required=False)
    position = forms.IntegerField(label=_("Ordre"), min_value=0, max_value=999)
    active = forms.BooleanField(label=_("En vigueur"), required=False)


def axis_values(axis: StrategicAxis) -> dict[str, Any]:
    return {name: getattr(axis, name) for name in AxisForm.base_fields if name not in ("version", "base")}
