"""Who is let in to change a plan: asked first by every page that does."""

from django.core.exceptions import PermissionDenied

from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest
from portfolio.models.project import Project
from portfolio.selectors.field_rights import frozen_reason
from portfolio.selectors.project import get_project


def project_to_plan(request: AuthenticatedRequest, code: str) -> Project:
    """The project, when the reader may change its plan; 403 with the reason when it is closed."""
    row = get_project(request.user, code, may=Permission.MILESTONE_EDIT)
    if reason := frozen_reason(row):
        raise PermissionDenied(reason)
    return row
