from django import forms
from django.utils.translation import gettext_lazy as _

from people.enums import MailState


class OutboxFilterForm(forms.Form):
    state = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *MailState.choices])

    def wanted(self) -> MailState | None:
        """The state asked for; an unknown one does not filter."""
        self.is_valid()
        value = self.cleaned_data.get("state")
        return MailState(value) if value else None
