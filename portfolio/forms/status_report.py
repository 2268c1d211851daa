"""The form of a weekly status: clean text and dates out; what they must explain is checked by the service."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from config.web import formats
from config.web.fields import DayField, say_limits
from portfolio.engines.status_checks import JUDGED
from portfolio.enums import AskKind, RagChoice
from portfolio.models.status_report import DIMENSIONS, MESSAGE_MAX
from portfolio.selectors.status_report import ON, destination, split_destination
from portfolio.selectors.status_wording import judged_word

ROW_FIELD = re.compile(r"(milestone|reached|risk)-([0-9]{1,18})")
ROWS_MAX = 200
BASE_MAX = 60_000
RAW_MAX = 2_000
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_WHITE = re.compile(r"[ \t\r\n\f\v]+")


class Destination(Protocol):
    """A body that may be asked, with its coming sittings."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def dates(self) -> tuple[date, ...]: ...


Destinations = Callable[[], Sequence[Destination]]


class LineField(forms.CharField):
    """One line of text; line ends become spaces, signs that nobody can see are refused."""

    def clean(self, value: Any) -> Any:
        text = one_line(str(value or ""))
        if _UNPRINTABLE.search(text):
            raise ValidationError(_("Retirez les caractères invisibles de ce texte."), code="unprintable")
        return super().clean(text)


def one_line(text: str) -> str:
    return _WHITE.sub(" ", text).strip()


class StatusReportForm(forms.Form):
    """The fields of one status. `initial` is what the person is compared with, by field name, as posted text."""

    use_required_attribute = False

    message = LineField(
        label=_("Message au CODIR"),
        max_length=MESSAGE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ask_kind = forms.ChoiceField(
        label=_("Demande à la gouvernance"), choices=AskKind.choices, required=False, widget=forms.RadioSelect
    )
    ask_text = LineField(label=_("Ce que vous demandez"), max_length=220, required=False)
    ask_to = forms.CharField(label=_("Instance et séance"), max_length=40, required=False, widget=forms.Select)
    ask_on = DayField(label=_("Autre date"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, str],
        rows: Mapping[str, str] | None = None,
        destinations: Destinations = tuple,
        quiet: bool = False,
    ) -> None:
        super().__init__(data, initial=dict(initial), auto_id="f_%s")
        self._destinations, self._quiet = destinations, quiet
        for name in JUDGED:
            self.fields[name] = forms.ChoiceField(
                label=judged_word(name), choices=RagChoice.choices, required=False, widget=forms.RadioSelect
            )
            self.fields[f"reason_{name}"] = LineField(
                label=_("Pourquoi déclarer autre chose que le calcul ?"), max_length=220, required=False
            )
        for name in DIMENSIONS:
            self.fields[f"cause_{name}"] = LineField(label=_("Cause, en une ligne"), max_length=220, required=False)
        for name, label in (rows if rows is not None else _rows_of(data or {})).items():
            self.fields[name] = _row_field(name, label)
        say_limits(self.fields.values())

    def full_clean(self) -> None:
        """A draft is shown as it was left, without a word about what it still lacks."""
        if self._quiet:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def offer(self, destinations: Sequence[Destination]) -> None:
        """Fill the list of bodies and sittings, keeping a choice that is no longer offered."""
        choices: list[tuple[str, Any]] = [("", _("Choisir l’instance et la séance"))]
        for one in destinations:
            dated = [(destination(one.code, day), f"{one.label}, {formats.date_day(day)}") for day in one.dates]
            other = _("%(body)s, autre date") % {"body": one.label}
            choices += [*dated, (destination(one.code, None), other)]
        kept = str(self["ask_to"].value() or "")
        if kept and kept not in {value for value, _label in choices}:
            body, day = split_destination(kept)
            label = next((one.label for one in destinations if one.code == body), body)
            choices.append((kept, f"{label}, {formats.date_day(day)}" if day else label))
        self.fields["ask_to"].widget.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        body, day = split_destination(str(cleaned.get("ask_to") or ""))
        if body and day is None:
            cleaned["ask_to"] = destination(body, cleaned.get("ask_on"))
        asked = cleaned.get("ask_kind") == AskKind.DECISION and body
        newly = asked and cleaned["ask_to"] != self.initial.get("ask_to")
        if newly and body not in {one.code for one in self._destinations()}:
            self.add_error("ask_to", _("Choisissez une instance de la liste."))
        return cleaned

    def values(self) -> dict[str, str]:
        """The valid fields as text, ready to be merged."""
        return {
            name: _as_text(value)
            for name, value in self.cleaned_data.items()
            if name in self.fields and name != "ask_on"
        } | {"ask_kind": self.cleaned_data.get("ask_kind") or AskKind.NONE.value}

    def raw_values(self) -> dict[str, str]:
        """The fields as typed, valid or not: what a draft keeps."""
        typed: dict[str, str] = {}
        for name, field in self.fields.items():
            text = str(self.data.get(name, ""))[:RAW_MAX]
            if isinstance(field, forms.BooleanField):
                text = ON if text else ""
            elif isinstance(field, LineField):
                text = one_line(text).replace("\x00", "")
            typed[name] = text
        body, day = split_destination(typed["ask_to"])
        if body and day is None:
            typed["ask_to"] = f"{body}@{typed['ask_on']}"
        typed.pop("ask_on")
        return typed


def read_base(text: str) -> dict[str, str]:
    """The values the person saw, as far as the hidden field is what we wrote."""
    if len(text) > BASE_MAX:
        return {}
    try:
        raw = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(raw, dict):
        return {}
    return {str(name): value for name, value in raw.items() if isinstance(value, str)}


def with_choices(data: QueryDict) -> QueryDict:
    """Apply the answers to a conflict: `choose-<field>` takes theirs, both or, by default, mine."""
    base = read_base(data.get("base", ""))
    chosen = data.copy()
    for key, answer in data.items():
        name = key.removeprefix("choose-")
        if name == key or name not in base:
            continue
        if answer == "theirs":
            chosen[name] = base[name]
            if name == "ask_to":
                chosen["ask_on"] = ""
        elif answer == "both":
            chosen[name] = one_line(f"{base[name]} {data.get(name, '')}")
    return chosen


def _rows_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The milestone and risk fields of a post; which rows they may be is the service's to check.

    A date is always posted, an unticked box never: boxes come from what the person saw.
    """
    seen = read_base(str(data.get("base", "")))
    matches = [match for match in map(ROW_FIELD.fullmatch, {**seen, **dict.fromkeys(data, "")}) if match]
    names = [
        match[0]
        for match in matches
        if (match[1] == "risk" or f"milestone-{match[2]}" in data) and (match[1] != "milestone" or match[0] in data)
    ]
    return dict.fromkeys(names[: 3 * ROWS_MAX], "")


def _row_field(name: str, label: str) -> forms.Field:
    if name.startswith("milestone-"):
        missing = {"required": _("Donnez la date prévue.")}
        return DayField(label=label or _("Date prévue"), error_messages=missing)
    return forms.BooleanField(label=label or name, required=False)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return ON if value else ""
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
