"""The journal of a project: acts from the audit chain, row versions from the database's own history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, DateField, DecimalField, Field, ForeignKey, Model, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from config.web import formats
from people.models.audit_entry import AuditEntry
from portfolio.models.project import Project
from portfolio.models.status_report import StatusReport

PAGE = 50
Names = Mapping[tuple[type[Model], int], str]
_HIDDEN = {"id", "version", "created_at", "updated_at", "source_values"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one act: before and after, as texts."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of the audit chain about the project."""

    number: int
    at: datetime
    actor: str
    verb: str
    target: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class RowVersion:
    """One state of the project row as the database triggers kept it."""

    at: datetime
    kind: str
    changes: tuple[Change, ...]


def last_author(row: Model) -> str:
    """Who last acted on the row."""
    label = (
        AuditEntry.objects.filter(target_type=row._meta.label_lower, target_id=str(row.pk))
        .values_list("actor_label", flat=True)
        .first()
    )
    return label or ""


def acts_of(project: Project, *, before: int | None = None) -> list[Act]:
    """The acts on the project and its rows, newest first; `before` continues from a number."""
    reports = StatusReport.objects.filter(project=project).values_list(Cast("pk", CharField()))
    entries = AuditEntry.objects.filter(
        Q(data__project=project.code)
        | Q(target_type="portfolio.project", target_id=str(project.pk))
        | Q(target_type="portfolio.statusreport", target_id__in=reports)
    )
    if before is not None:
        entries = entries.filter(number__lt=before)
    found = list(entries[:PAGE])
    names = _names(found)
    return [
        Act(
            number=entry.number,
            at=entry.at,
            actor=entry.actor_label,
            verb=verb_text(entry.verb),
            target=entry.target_label,
            changes=_changes(entry, names),
        )
        for entry in found
    ]


def row_versions(project: Project, limit: int = 30) -> list[RowVersion]:
    """The last states of the project row, with what each changed; direct SQL shows here too."""
    events = list(project.history.order_by("-pgh_id").values()[: limit + 1])  # type: ignore[attr-defined]
    kinds = {"insert": _("création"), "update": _("modification"), "delete": _("suppression")}
    versions = []
    for event, previous in zip(events, [*events[1:], {}], strict=True):
        changes = tuple(
            Change(_label(name), _version_text(name, previous.get(name)), _version_text(name, value))
            for name, value in event.items()
            if previous and not name.startswith("pgh_") and name not in _HIDDEN and previous.get(name) != value
        )
        if changes or event["pgh_label"] != "update":
            versions.append(RowVersion(event["pgh_created_at"], kinds.get(event["pgh_label"], ""), changes))
    return versions[:limit]


def verb_text(verb: str) -> str:
    """An audit verb in words."""
    words = {
        "project.created": _("projet créé"),
        "project.updated": _("fiche modifiée"),
        "project.ranked": _("rang, chef de projet ou programme modifié"),
        "project.ranks_shifted": _("rangs suivants décalés"),
        "project.moved": _("étape du cycle de vie changée"),
        "stage.created": _("séquence ajoutée"),
        "stage.updated": _("séquence modifiée"),
        "milestone.created": _("jalon ajouté"),
        "milestone.updated": _("jalon modifié"),
        "budget_line.created": _("ligne budgétaire ajoutée"),
        "budget_line.updated": _("ligne budgétaire modifiée"),
        "tolerance.created": _("tolérance fixée"),
        "tolerance.updated": _("tolérance modifiée"),
        "risk.raised": _("risque relevé"),
        "risk.updated": _("risque modifié"),
        "risk.closed": _("risque clos"),
        "risk.reopened": _("risque rouvert"),
        "status_report.submitted": _("statut remis"),
        "status_report.corrected": _("statut corrigé"),
        "decision_request.opened": _("demande ouverte"),
        "decision_request.updated": _("demande modifiée"),
        "decision_request.withdrawn": _("demande retirée"),
    }
    return words.get(verb, verb)


def _label(name: str) -> str:
    field = _project_field(name)
    return str(field.verbose_name) if field is not None else name


def _version_text(name: str, value: object) -> str:
    plain = value if value is None or isinstance(value, bool | int) else str(value)
    return _shown(_project_field(name), plain, {})


def _project_field(name: str) -> Field[Any, Any] | None:
    return next((field for field in Project._meta.concrete_fields if field.attname == name), None)


def _names(entries: list[AuditEntry]) -> Names:
    """The rows that changes name by key, in words: one statement per kind of row."""
    wanted: dict[type[Model], set[int]] = {}
    for entry in entries:
        for name, pair in entry.data.get("changes", {}).items():
            field = _field(entry.target_type, name)
            if isinstance(field, ForeignKey):
                keys = wanted.setdefault(field.related_model, set())
                keys.update(value for value in pair if isinstance(value, int))
    return {
        (model, row.pk): str(row)
        for model, keys in wanted.items()
        for row in model._default_manager.filter(pk__in=keys)
    }


def _changes(entry: AuditEntry, names: Names) -> tuple[Change, ...]:
    raw: Mapping[str, Any] = entry.data.get("changes", {})
    changes = []
    for name, (before, after) in raw.items():
        field = _field(entry.target_type, name)
        label = str(field.verbose_name) if field is not None else name
        changes.append(Change(label, _shown(field, before, names), _shown(field, after, names)))
    return tuple(changes)


def _field(target_type: str, name: str) -> Field[Any, Any] | None:
    """The model field an audited change speaks of; None for a name that no longer exists."""
    try:
        found = apps.get_model(target_type)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return found if isinstance(found, Field) else None


def _shown(field: Field[Any, Any] | None, value: object, names: Names) -> str:
    """A kept value as the reader writes it: names, choices, days and amounts."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, int(str(value))), str(value))
    if isinstance(field, DateField):
        return formats.date_short(date.fromisoformat(str(value)))
    if isinstance(field, DecimalField):
        return formats.number(Decimal(str(value)), 2)
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    return str(choices.get(value, value))
