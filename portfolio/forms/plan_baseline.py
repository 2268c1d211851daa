from django import forms
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField


class BaselineForm(forms.Form):
    """Why these dates should become the reference, in the version of the plan that was shown."""

    reason = forms.CharField(label=_("Motif de la nouvelle référence"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PeriodForm(forms.Form):
    """Two days to compare."""

    since = DayField(label=_("Depuis le"), required=False)
    until = DayField(label=_("Jusqu’au"), required=False)
