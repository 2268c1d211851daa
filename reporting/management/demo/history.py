"""Past days of the demonstration: what is written inside counts as written then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pgtrigger
from django.apps import apps
from django.db.models import Max, Model


@contextmanager
def happened(at: datetime, *models: type[Model]) -> Iterator[None]:
    """The history of these tracked models tells what is written inside as of `at`.

    Days must come in order: where two events of a row precede an instant, the one written last is the one that counts.
    """
    known = {model: _history_of(model).aggregate(last=Max("pgh_id"))["last"] or 0 for model in models}
    yield
    for model, last in known.items():
        write_back(at, model, after=last)


def write_back(at: datetime, model: type[Model], *, after: int = 0) -> None:
    """Date the history of the model as of `at`, from the event that follows `after` on."""
    history = _history_of(model)
    with pgtrigger.ignore(f"{history.model._meta.label}:append_only"):
        history.filter(pgh_id__gt=after).update(pgh_created_at=at)


def _history_of(model: type[Model]) -> Any:
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")._default_manager
