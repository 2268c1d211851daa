"""Permission class of the API: the same catalogue and rules as the pages."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission


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
    name = "required_permission" if request.method in SAFE_METHODS else "write_permission"
    wanted: Permission | None = getattr(view, name, None)
    return wanted
