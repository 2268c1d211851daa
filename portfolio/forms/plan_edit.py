"""Activities typed by hand: durations and links in the field's notation, kept in one spelling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField
from config.web.versioned import VersionedForm
from portfolio.engines.duration_notation import DurationError, read_duration, write_duration
from portfolio.engines.link_notation import NotationError, read_links, write_links
from portfolio.engines.network import ConstraintType
from portfolio.engines.schedule_file import ProjectHeader
from portfolio.enums import ActivityConstraint, PlanAct
from portfolio.models.milestone import Milestone

DURATION_HELP = _("5j, 2 sem, 8h, 90 min ; 0 : un jalon.")
LINKS_HELP = _("Numéros des lignes : 12, 12FS+3j, 14SS-50% ; plusieurs séparés par un point-virgule.")
SHAPES = (PlanAct.INDENT, PlanAct.OUTDENT, PlanAct.UP, PlanAct.DOWN, PlanAct.DELETE)


class _Notation(forms.Form):
    """`header` gives the hours of a day, `numbers` the rows that a link may name."""

    header: ProjectHeader
    numbers: frozenset[int]
    own_number: int | None = None

    def clean_duration(self) -> str:
        return self._duration("duration")

    def clean_links(self) -> str:
        text = self.cleaned_data["links"]
        try:
            links = read_links(text, self.header.minutes_per_day, self.header.minutes_per_week)
        except NotationError as error:
            told = _t("« %(rest)s » n’est pas un lien : écrivez par exemple 12FS+3j.") % {"rest": error.rest[:40]}
            raise ValidationError(told) from error
        if unknown := sorted({link.row for link in links} - self.numbers):
            raise ValidationError(_t("Il n’y a pas de ligne %(row)s dans le plan.") % {"row": unknown[0]})
        rows = [link.row for link in links]
        if self.own_number in rows:
            raise ValidationError(_t("Une activité ne dépend pas d’elle-même."))
        if len(set(rows)) < len(rows):
            raise ValidationError(_t("La même ligne est citée deux fois."))
        return write_links(links, self.header.minutes_per_day)

    def _duration(self, name: str) -> str:
        text = self.cleaned_data[name]
        if not text:
            return ""
        try:
            return write_duration(read_duration(text, self.header), self.header)
        except DurationError as error:
            raise ValidationError(_t("Ce n’est pas une durée : écrivez par exemple 5j ou 2 sem.")) from error


class ActivityNewForm(_Notation):
    """One line at the foot of the table; Enter adds it and the next one waits."""

    name = forms.CharField(
        label=_("Activité"),
        max_length=255,
        widget=forms.TextInput(attrs={"autofocus": True}),
        help_text=_("Sous la ligne choisie ; sinon à la fin."),
    )
    duration = forms.CharField(label=_("Durée"), max_length=20, initial="1j", help_text=DURATION_HELP)
    links = forms.CharField(label=_("Prédécesseurs"), max_length=200, required=False, help_text=LINKS_HELP)
    row = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, header: ProjectHeader, numbers: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.header, self.numbers = header, frozenset(numbers)


class ActivityForm(_Notation, VersionedForm):
    """What a planner says of one activity."""

    name = forms.CharField(label=_("Activité"), max_length=255)
    duration = forms.CharField(label=_("Durée"), max_length=20, help_text=DURATION_HELP)
    links = forms.CharField(label=_("Prédécesseurs"), max_length=2000, required=False, help_text=LINKS_HELP)
    percent = forms.IntegerField(label=_("Avancement (%)"), min_value=0, max_value=100)
    constraint = forms.ChoiceField(label=_("Contrainte"), choices=ActivityConstraint.choices)
    constraint_date = DayField(label=_("Date de la contrainte"), required=False)
    deadline = DayField(label=_("Échéance"), required=False)
    optimistic = forms.CharField(label=_("Durée optimiste"), max_length=20, required=False)
    most_likely = forms.CharField(label=_("Durée probable"), max_length=20, required=False)
    pessimistic = forms.CharField(label=_("Durée pessimiste"), max_length=20, required=False)
    milestone = forms.ModelChoiceField(
        label=_("Jalon du projet"),
        queryset=Milestone.objects.none(),
        required=False,
        help_text=_("Il prend les dates de cette activité comme prévision."),
    )

    def __init__(
        self, *args: Any, header: ProjectHeader, numbers: Iterable[int], own_number: int, milestones: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.header, self.numbers, self.own_number = header, frozenset(numbers), own_number
        self.fields["milestone"].queryset = milestones  # type: ignore[attr-defined]

    def clean_optimistic(self) -> str:
        return self._duration("optimistic")

    def clean_most_likely(self) -> str:
        return self._duration("most_likely")

    def clean_pessimistic(self) -> str:
        return self._duration("pessimistic")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if ConstraintType(cleaned.get("constraint") or "ASAP").dated and not cleaned.get("constraint_date"):
            self.add_error("constraint_date", _t("Cette contrainte demande une date."))
        texts = [cleaned.get(name) for name in ("optimistic", "most_likely", "pessimistic")]
        if any(texts) and None not in texts:
            sizes = [read_duration(text, self.header).amount if text else None for text in texts]
            if None in sizes or sizes != sorted(size for size in sizes if size is not None):
                told = _t("Les trois estimations vont ensemble : optimiste, puis probable, puis pessimiste.")
                self.add_error("most_likely", told)
        return cleaned


class PlanActForm(forms.Form):
    """One act on the row chosen, in the version of the plan that was shown."""

    act = forms.ChoiceField(choices=[(act.value, act.label) for act in (*SHAPES, PlanAct.UNDO)])
    row = forms.IntegerField(required=False)
    version = forms.IntegerField(min_value=0)
