"""History of any business row, from the events that database triggers keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import CharField, Field, ForeignKey, Model, QuerySet, TextField
from django.utils.functional import Promise
from pghistory.models import Event

from config.web.languages import own_words
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission

OUR_APPS = ("people", "portfolio", "governance", "reporting")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class TrackedType:
    """A model whose rows have a history."""

    key: str
    label: str
    model: type[Model]
    events: type[Model]


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    label: str | Promise
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One event of one row: who, when, which fields."""

    at: datetime
    kind: str
    object_id: str
    object_label: str
    actor: str
    address: str
    fields: tuple[FieldChange, ...]


def tracked_types() -> list[TrackedType]:
    """Every model with a history, by label."""
    found = []
    for events in apps.get_models():
        if not issubclass(events, Event) or events._meta.app_label not in OUR_APPS:
            continue
        meta: Any = events._meta
        pointer = meta.get_field("pgh_obj")
        model: type[Model] = pointer.related_model
        label = str(model._meta.verbose_name)
        found.append(TrackedType(model._meta.label_lower, label[:1].upper() + label[1:], model, events))
    return sorted(found, key=lambda one: (one.label, one.key))


def find_type(key: str) -> TrackedType | None:
    return next((one for one in tracked_types() if one.key == key), None)


def events_of(user: User, tracked: TrackedType, object_id: str = "") -> QuerySet[Any]:
    """Events of that type (of one row if named), newest first; none for who may not read histories."""
    rows: QuerySet[Any] = tracked.events._default_manager.select_related("pgh_context").order_by("-pgh_id")
    if not has_permission(user, Permission.HISTORY_VIEW):
        return rows.none()
    if not object_id:
        return rows
    key = tracked.model._meta.pk
    try:
        return rows.filter(pgh_obj_id=key.to_python(object_id))
    except Exception:
        return rows.none()


def changes(tracked: TrackedType, events: Sequence[Any]) -> list[Change]:
    """The events with what changed since the event before, in a number of queries that does not grow with them."""
    before = _events_before(tracked, events)
    names = _names(tracked, [*events, *before.values()])
    actors = _actors(events)
    return [_change(tracked, event, before.get(event.pgh_id), names, actors) for event in events]


def _events_before(tracked: TrackedType, events: Sequence[Any]) -> dict[int, Any]:
    """For each event the previous one of the same row."""
    if not events:
        return {}
    rows: Iterable[Any] = tracked.events._default_manager.filter(
        pgh_obj_id__in={event.pgh_obj_id for event in events}, pgh_id__lte=max(event.pgh_id for event in events)
    ).order_by("pgh_obj_id", "pgh_id")
    previous: dict[int, Any] = {}
    last: Any = None
    for row in rows:
        if last is not None and last.pgh_obj_id == row.pgh_obj_id:
            previous[row.pgh_id] = last
        last = row
    return {event.pgh_id: previous[event.pgh_id] for event in events if event.pgh_id in previous}


def _change(
    tracked: TrackedType, event: Any, before: Any, names: dict[tuple[str, Any], str], actors: dict[str, str]
) -> Change:
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    return Change(
        at=event.pgh_created_at,
        kind=event.pgh_label,
        object_id=str(event.pgh_obj_id),
        object_label=_object_label(event),
        actor=actors.get(str(metadata.get("user", "")), ""),
        address=str(metadata.get("url", "")),
        fields=tuple(_fields(tracked, event, before, names)),
    )


def _fields(tracked: TrackedType, event: Any, before: Any, names: dict[tuple[str, Any], str]) -> Iterable[FieldChange]:
    deleted = event.pgh_label == "delete"
    for field in _tracked_fields(tracked):
        new = getattr(event, field.attname)
        old = getattr(before, field.attname) if before is not None else None
        if deleted:
            old, new = new, None
        if old == new or field.primary_key:
            continue
        before_text, after_text = _shown(field, old, names), _shown(field, new, names)
        if before_text != after_text:
            yield FieldChange(field.name, field.verbose_name, before_text, after_text)


def _tracked_fields(tracked: TrackedType) -> list[Field[Any, Any]]:
    kept = {field.name for field in tracked.events._meta.get_fields()}
    return [field for field in tracked.model._meta.concrete_fields if field.name in kept]


def _names(tracked: TrackedType, events: Iterable[Any]) -> dict[tuple[str, Any], str]:
    """What foreign keys point to, in words: one query per key column."""
    rows = list(events)
    names: dict[tuple[str, Any], str] = {}
    for field in _tracked_fields(tracked):
        if not isinstance(field, ForeignKey):
            continue
        wanted = {getattr(row, field.attname) for row in rows} - {None}
        target: type[Model] = field.related_model
        for key, instance in target._default_manager.in_bulk(list(wanted)).items() if wanted else ():
            names[field.name, key] = str(instance)
    return names


def _actors(events: Iterable[Any]) -> dict[str, str]:
    ids = {str(event.pgh_context.metadata.get("user") or "") for event in events if event.pgh_context} - {""}
    users = User.objects.select_related("person").filter(pk__in=[one for one in ids if one.isdigit()])
    return {str(user.pk): user.full_name for user in users}


def _shown(field: Field[Any, Any], value: Any, names: dict[tuple[str, Any], str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(field, ForeignKey):
        return names.get((field.name, value), f"#{value}")
    choices = dict(field.flatchoices) if field.choices else {}
    text = str(choices.get(value, value) if choices else value)
    shortened = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return own_words(shortened) if isinstance(field, CharField | TextField) and not choices else shortened


def _object_label(event: Any) -> str:
    for name in ("code", "number", "username", "name", "name_fr", "title", "title_fr", "last_name"):
        value = getattr(event, name, None)
        if value:
            return str(value)
    return f"#{event.pgh_obj_id}"
