"""What a frozen week should have said: a text, with colours where no status came in time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.engines.status_checks import JUDGED
from portfolio.enums import RagChoice
from portfolio.forms.status_report import LineField
from portfolio.selectors.status_wording import judged_word
from reporting.models.correction import CORRECTION_MAX


class CorrectionForm(forms.Form):
    """`late=True` asks for the six colours too."""

    use_required_attribute = False

    text = LineField(
        label=_("Ce que le pack aurait dû dire"),
        max_length=CORRECTION_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Imprimé tel quel, avec votre nom, sur la couverture de la version suivante."),
    )

    def __init__(self, *args: Any, late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.late = late
        if late:
            self.fields["text"].label = _("Message au CODIR")
            for name in JUDGED:
                self.fields[name] = forms.ChoiceField(
                    label=judged_word(name), choices=RagChoice.choices, widget=forms.RadioSelect
                )

    @property
    def colours(self) -> list[forms.BoundField]:
        return [self[name] for name in JUDGED if name in self.fields]

    def declared(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in JUDGED if name in self.fields}
