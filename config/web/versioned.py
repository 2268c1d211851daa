"""The edit kit of every versioned row: what the user saw, what is stored, what he typed.

The form carries the `version` of the row and `base`, the values as shown. At the post, fields
changed by one side only are merged; the same field changed by both is a conflict, answered by a
409 page that shows the three texts. Nothing typed is lost and nothing is overwritten unseen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from config.web.fields import say_limits

BASE_LIMIT = 60_000


class StaleVersionError(Exception):
    """The row has moved on since its values were read; read it again and merge again."""


@dataclass(frozen=True, slots=True)
class Side:
    """One version of one field: the text a form posts, and the text a person reads."""

    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that both people changed, differently."""

    name: str
    label: str
    base: Side
    theirs: Side
    mine: Side


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome of a post: `changes` to write, or `conflicts` to ask about."""

    changes: Mapping[str, Any]
    conflicts: tuple[FieldConflict, ...]
    carried: tuple[tuple[str, str], ...]
    base: str


Merger = Callable[[Mapping[str, object], Mapping[str, object], Mapping[str, object]], Any]
_mergers: list[Merger] = []


def set_merger(merger: Merger) -> None:
    """Give the three-way rule (`portfolio.engines.merge.three_way`); the house imports no app."""
    _mergers[:] = [merger]


class VersionedForm(forms.Form):
    """A form over one row. `initial` holds the stored values by field name, as Python values."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=BASE_LIMIT)

    def __init__(self, *args: Any, version: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_limits(self.fields.values())
        self.initial["version"] = version
        self.initial["base"] = self.base_text()

    @property
    def own_fields(self) -> list[str]:
        """The fields of the row, without the two of this kit."""
        return [name for name in self.fields if name not in ("version", "base")]

    def texts(self, values: Mapping[str, Any]) -> dict[str, str]:
        """The values as the form would post them."""
        return {name: _text(self.fields[name], values.get(name)) for name in self.own_fields}

    def base_text(self) -> str:
        return json.dumps(self.texts(self.initial), ensure_ascii=False)

    def merge(self) -> Merge:
        """Compare what was shown, what is stored now (`initial`) and what was typed."""
        theirs, mine = self.texts(self.initial), self.texts(self.cleaned_data)
        base = {**theirs, **_read_base(self.cleaned_data.get("base") or "", theirs)}
        result = _mergers[0](base, theirs, mine)
        clashing = {clash.field for clash in result.clashes}
        changes = {
            name: self.cleaned_data[name]
            for name in self.own_fields
            if name not in clashing and result.merged.get(name) == mine[name] != theirs[name]
        }
        conflicts = tuple(
            FieldConflict(
                name=name,
                label=str(self.fields[name].label or name),
                base=self._side(name, base[name]),
                theirs=self._side(name, theirs[name]),
                mine=self._side(name, mine[name]),
            )
            for name in self.own_fields
            if name in clashing
        )
        carried = tuple((name, str(result.merged[name])) for name in self.own_fields if name not in clashing)
        return Merge(changes=changes, conflicts=conflicts, carried=carried, base=self.base_text())

    def _side(self, name: str, value: str) -> Side:
        field = self.fields[name]
        shown = value
        if isinstance(field, forms.ModelChoiceField):
            row = field.queryset.filter(pk=value).first() if value and field.queryset is not None else None
            shown = str(row) if row else ""
        elif isinstance(field, forms.ChoiceField):
            shown = _choice(field, value)
        elif isinstance(field, forms.BooleanField):
            shown = _("oui") if value else _("non")
        return Side(value=value, shown=shown or _("(vide)"))

    def add_domain_errors(self, error: ValidationError) -> None:
        """Show a service's refusal at its field where the form has it, else above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            known = name != NON_FIELD_ERRORS and name in self.fields
            for one in errors:
                self.add_error(name if known else None, one)


def _choice(field: forms.ChoiceField, value: str) -> str:
    choices = cast("Iterable[tuple[Any, Any]]", field.choices)
    return next((str(text) for key, text in choices if str(key) == value), value)


def _text(field: forms.Field, value: Any) -> str:
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(field, forms.BooleanField):
        return "on" if value else ""
    if value is None:
        return ""
    if isinstance(value, date | Decimal | list):
        return str(field.prepare_value(value))
    return str(value)


def _read_base(text: str, theirs: Mapping[str, str]) -> dict[str, str]:
    """The values shown to the user, as far as the text is what this kit wrote."""
    try:
        raw = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(raw, dict):
        return {}
    return {name: value for name, value in raw.items() if name in theirs and isinstance(value, str)}


def conflict_page(
    request: HttpRequest, *, form: VersionedForm, merge: Merge, title: str, back: str, changed_by: str = ""
) -> HttpResponse:
    """409: base, theirs and mine of each clashing field, with a choice per field."""
    context = {
        "title": title,
        "back": back,
        "changed_by": changed_by,
        "conflicts": merge.conflicts,
        "carried": merge.carried,
        "base": merge.base,
        "version": form.initial["version"],
    }
    return render(request, "components/conflict.html", context, status=409)
