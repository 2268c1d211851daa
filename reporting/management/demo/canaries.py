"""Marks every free text with a word found nowhere else, so that a leak names where it came from."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models

from governance.models import DecisionRequest, Mandate
from portfolio.models import Milestone, Programme, Project, Risk, StatusReport, Tolerance

_TEXTS: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Project, ("purpose", "life_cycle_reason")),
    (Programme, ("purpose",)),
    (Milestone, ("name",)),
    (Tolerance, ("measure",)),
    (Risk, ("title", "cause", "event", "effect", "response_action")),
    (
        StatusReport,
        ("message", "ask_text", *(f"cause_{name}" for name in ("time", "cost", "scope", "resources", "risk"))),
    ),
    (DecisionRequest, ("question", "recommendation", "cost_of_waiting")),
    (Mandate, ("source",)),
)


def plant_canaries() -> list[str]:
    """Write `CNRY-<class>-<field>-<pk>` into every free text of the open portfolio; the marks, sorted.

    The class is the model's name and the entity the field; a text that was empty stays empty where a
    constraint ties it to another field.
    """
    planted: list[str] = []
    for model, fields in _TEXTS:
        rows = list(model._default_manager.order_by("pk"))
        for row in rows:
            planted += _mark(row, fields)
        model._default_manager.bulk_update(rows, fields, batch_size=200)
    return sorted(planted)


def _mark(row: models.Model, fields: tuple[str, ...]) -> Iterator[str]:
    for name in fields:
        text = getattr(row, name)
        if not text and name.startswith(("ask", "life")):
            continue
        mark = f"CNRY-{type(row).__name__}-{name}-{row.pk}"
        room = row._meta.get_field(name).max_length or len(text) + len(mark) + 1
        setattr(row, name, f"{mark} {text}"[:room].strip())
        yield mark
