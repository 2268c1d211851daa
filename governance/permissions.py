"""How far rights on bodies and decisions reach; registered with the catalogue at start-up.

A decision request belongs to a project, so portfolio's own reach rules already cover it.
"""

from governance.models.gate_review import GateReview
from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import register_predicate
from portfolio.permissions import leads_project, manages_programme


def reads_over(user: User, obj: object) -> bool:
    """The user has been named to read this gate review over."""
    return isinstance(obj, GateReview) and obj.reviewer is not None and obj.reviewer.user_id == user.pk


def register() -> None:
    """Tell the catalogue whose requests a project manager and a programme manager may see."""
    register_predicate(Permission.DECISION_VIEW, leads_project, scope=Scope.OWN)
    register_predicate(Permission.DECISION_VIEW, manages_programme, scope=Scope.PROGRAMME)
    register_predicate(Permission.CONFIDENCE_GIVE, reads_over, scope=Scope.ASSIGNED)
