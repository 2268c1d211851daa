"""Who holds a role today: for notices and deliveries, which go to a role and not to a name."""

from __future__ import annotations

from config import clock
from people.enums import Role
from people.models import RoleAssignment, User


def holders_of(*roles: Role) -> list[User]:
    """The open accounts that hold one of the roles today, by name of account."""
    held = RoleAssignment.objects.valid_on(clock.today()).filter(role__in=roles)
    users = User.objects.filter(is_active=True, pk__in=held.values("user")).select_related("person")
    return list(users.order_by("username"))
