"""Past imports and pending uploads, for those who may import."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet
from django.http import Http404

from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.models.import_run import ImportRun, ImportUpload
from portfolio.models.project import Project


def plan_imports(project: Project) -> QuerySet[ImportRun]:
    """What came into the plan of a project the reader has been let in to change."""
    return ImportRun.objects.filter(project=project, source="schedule").select_related("by").defer("options")


def pending_plan(user: User, token: UUID, project: Project, now: datetime) -> ImportUpload | None:
    """The user's own schedule file for that project; None once it has expired, or when it was for another."""
    upload = pending_upload(user, token, now=now)
    return upload if upload is not None and upload.mapping.get("project") == project.code else None


def import_runs(user: User) -> QuerySet[ImportRun]:
    """Of lists of projects; those of plans belong to their projects."""
    runs = ImportRun.objects.filter(project__isnull=True).select_related("by").defer("report", "options")
    return runs if has_permission(user, Permission.PORTFOLIO_IMPORT) else runs.none()


def latest_edition(user: User, source: str) -> date | None:
    """The date of the data last imported from that source; None before its first import."""
    found: date | None = import_runs(user).filter(source=source).aggregate(latest=Max("as_of"))["latest"]
    return found


def get_import_run(user: User, number: int) -> ImportRun:
    run = import_runs(user).defer(None).filter(pk=number).first()
    if run is None:
        raise Http404
    return run


def pending_upload(user: User, token: UUID, *, now: datetime) -> ImportUpload | None:
    """The user's own upload, None once it has expired; somebody else's is not to be known of."""
    upload = ImportUpload.objects.filter(pk=token).first()
    if upload is None:
        return None
    if upload.by_id != user.pk:
        raise Http404
    return upload if upload.expires_at > now else None
