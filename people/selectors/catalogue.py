"""The matrix of permissions and roles, from the code itself."""

from dataclasses import dataclass

from django.utils.functional import Promise

from people.enums import Role
from people.permissions.catalogue import Permission, Scope
from people.permissions.roles import EVERYBODY, GRANTS


@dataclass(frozen=True, slots=True)
class MatrixRow:
    permission: Permission
    label: Promise
    everybody: bool
    cells: tuple[Scope | None, ...]


def matrix() -> list[MatrixRow]:
    """One row per permission, one cell per role: the reach of the grant, or None."""
    return [
        MatrixRow(
            permission=permission,
            label=permission.label,
            everybody=permission in EVERYBODY,
            cells=tuple(EVERYBODY.get(permission, GRANTS[role].get(permission)) for role in Role),
        )
        for permission in Permission
    ]
