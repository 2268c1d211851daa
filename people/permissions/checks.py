"""The one answer to "may this user do this to that": grants of his roles, then the reach of each grant."""

from collections.abc import Callable
from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser

from people.models import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.roles import DELEGABLE, EVERYBODY, GRANTS

AnyUser: TypeAlias = "User | AnonymousUser"
# May this user do it to this object? False where the object is not his or of another kind.
Predicate: TypeAlias = Callable[[User, object], bool]

_PREDICATES: dict[tuple[Permission, Scope], Predicate] = {}
_CONDITIONS: dict[Permission, list[Predicate]] = {}


def register_predicate(permission: Permission, predicate: Predicate, *, scope: Scope | None = None) -> None:
    """Called by each app at start-up for its own objects.

    With a scope: the rule that says whether an object lies within that reach ("own project"). Without: a condition
    on every grant of the permission, whatever its reach ("only while the cycle is open"). A narrow grant whose rule
    nobody registered is refused.
    """
    if scope is None:
        conditions = _CONDITIONS.setdefault(permission, [])
        if predicate not in conditions:
            conditions.append(predicate)
    else:
        _PREDICATES[permission, scope] = predicate


def granted_scopes(user: AnyUser, permission: Permission) -> frozenset[Scope]:
    """The reaches at which the user's roles grant the permission, or those of people he stands in for today.

    Empty if none does. For `visible_to` querysets.
    """
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    scopes = {grants[permission] for grants in (GRANTS[role] for role in user.role_set) if permission in grants}
    for one in user.stand_ins:
        lent = (DELEGABLE[role] for role in one.roles if role in DELEGABLE)
        scopes.update(grants[permission] for grants in lent if permission in grants)
    if permission in EVERYBODY:
        scopes.add(EVERYBODY[permission])
    return frozenset(scopes)


def has_permission(user: AnyUser, permission: Permission, obj: object = None) -> bool:
    """Whether the user may; without object: whether he may for at least one object his roles could reach."""
    scopes = granted_scopes(user, permission)
    if not scopes or not isinstance(user, User):
        return False
    if obj is None:
        return True
    if not all(condition(user, obj) for condition in _CONDITIONS.get(permission, ())):
        return False
    return Scope.ALL in scopes or any(_reaches(user, permission, scope, obj) for scope in scopes)


def _reaches(user: User, permission: Permission, scope: Scope, obj: object) -> bool:
    predicate = _PREDICATES.get((permission, scope))
    return predicate is not None and bool(predicate(user, obj))
