"""Permission class of the API: the same catalogue and rules as the pages."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from people.enums import TokenScope
from people.models import ApiToken
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission

# A key never decides, never grants rights and never makes another key, whatever its owner may do in a page.
NEVER_BY_TOKEN = frozenset(
    {
        Permission.DECISION_TAKE,
        Permission.DECISION_RECORD,
        Permission.ROLE_PROPOSE,
        Permission.ROLE_APPROVE,
        Permission.USER_EDIT,
        Permission.API_TOKEN_MANAGE,
    }
)


class HasPermission(BasePermission):
    """Reads `required_permission` (safe methods) and `write_permission` (the others) from the view.

    A view without `required_permission` is refused; one without `write_permission` is read-only.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        permission = _wanted(request, view)
        return permission is not None and has_permission(request.user, permission)

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        permission = _wanted(request, view)
        return permission is not None and has_permission(request.user, permission, obj)


def _wanted(request: Request, view: APIView) -> Permission | None:
    reading = request.method in SAFE_METHODS
    wanted: Permission | None = getattr(view, "required_permission" if reading else "write_permission", None)
    token = request.auth
    if isinstance(token, ApiToken):
        scope = TokenScope.READ if reading else TokenScope.WRITE
        if scope not in token.scopes or wanted in NEVER_BY_TOKEN:
            return None
    return wanted
