"""The form that completes a decision request before the body sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.web.fields import DayField, MoneyField
from config.web.versioned import VersionedForm
from governance.enums import Subject, ToleranceLevel
from people.models import Person

OPTIONS_MAX = 5
LINE_MAX = 200


class OptionsField(forms.CharField):
    """Options, one a line: `label: consequence`, a star before the recommended one."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(
                f"{'* ' if option.get('recommended') else ''}{option['label']} : {option['consequence']}"
                for option in value
            )
        return value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > OPTIONS_MAX:
            raise ValidationError(_("Au plus %(max)s options.") % {"max": OPTIONS_MAX})
        return [_option(line, number) for number, line in enumerate(lines, start=1)]


def _option(line: str, number: int) -> dict[str, object]:
    label, colon, consequence = line.removeprefix("*").strip().partition(":")
    label, consequence = label.strip(), consequence.strip()
    if not (colon and label and consequence):
        raise ValidationError(_("Ligne %(number)s : écrivez « option : conséquence ».") % {"number": number})
    if len(label) > LINE_MAX or len(consequence) > LINE_MAX:
        raise ValidationError(
            _("Ligne %(number)s : au plus %(max)s signes de part et d’autre.") % {"number": number, "max": LINE_MAX}
        )
    return {"label": label, "consequence": consequence, "recommended": line.startswith("*")}


class DecisionRequestForm(VersionedForm):
    kind = forms.ChoiceField(label=gettext_lazy("Matière"), choices=Subject.choices)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Tolérance entamée"),
        choices=[("", gettext_lazy("aucune")), *ToleranceLevel.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    question = forms.CharField(label=gettext_lazy("Demande"), max_length=220)
    needed_on = DayField(label=gettext_lazy("À décider le"))
    amount = MoneyField(label=gettext_lazy("Montant (€ TVAC)"), required=False)
    options = OptionsField(
        label=gettext_lazy("Options"),
        required=False,
        max_length=2500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Une par ligne : « option : conséquence ». Une étoile devant celle que vous recommandez."
        ),
    )
    recommendation = forms.CharField(label=gettext_lazy("Recommandation"), max_length=300, required=False)
    cost_of_waiting = forms.CharField(label=gettext_lazy("Coût de l’attente"), max_length=300, required=False)
    owner = forms.ModelChoiceField(label=gettext_lazy("Porteur"), queryset=Person.objects.none(), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people
        self.initial["base"] = self.base_text()
