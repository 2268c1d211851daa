"""Marks every free text with a word found nowhere else, so that a leak names where it came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from django.db import models, transaction

from governance.models import Body, DecisionRequest, Mandate, Sitting
from portfolio.models import (
    Activity,
    JiraGroup,
    JiraIssue,
    Milestone,
    Product,
    Programme,
    Project,
    Risk,
    Stage,
    StatusDraft,
    StatusReport,
    Tolerance,
)
from portfolio.models.status_report import DIMENSIONS

OPEN, DRAFT = "open", "draft"
_NAMES = ("name_fr", "name_nl", "name_en")
_TEXTS: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Project, (*_NAMES, "purpose", "life_cycle_reason")),
    (Programme, ("purpose",)),
    (Milestone, ("name",)),
    (Stage, ("name",)),
    (Activity, ("name",)),
    (JiraGroup, ("label",)),
    (JiraIssue, ("summary",)),
    (Product, ("title", "purpose")),
    (Tolerance, ("measure",)),
    (Risk, ("title", "cause", "event", "effect", "response_action")),
    (
        StatusReport,
        (
            "message",
            "ask_text",
            *(f"cause_{name}" for name in DIMENSIONS),
            *(f"reason_{name}" for name in ("overall", *DIMENSIONS)),
        ),
    ),
    (DecisionRequest, ("question", "recommendation", "cost_of_waiting")),
    (Body, ("cadence",)),
    (Mandate, ("source",)),
    (Sitting, ("place",)),
)


class Canary(TypedDict):
    """One mark: `visibility` is the confidentiality of its project, `open` without one, `draft` for unsent typing."""

    canary: str
    visibility: str
    model: str
    field: str
    pk: int
    project: str


@transaction.atomic
def plant_canaries() -> list[Canary]:
    """Write `CNRY-<visibility>-<model>.<field>-<pk>` into every free text that holds one; the marks in order.

    An empty text stays empty: a constraint may tie it to another field. Frozen weeks keep their words.
    """
    planted: list[Canary] = []
    for model, fields in _TEXTS:
        rows = list(_rows(model))
        for row in rows:
            planted += _mark(row, fields)
        model._default_manager.bulk_update(rows, fields, batch_size=200)
    for draft in StatusDraft.objects.select_related("project").order_by("pk"):
        canary = _canary(draft, "data", DRAFT, draft.project.code)
        draft.data["values"]["message"] = canary["canary"]
        draft.save(update_fields=["data"])
        planted.append(canary)
    return planted


def _rows(model: type[models.Model]) -> models.QuerySet[models.Model]:
    rows = model._default_manager.order_by("pk")
    named = {field.name for field in model._meta.fields}
    way = next((way for way in ("project", "plan__project", "backlog__project") if way.partition("__")[0] in named), "")
    return rows.select_related(way) if way else rows


def _mark(row: models.Model, fields: tuple[str, ...]) -> Iterator[Canary]:
    project = row if isinstance(row, Project) else getattr(row, "project", None)
    visibility = str(project.confidentiality) if project else OPEN
    for name in fields:
        text = getattr(row, name)
        if not text:
            continue
        canary = _canary(row, name, visibility, project.code if project else "")
        room = getattr(row._meta.get_field(name), "max_length", None)
        setattr(row, name, f"{canary['canary']} {text}"[:room].strip())
        yield canary


def _canary(row: models.Model, field: str, visibility: str, project: str) -> Canary:
    model = type(row).__name__
    return Canary(
        canary=f"CNRY-{visibility}-{model}.{field}-{row.pk}",
        visibility=visibility,
        model=model,
        field=field,
        pk=row.pk,
        project=project,
    )
