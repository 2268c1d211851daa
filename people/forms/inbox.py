from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.enums import MailChoice, Purpose


class InboxFilterForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Motif"), required=False, choices=[("", _("Tous")), *Purpose.choices])

    def wanted(self) -> Purpose | None:
        """The purpose asked for; an unknown one does not filter."""
        self.is_valid()
        value = self.cleaned_data.get("purpose")
        return Purpose(value) if value else None


class MailChoicesForm(forms.Form):
    """One choice per purpose."""

    def __init__(self, data: Any = None, *, current: Mapping[Purpose, MailChoice]) -> None:
        super().__init__(data)
        for purpose in Purpose:
            self.fields[purpose.value] = forms.ChoiceField(
                label=purpose.label, choices=MailChoice.choices, widget=forms.RadioSelect, initial=current[purpose]
            )

    def chosen(self) -> dict[Purpose, MailChoice]:
        return {purpose: MailChoice(self.cleaned_data[purpose.value]) for purpose in Purpose}
