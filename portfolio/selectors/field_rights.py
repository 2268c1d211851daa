"""Which fields of which row a person may change: the allow-lists behind every edit form and service.

Approved figures (budget, baseline, first approval, tolerances' bounds), the rank and the project manager belong to a
decision once the project is authorised (`engines.authority`); nobody writes them here then. The database refuses too.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from people.enums import Role
from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.engines import authority
from portfolio.engines.lifecycle import CLOSED_PHASES
from portfolio.enums import StageState
from portfolio.models.project import Project
from portfolio.models.stage import Stage
from portfolio.models.work_package import WorkPackage
from portfolio.permissions import leads_project, replaced_person, stands_in_on_project

SHEET = frozenset(
    {
        "name_fr",
        "name_nl",
        "name_en",
        "purpose",
        "deputy",
        "method",
        "start",
        "forecast_end",
        "has_procurement",
        "handles_personal_data",
        "data_protection",
        "external_url",
    }
)
RANKING = frozenset({"priority_rank", "manager", "programme"})
APPROVED = frozenset({"first_approved_end", "planned_end", "first_approved_cost"})
STEERING = RANKING | APPROVED | {"sponsor", "axis", "is_top", "confidentiality", "actual_end"}
PROJECT_FIELDS = SHEET | STEERING

MILESTONE_SHEET = frozenset({"name", "kind", "forecast", "actual"})
MILESTONE_APPROVED = frozenset({"first_approved", "baseline"})
STAGE_FIELDS = frozenset({"name", "start", "planned_end", "forecast_end", "actual_end", "state"})
WORK_PACKAGE_FIELDS = frozenset(
    {
        "code",
        "name",
        "stage",
        "owner",
        "start",
        "planned_end",
        "forecast_end",
        "actual_end",
        "budget",
        "forecast_cost",
        "progress",
        "state",
    }
)
PRODUCT_FIELDS = frozenset(
    {
        "parent",
        "identifier",
        "title",
        "kind",
        "purpose",
        "producer",
        "acceptor",
        "milestone",
        "work_package",
        "planned_on",
        "forecast_on",
    }
)
CRITERION_FIELDS = frozenset({"text", "method", "tolerance"})
REVIEW_FIELDS = frozenset(
    {"planned_on", "chair", "presenter", "reviewer_1", "reviewer_2", "reviewer_3", "administrator"}
)
BUDGET_ACTUAL = frozenset({"actual", "actual_source", "actual_on"})
TOLERANCE_MEASURE = frozenset({"forecast", "measure"})
TOLERANCE_APPROVED = frozenset({"minus", "plus", "unit", "baseline"})

NOTHING: frozenset[str] = frozenset()


def frozen_reason(project: Project) -> str:
    """Why nobody edits this project any more; empty while it runs."""
    if project.life_cycle not in {phase.value for phase in CLOSED_PHASES}:
        return ""
    return _("Projet %(state)s : la fiche est figée.") % {"state": project.get_life_cycle_display().lower()}


def decided_fields(project: Project) -> frozenset[str]:
    """The fields of the sheet that wait for a decision; what an import left empty may be filled once."""
    if not authority.is_authorised(project.life_cycle):
        return NOTHING
    return frozenset(name for name in authority.SHEET if not project.source or getattr(project, name) is not None)


def awaiting_decision(user: User, project: Project, names: Iterable[str]) -> list[str]:
    """Those of `names` that this person would write if the project were not authorised yet."""
    return sorted(decided_fields(project) & set(names) & _sheet_rights(user, project))


def project_fields(user: User, project: Project) -> frozenset[str]:
    """Fields of the project sheet this person may change."""
    return _sheet_rights(user, project) - decided_fields(project)


def _sheet_rights(user: User, project: Project) -> frozenset[str]:
    if has_permission(user, Permission.PROJECT_RANK, project):
        return PROJECT_FIELDS
    if not has_permission(user, Permission.PROJECT_EDIT, project):
        return NOTHING
    # Who stands in for the project manager does not pass it on.
    return SHEET - {"deputy"} if replaced_person(user, project) is not None else SHEET


def milestone_fields(user: User, project: Project, *, new: bool = False) -> frozenset[str]:
    """A new milestone states all its dates; afterwards its approved dates are the PSO's, then a decision's."""
    if not has_permission(user, Permission.MILESTONE_EDIT, project):
        return NOTHING
    approved = new or (has_permission(user, Permission.PROJECT_RANK, project) and not milestone_waits(project))
    return MILESTONE_SHEET | MILESTONE_APPROVED if approved else MILESTONE_SHEET


def milestone_waits(project: Project) -> frozenset[str]:
    """The dates of a milestone that wait for a decision."""
    return MILESTONE_APPROVED if authority.is_authorised(project.life_cycle) else NOTHING


def stage_fields(user: User, project: Project) -> frozenset[str]:
    return STAGE_FIELDS if has_permission(user, Permission.MILESTONE_EDIT, project) else NOTHING


def work_package_fields(user: User, project: Project) -> frozenset[str]:
    return WORK_PACKAGE_FIELDS if has_permission(user, Permission.MILESTONE_EDIT, project) else NOTHING


def product_fields(user: User, project: Project) -> frozenset[str]:
    return PRODUCT_FIELDS if has_permission(user, Permission.MILESTONE_EDIT, project) else NOTHING


def budget_fields(user: User, project: Project) -> frozenset[str]:
    """PM and programme manager forecast; finance books actuals; the PSO keeps the budget of what is in preparation."""
    fields: set[str] = set()
    if not has_permission(user, Permission.FINANCE_EDIT, project):
        return NOTHING
    if has_permission(user, Permission.FINANCE_IMPORT, project):
        fields |= BUDGET_ACTUAL
    if has_permission(user, Permission.PROJECT_RANK, project):
        fields |= {"approved", "forecast"}
    if {Role.PM, Role.PROGRAMME_MANAGER} & user.role_set and Role.FINANCE not in user.role_set:
        fields.add("forecast")
    if authority.is_authorised(project.life_cycle):
        fields.discard("approved")
    return frozenset(fields)


def decided_bounds(project: Project) -> frozenset[str]:
    """The fields of a tolerance that wait for a decision."""
    return authority.BOUNDS if authority.is_authorised(project.life_cycle) else NOTHING


def tolerance_fields(user: User, project: Project, *, new: bool = False) -> frozenset[str]:
    """The project says where it stands; the bounds are the board's, kept by the PSO until the project is authorised.

    A `new` tolerance of an imported project is one of the holes that may be filled.
    """
    if not has_permission(user, Permission.TOLERANCE_EDIT, project):
        return NOTHING
    if not has_permission(user, Permission.PROJECT_RANK, project):
        return TOLERANCE_MEASURE
    fields = TOLERANCE_MEASURE | TOLERANCE_APPROVED
    if authority.is_authorised(project.life_cycle) and not (new and project.source):
        fields -= authority.BOUNDS
    return fields


def part_tolerance_fields(user: User, part: Stage | WorkPackage, *, new: bool = False) -> frozenset[str]:
    """The board gives a stage its bounds, the project manager a work package.

    Of a stage the PSO writes the first ones down, and any before it runs; then only a decision of the board moves
    them. Of a work package they are its project manager's alone, or of who stands in for him.
    """
    project = part.project
    if not has_permission(user, Permission.TOLERANCE_EDIT, project):
        return NOTHING
    if isinstance(part, WorkPackage):
        is_free = leads_project(user, project) or stands_in_on_project(user, project)
    else:
        is_free = has_permission(user, Permission.PROJECT_RANK, project) and (new or part.state == StageState.PLANNED)
    return TOLERANCE_MEASURE | TOLERANCE_APPROVED if is_free else TOLERANCE_MEASURE
