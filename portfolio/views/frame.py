"""What every page of one project carries: its state, its tabs, and why it cannot be edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.models.project import Project
from portfolio.models.standing import FrozenStanding, Standing
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.plan_baseline import rebaselined
from portfolio.selectors.shown_state import state_of
from portfolio.selectors.status_reading import status_reader


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the project, as a plain link."""

    key: str
    label: str
    url: str
    current: bool


def project_frame(user: User, project: Project, tab: str, today: date) -> dict[str, Any]:
    """Template context shared by the project's pages: `standing` is now, `told` what the reader may know;
    a reader of frozen weeks is given that week twice and told what else is of today."""
    reader = status_reader(user)
    told = reader.standing_of(project) or FrozenStanding(project_id=project.pk)
    is_live = reader.reads_open_week
    return {
        "project": project,
        "standing": getattr(project, "standing", None) or Standing(project=project) if is_live else told,
        "shows_frozen": not is_live,
        "told": told,
        "state": state_of(reader, project, today),
        "previous": told.previous_overall or "none",
        "tabs": _tabs(user, project, tab),
        "frozen_reason": frozen_reason(project),
        "rebaselined": rebaselined(project),
        "today": today,
    }


def may_read_log(user: User, project: Project) -> bool:
    """The project's own manager, the PSO and the auditor."""
    return has_permission(user, Permission.AUDIT_VIEW, project) or has_permission(
        user, Permission.PROJECT_RANK, project
    )


def _tabs(user: User, project: Project, current: str) -> list[Tab]:
    names = [
        ("project", _("Projet"), True),
        ("plan", _("Plan"), True),
        ("products", _("Produits"), True),
        ("finance", _("Finances"), has_permission(user, Permission.FINANCE_TOTALS_VIEW, project)),
        ("raid", _("Risques"), has_permission(user, Permission.RISK_VIEW, project)),
        ("tolerances", _("Tolérances"), True),
        ("governance:project_gates", _("Portes"), True),
        ("governance:project_changes", _("Incidences"), has_permission(user, Permission.DECISION_VIEW)),
        ("statuses", _("Statuts"), has_permission(user, Permission.STATUS_VIEW)),
        ("log", _("Journal"), may_read_log(user, project)),
    ]
    tabs = []
    for key, label, allowed in names:
        url = _url(key if ":" in key else f"portfolio:{key}", project.code) if allowed else ""
        if url:
            tabs.append(Tab(key, label, url, key == current))
    return tabs


def _url(name: str, code: str) -> str:
    try:
        return reverse(name, args=[code])
    except NoReverseMatch:
        return ""
