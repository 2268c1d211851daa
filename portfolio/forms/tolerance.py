"""Forms of the seven tolerances."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import QuantityField
from config.web.versioned import VersionedForm
from portfolio.enums import ToleranceUnit
from portfolio.models.tolerance import ToleranceBounds


class ToleranceForm(VersionedForm):
    """Bounds without sign; an empty bound means no limit on that side."""

    minus = QuantityField(label=_("Tolérance en moins"), required=False)
    plus = QuantityField(label=_("Tolérance en plus"), required=False)
    unit = forms.ChoiceField(label=_("Unité"), choices=ToleranceUnit.choices)
    measure = forms.CharField(label=_("Ce qui est mesuré"), max_length=120, required=False)
    baseline = QuantityField(label=_("Référence"), required=False, allow_negative=True)
    forecast = QuantityField(label=_("Prévision"), required=False, allow_negative=True)

    def __init__(self, *args: Any, allowed: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.own_fields if name not in set(allowed)]:
            del self.fields[name]
        self.initial["base"] = self.base_text()


def tolerance_values(tolerance: ToleranceBounds) -> dict[str, Any]:
    return {name: getattr(tolerance, name) for name in ToleranceForm.base_fields if name not in ("version", "base")}
