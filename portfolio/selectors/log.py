"""The journal of a project: acts from the audit chain, row versions from the database's own history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Field, Model, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from people.models.audit_entry import AuditEntry
from people.selectors.audit_details import AuditLine, Detail, Names, lines_of, names_of, shown
from portfolio.models.project import Project
from portfolio.models.status_report import StatusReport

PAGE = 50
_HIDDEN = {"id", "version", "created_at", "updated_at", "source_values"}


@dataclass(frozen=True, slots=True)
class RowVersion:
    """One state of the project row as the database triggers kept it."""

    at: datetime
    kind: str
    changes: tuple[Detail, ...]


def last_author(row: Model) -> str:
    """Who last acted on the row."""
    label = (
        AuditEntry.objects.filter(target_type=row._meta.label_lower, target_id=str(row.pk))
        .values_list("actor_label", flat=True)
        .first()
    )
    return label or ""


def acts_of(project: Project, *, before: int | None = None) -> list[AuditLine]:
    """The acts on the project and its rows, newest first; `before` continues from a number."""
    reports = StatusReport.objects.filter(project=project).values_list(Cast("pk", CharField()))
    entries = AuditEntry.objects.filter(
        Q(data__project=project.code)
        | Q(target_type="portfolio.project", target_id=str(project.pk))
        | Q(target_type="portfolio.statusreport", target_id__in=reports)
    )
    if before is not None:
        entries = entries.filter(number__lt=before)
    return lines_of(list(entries[:PAGE]), unsaid={"project"})


def row_versions(project: Project, limit: int = 30) -> list[RowVersion]:
    """The last states of the project row, with what each changed; direct SQL shows here too."""
    events = list(project.history.order_by("-pgh_id").values()[: limit + 1])  # type: ignore[attr-defined]
    names = names_of((_project_field(name), [value]) for event in events for name, value in event.items())
    kinds = {"insert": _("création"), "update": _("modification"), "delete": _("suppression")}
    versions = []
    for event, previous in zip(events, [*events[1:], {}], strict=True):
        changes = tuple(
            Detail(_label(name), _version_text(name, value, names), _version_text(name, previous.get(name), names))
            for name, value in event.items()
            if previous and not name.startswith("pgh_") and name not in _HIDDEN and previous.get(name) != value
        )
        if changes or event["pgh_label"] != "update":
            versions.append(RowVersion(event["pgh_created_at"], kinds.get(event["pgh_label"], ""), changes))
    return versions[:limit]


def _label(name: str) -> str:
    field = _project_field(name)
    return str(field.verbose_name) if field is not None else name


def _version_text(name: str, value: object, names: Names) -> str:
    plain = value if value is None or isinstance(value, bool | int) else str(value)
    return shown(_project_field(name), plain, names)


def _project_field(name: str) -> Field[Any, Any] | None:
    return next((field for field in Project._meta.concrete_fields if field.attname == name), None)
