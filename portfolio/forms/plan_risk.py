from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField
from portfolio.models.plan import Activity
from portfolio.models.risk import Risk

MOST_DAYS = 999


class TargetForm(forms.Form):
    """The day whose chance is asked for."""

    target = DayField(label=_("Objectif"), required=False, help_text=_("Vide : la fin de référence du projet."))


class RiskDelayForm(forms.Form):
    """What an open risk would add to one activity that work is left in."""

    risk = forms.TypedChoiceField(label=_("Risque ouvert"), coerce=int)
    activity = forms.TypedChoiceField(label=_("Activité retardée"), coerce=int)
    optimistic = forms.IntegerField(label=_("Au moins (jours ouvrés)"), min_value=0, max_value=MOST_DAYS)
    most_likely = forms.IntegerField(label=_("Probable"), min_value=0, max_value=MOST_DAYS)
    pessimistic = forms.IntegerField(label=_("Au plus"), min_value=1, max_value=MOST_DAYS)

    def __init__(self, *args: Any, risks: Iterable[Risk], activities: Iterable[Activity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["risk"].choices = [(row.number, str(row)) for row in risks]  # type: ignore[attr-defined]
        self.fields["activity"].choices = [(row.uid, str(row)) for row in activities]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        points = [cleaned.get(name) for name in ("optimistic", "most_likely", "pessimistic")]
        known = [point for point in points if point is not None]
        if len(known) == len(points) and known != sorted(known):
            self.add_error("most_likely", _t("Les trois retards vont du plus petit au plus grand."))
        return cleaned
