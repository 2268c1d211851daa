"""Background work, for who watches over it and for who asked for it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from people.enums import JobState
from people.models import Job, User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission

NEED_A_HAND = (JobState.PARKED, JobState.FAILED)


def job_list(user: User) -> QuerySet[Job]:
    """All jobs, newest first; one's own where the right to watch them is missing."""
    rows = Job.objects.select_related("created_by__person").order_by("-created_at", "-pk")
    return rows if has_permission(user, Permission.JOB_VIEW) else rows.filter(created_by=user)


def jobs_needing_a_hand(user: User) -> QuerySet[Job]:
    """Set aside after three attempts, or refused: oldest first."""
    return job_list(user).filter(state__in=NEED_A_HAND).order_by("finished_at", "pk")


def get_job(user: User, job_id: int) -> Job:
    """That job, or 404 if there is none the user may know of."""
    job = job_list(user).filter(pk=job_id).first()
    if job is None:
        raise Http404
    return job


def is_followed(*, kind: str, job_id: int, now: datetime) -> bool:
    """Whether a later job of that kind waits to be run now."""
    return Job.objects.filter(kind=kind, state=JobState.QUEUED, pk__gt=job_id, run_after__lte=now).exists()


def known_keys(keys: Iterable[str]) -> set[str]:
    """Those of these keys under which work was queued, whatever became of it."""
    return set(Job.objects.filter(key__in=list(keys)).values_list("key", flat=True))
