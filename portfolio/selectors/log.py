"""The journal of a project: acts from the audit chain, row versions from the database's own history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Model, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from people.models.audit_entry import AuditEntry
from people.models.person import Person
from portfolio.models.project import Project
from portfolio.models.status_report import StatusReport

PAGE = 50
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
    people = _people(found)
    return [
        Act(
            number=entry.number,
            at=entry.at,
            actor=entry.actor_label,
            verb=verb_text(entry.verb),
            target=entry.target_label,
            changes=_changes(entry.data.get("changes", {}), people),
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
            Change(_label(name), _text(previous.get(name)), _text(value))
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
    }
    return words.get(verb, verb)


def _people(entries: list[AuditEntry]) -> dict[int, str]:
    """Names of the persons the changes name by key, in one statement."""
    keys = {
        value
        for entry in entries
        for name, pair in entry.data.get("changes", {}).items()
        if name in ("manager", "deputy", "sponsor", "owner")
        for value in pair
        if isinstance(value, int)
    }
    if not keys:
        return {}
    return {person.pk: person.full_name for person in Person.objects.filter(pk__in=keys)}


def _changes(raw: Mapping[str, Any], people: Mapping[int, str]) -> tuple[Change, ...]:
    def shown(name: str, value: object) -> str:
        if name in ("manager", "deputy", "sponsor", "owner") and isinstance(value, int):
            return people.get(value, str(value))
        return _text(value)

    return tuple(Change(_label(name), shown(name, before), shown(name, after)) for name, (before, after) in raw.items())


def _label(name: str) -> str:
    field = next((one for one in Project._meta.fields if one.attname == name or one.name == name), None)
    return str(field.verbose_name) if field is not None else name.replace("_", " ")


def _text(value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return str(value)
