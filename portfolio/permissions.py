"""How far a grant reaches over portfolio objects; registered with the catalogue at start-up.

A predicate takes a project or any row that belongs to one.
"""

from __future__ import annotations

from people.enums import Role
from people.models.person import Person
from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import register_predicate
from people.permissions.roles import DELEGABLE
from portfolio.models.programme import Programme
from portfolio.models.project import Project
from portfolio.models.status_report import StatusReport

_BY_PROJECT = (
    Permission.PROJECT_EDIT,
    Permission.MILESTONE_EDIT,
    Permission.TOLERANCE_EDIT,
    Permission.STATUS_VIEW,
    Permission.STATUS_SUBMIT,
    Permission.STATUS_COMMENT,
    Permission.FINANCE_VIEW,
    Permission.FINANCE_EDIT,
    Permission.RISK_VIEW,
    Permission.RISK_EDIT,
    Permission.DECISION_VIEW,
    Permission.AUDIT_VIEW,
)


def _project_of(obj: object) -> Project | None:
    if isinstance(obj, Project):
        return obj
    project = getattr(obj, "project", None)
    return project if isinstance(project, Project) else None


def _person_id(user: User) -> int | None:
    """Primary key of the person behind the account, read once per request."""
    cached: int | None = getattr(user, "_person_id", -1)
    if cached == -1:
        person = getattr(user, "person", None)
        cached = person.pk if person else None
        user._person_id = cached  # type: ignore[attr-defined]
    return cached


def leads_project(user: User, obj: object) -> bool:
    """The user is the project manager of the object's project, or its named deputy."""
    project, person = _project_of(obj), _person_id(user)
    return project is not None and person is not None and person in (project.manager_id, project.deputy_id)


def managers_replaced(user: User) -> frozenset[int]:
    """Primary keys of the absent project managers for whom the user stands in today."""
    return frozenset(one.person_id for one in user.stand_ins if Role.PM in one.roles)


def stands_in_on_project(user: User, obj: object) -> bool:
    """The user is, today, the deputy of the absent project manager of the object's project."""
    project = _project_of(obj)
    return project is not None and project.manager_id in managers_replaced(user)


def replaced_person(user: User, project: Project) -> Person | None:
    """The absent project manager in whose name the user acts on the project; None when he acts in his own."""
    if leads_project(user, project) or not stands_in_on_project(user, project):
        return None
    return project.manager


def manages_programme(user: User, obj: object) -> bool:
    """The user manages the programme, or the programme of the object's project."""
    person = _person_id(user)
    programme = obj if isinstance(obj, Programme) else getattr(_project_of(obj), "programme", None)
    return person is not None and programme is not None and programme.manager_id == person


def directs_project(user: User, obj: object) -> bool:
    """The user sponsors the object's project, or the project is among the top 24."""
    project, person = _project_of(obj), _person_id(user)
    return project is not None and (project.is_top or (person is not None and project.sponsor_id == person))


def is_frozen_week(user: User, obj: object) -> bool:
    """The status belongs to a week that has been frozen."""
    return isinstance(obj, StatusReport) and obj.cycle.frozen_at is not None


def leads_top_risks(user: User, obj: object) -> bool:
    """CODIR reads the risks of the priority projects."""
    project = _project_of(obj)
    return project is not None and project.is_top


def register() -> None:
    """Tell the catalogue what `own`, `stand_in`, `programme`, `directed`, `decided` and `top` mean here."""
    for permission in DELEGABLE[Role.PM]:
        register_predicate(permission, stands_in_on_project, scope=Scope.STAND_IN)
    for permission in _BY_PROJECT:
        register_predicate(permission, leads_project, scope=Scope.OWN)
        register_predicate(permission, manages_programme, scope=Scope.PROGRAMME)
        register_predicate(permission, directs_project, scope=Scope.DIRECTED)
    register_predicate(Permission.PROGRAMME_EDIT, manages_programme, scope=Scope.PROGRAMME)
    register_predicate(Permission.STATUS_VIEW, is_frozen_week, scope=Scope.DECIDED)
    register_predicate(Permission.RISK_VIEW, leads_top_risks, scope=Scope.TOP)
