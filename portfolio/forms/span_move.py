from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField

REACH = timedelta(days=15 * 366)


class SpanMoveForm(forms.Form):
    """The end somebody asks about."""

    end = DayField(label=_("Si la fin était le"), required=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_end(self) -> date:
        day: date = self.cleaned_data["end"]
        if day < self.today:
            raise ValidationError(_t("Choisissez aujourd’hui ou un jour à venir."))
        if day - self.today > REACH:
            raise ValidationError(_t("Choisissez un jour à moins de quinze ans d’ici."))
        return day


class SpanProposalForm(SpanMoveForm):
    """The same end, proposed to who leads the project, with the reason."""

    end = DayField(required=True, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Motif de la proposition"), max_length=300)
