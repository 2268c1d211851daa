"""Every text field there is, found by walking the code: a field added tomorrow is tried tomorrow."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import django.forms
from django.apps import apps
from django.db import models
from rest_framework import serializers

OWN = ("people", "portfolio", "governance", "reporting", "config")


def import_all() -> None:
    for app in OWN:
        for layer in ("forms", "api", "web"):
            try:
                package = importlib.import_module(f"{app}.{layer}")
            except ModuleNotFoundError:
                continue
            for module in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{app}.{layer}.{module.name}")


def subclasses(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def is_own(kind: type) -> bool:
    return kind.__module__.split(".")[0] in OWN


def form_fields() -> dict[str, django.forms.Field]:
    """Declared fields of every form that take text as typed, by `module.Form.field`."""
    import_all()
    found = {}
    for kind in subclasses(django.forms.BaseForm):
        if is_own(kind):
            for name, field in getattr(kind, "base_fields", {}).items():
                if isinstance(field, django.forms.CharField):
                    found[f"{kind.__module__}.{kind.__name__}.{name}"] = field
    return found


def serializer_fields() -> dict[str, serializers.Field]:
    """Writable text fields of every serializer, nested ones included, by `module.Serializer.field`."""
    import_all()
    found = {}
    for kind in subclasses(serializers.Serializer):
        if not is_own(kind) or kind.__module__ == "people.api.serializers":
            continue
        for name, field in _fields(kind):
            child = getattr(field, "child", field)
            if isinstance(child, serializers.CharField) and not child.read_only and not field.read_only:
                found[f"{kind.__module__}.{kind.__name__}.{name}"] = child
    return found


def _fields(kind: type) -> list[tuple[str, Any]]:
    try:
        return list(kind().fields.items())
    except (AssertionError, AttributeError, KeyError):
        return []


def model_fields() -> dict[str, models.Field]:
    """Text columns of every model of ours that a person may fill, by `app.Model.field`."""
    found = {}
    for model in apps.get_models():
        if (
            is_own(model)
            and not model._meta.proxy
            and "History" not in model.__name__
            and "Event" not in model.__name__
        ):
            for field in model._meta.get_fields():
                if isinstance(field, models.CharField | models.TextField) and not field.choices:
                    found[f"{model._meta.label}.{field.name}"] = field
    return found
