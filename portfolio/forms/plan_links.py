from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.enums import PlanLinkType

GIVES, WAITS = "gives", "waits"
Choices = Sequence[tuple[str, str]]


class OtherProjectForm(forms.Form):
    """Which project to tie to; only those the reader may know of are offered."""

    other = forms.ChoiceField(label=_("Autre projet"))

    def __init__(self, *args: Any, projects: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = projects  # type: ignore[attr-defined]


class CrossLinkForm(forms.Form):
    """Which end waits for which; the lag is in working days."""

    mine = forms.ChoiceField(label=_("Chez nous"))
    direction = forms.ChoiceField(
        label=_("Sens"),
        choices=((WAITS, _("nous attendons l’autre projet")), (GIVES, _("l’autre projet nous attend"))),
    )
    theirs = forms.ChoiceField(label=_("Chez eux"))
    kind = forms.ChoiceField(label=_("Type"), choices=PlanLinkType.choices, initial=PlanLinkType.FS)
    lag_days = forms.IntegerField(label=_("Décalage (jours ouvrés)"), min_value=-500, max_value=500, initial=0)

    def __init__(self, *args: Any, mine: Choices, theirs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mine"].choices = mine  # type: ignore[attr-defined]
        self.fields["theirs"].choices = theirs  # type: ignore[attr-defined]
