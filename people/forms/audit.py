from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from people.enums import Channel
from people.selectors.audit import AuditFilter
from people.selectors.audit_words import verb_text


class AuditFilterForm(forms.Form):
    verb = forms.ChoiceField(label=_("Acte"), required=False)
    actor = forms.CharField(label=_("Auteur"), required=False, max_length=80)
    target = forms.CharField(label=_("Objet"), required=False, max_length=80)
    channel = forms.ChoiceField(label=_("Voie"), required=False, choices=[("", "—"), *Channel.choices])
    since = forms.DateField(label=_("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: object, *, verbs: list[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["verb"].choices = [("", "—"), *_worded(verbs)]  # type: ignore[attr-defined]

    def wanted(self) -> AuditFilter:
        """The filter asked for; a field that is wrong does not filter."""
        self.is_valid()
        return AuditFilter(**{name: value for name, value in self.cleaned_data.items() if value})


def _worded(verbs: Iterable[str]) -> list[tuple[str, str]]:
    """The acts to choose from, by their words."""
    return sorted(((verb, verb_text(verb)) for verb in verbs), key=lambda pair: pair[1])


class AnchorForm(forms.Form):
    anchor = forms.RegexField(
        label=_("Ancre notée ailleurs"),
        regex=r"^\s*[0-9]{1,18}[:\-][0-9a-fA-F]{8,64}\s*$",
        required=False,
        help_text=_("Numéro et empreinte imprimés au bas d’un pack, par exemple 1234:9f2c6a01d4e8b733."),
        error_messages={"invalid": _("Une ancre s’écrit « numéro:empreinte », comme au bas d’un pack.")},
    )
