"""What an act of the audit trail says of itself, as a reader understands it: labels, values, before and after."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, DateField, DateTimeField, DecimalField, Field, ForeignKey, Model, TextField
from django.utils.translation import gettext as _

from config.web import formats
from config.web.languages import Worded, own_words
from people.models import AuditEntry
from people.selectors.audit_words import FIELDS, key_text, verb_text
from people.selectors.history import tracked_types

Names = Mapping[tuple[type[Model], int], str]
AnyField: TypeAlias = "Field[Any, Any]"
_DECLARED_IN = "portfolio.statusreport"
_WEEK = re.compile(r"\d{4}-W\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing said: a value, or with `before` what it replaced."""

    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry with its act in words."""

    entry: AuditEntry
    verb: str
    details: tuple[Detail, ...]
    has_history: bool = False


def lines_of(entries: Sequence[AuditEntry], *, unsaid: Collection[str] = ()) -> list[AuditLine]:
    """The entries in words, with one statement per kind of row they name; `unsaid` keys are left out."""
    names = names_of(pair for entry in entries for pair in _spoken(entry))
    tracked = {one.key for one in tracked_types()}
    return [
        AuditLine(
            entry=entry,
            verb=verb_text(entry.verb),
            details=tuple(_details(entry, names, frozenset(unsaid))),
            has_history=bool(entry.target_id) and entry.target_type in tracked,
        )
        for entry in entries
    ]


def shown(field: AnyField | None, value: object, names: Names) -> str:
    """A kept value as the reader writes it: names, choices, days and amounts."""
    if value is None or value == "":
        return formats.EMPTY
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, list | dict):
        return own_words(_joined(value))
    if isinstance(field, ForeignKey) and isinstance(value, int):
        return names.get((field.related_model, value), f"#{value}")
    if isinstance(field, DecimalField):
        return formats.number(Decimal(str(value)), 2)
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    if value in choices:
        return str(choices[value])
    if isinstance(field, CharField | TextField) and not choices:
        return _worded(field, str(value))
    return _moment(field, str(value))


def _details(entry: AuditEntry, names: Names, unsaid: frozenset[str]) -> Iterator[Detail]:
    for key, value in entry.data.items():
        if key in unsaid or value in (None, "", [], {}, False):
            continue
        if key == "changes":
            for name, (before, after) in value.items():
                field = _field(entry.target_type, name)
                label = str(field.verbose_name) if field is not None else key_text(name)
                yield Detail(label, shown(field, after, names), shown(field, before, names))
        elif key == "declared":
            yield from (_one(_DECLARED_IN, name, colour, names) for name, colour in value.items())
        elif key == "milestones" and isinstance(value, dict):
            for name, (before, after) in value.items():
                yield Detail(own_words(name), shown(None, after, names), shown(None, before, names))
        else:
            target, name = FIELDS.get((entry.target_type, key), (entry.target_type, key))
            yield _one(target, name, value, names, key=key)


def _one(target_type: str, name: str, value: object, names: Names, *, key: str = "") -> Detail:
    field = _field(target_type, name) if key != "fields" else None
    if key == "fields" and isinstance(value, list):
        labels = [_field(target_type, one) for one in value]
        return Detail(key_text(key), ", ".join(str(one.verbose_name) for one in labels if one is not None))
    label = str(field.verbose_name) if field is not None and not field.primary_key else key_text(name)
    if isinstance(value, list):
        return Detail(label, ", ".join(shown(field, one, names) for one in value))
    return Detail(label, shown(field, value, names))


def _field(target_type: str, name: str) -> AnyField | None:
    """The model field an audited value speaks of; None for a name that no longer exists."""
    try:
        found = apps.get_model(target_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return found if isinstance(found, Field) else None


def _worded(field: AnyField, text: str) -> str:
    """What people wrote; a translated name in its own language."""
    language = field.name[-2:] if field.name in ("name_nl", "name_en") else ""
    return Worded(text, language) if language else own_words(text)


def _joined(value: object) -> str:
    """A list or a mapping that people filled, such as the options of a request, in one line."""
    if isinstance(value, list):
        return " · ".join(_joined(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(_joined(one) for one in value.values() if one not in ("", None, True, False))
    return str(value)


def _moment(field: AnyField | None, text: str) -> str:
    try:
        if isinstance(field, DateTimeField):
            return formats.datetime_short(datetime.fromisoformat(text))
        if isinstance(field, DateField) or _DAY.fullmatch(text):
            return formats.date_short(date.fromisoformat(text))
        return formats.week_year(text) if _WEEK.fullmatch(text) else text
    except ValueError:
        return text


def names_of(spoken: Iterable[tuple[AnyField | None, Iterable[object]]]) -> Names:
    """The rows that kept values name by key, in words: one statement per kind of row."""
    wanted: dict[type[Model], set[int]] = {}
    for field, values in spoken:
        if isinstance(field, ForeignKey):
            keys = wanted.setdefault(field.related_model, set())
            keys.update(value for value in values if isinstance(value, int))
    return {
        (model, row.pk): str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.filter(pk__in=keys)
    }


def _spoken(entry: AuditEntry) -> Iterator[tuple[AnyField | None, Sequence[object]]]:
    """The fields an entry speaks of with their kept values."""
    for name, pair in entry.data.get("changes", {}).items():
        yield _field(entry.target_type, name), pair
    for key, value in entry.data.items():
        if (entry.target_type, key) in FIELDS:
            yield _field(*FIELDS[entry.target_type, key]), [value]
