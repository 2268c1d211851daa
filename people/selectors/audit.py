"""Reading the audit trail: the user's own acts, or all of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from config import clock
from people.models import AuditEntry, User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the reader asks for; empty parts do not filter."""

    verb: str = ""
    actor: str = ""
    target: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None


def entries(user: User, wanted: AuditFilter | None = None) -> QuerySet[AuditEntry]:
    """Entries the user may read, newest first."""
    scopes = granted_scopes(user, Permission.AUDIT_VIEW)
    rows = AuditEntry.objects.order_by("-number")
    if Scope.ALL not in scopes:
        rows = rows.filter(actor_id=user.pk) if scopes else rows.none()
    return _filtered(rows, wanted) if wanted else rows


def verbs(user: User) -> list[str]:
    """The acts that occur among the entries the user may read."""
    return list(entries(user).order_by("verb").values_list("verb", flat=True).distinct())


def _filtered(rows: QuerySet[AuditEntry], wanted: AuditFilter) -> QuerySet[AuditEntry]:
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.actor:
        rows = rows.filter(actor_label__icontains=wanted.actor)
    if wanted.target:
        rows = rows.filter(target_label__icontains=wanted.target)
    if wanted.channel:
        rows = rows.filter(channel=wanted.channel)
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.BRUSSELS)
