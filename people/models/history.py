"""History of business rows: every change, bulk updates and raw SQL included, kept by database triggers."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=models.Model)


def tracked(model: type[M]) -> type[M]:
    """Keep an append-only event per insert, update and delete of the model (class decorator)."""
    return tracked_except()(model)


def tracked_except(*exclude: str) -> Callable[[type[M]], type[M]]:
    """As `tracked`, without the fields named: secrets and counters do not belong in a history."""

    def decorate(model: type[M]) -> type[M]:
        decorator: Callable[[type[M]], type[M]] = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude) or None,
            append_only=True,
            obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
            context_field=pghistory.ContextForeignKey(null=True, related_name="+"),
        )
        return decorator(model)

    return decorate
