"""Accounts, roles, requests, keys and sessions, as far as the user may see them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from config import clock
from people.engines.device import short_name
from people.enums import RequestState, Role
from people.models import ApiToken, AuditEntry, Notification, RoleAssignment, RoleRequest, User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission


def accounts(user: User) -> QuerySet[User]:
    """Every account with its person and the roles it holds today, for who may see roles."""
    rows = User.objects.select_related("person__employer").order_by("username")
    if not has_permission(user, Permission.ROLE_VIEW):
        return rows.none()
    held = RoleAssignment.objects.valid_on(clock.today()).select_related("granted_by__person").order_by("role")
    return rows.prefetch_related(Prefetch("role_assignments", queryset=held, to_attr="roles_today"))


def role_requests(user: User) -> QuerySet[RoleRequest]:
    """Proposed role changes, newest first, for who may see roles."""
    rows = RoleRequest.objects.select_related("user__person", "requested_by__person", "decided_by__person")
    rows = rows.order_by("-requested_at", "-pk")
    return rows if has_permission(user, Permission.ROLE_VIEW) else rows.none()


def pending_requests(user: User) -> QuerySet[RoleRequest]:
    return role_requests(user).filter(state=RequestState.PENDING)


def tokens(user: User) -> QuerySet[ApiToken]:
    """The user's own API keys, newest first; the keys themselves exist nowhere."""
    return ApiToken.objects.filter(owner=user).order_by("-created_at", "-pk")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser where the user is signed in; `reference` names it without giving its key away."""

    reference: str
    started: datetime | None
    seen: datetime | None
    device: str
    current: bool


def session_reference(key: str) -> str:
    return hashlib.sha256(f"session:{key}".encode()).hexdigest()[:20]


def open_sessions(user: User, current_key: str | None) -> list[OpenSession]:
    """Where the user is signed in now, the present browser first."""
    found = []
    for session in Session.objects.filter(expire_date__gt=clock.now()).order_by("pk"):
        data = session.get_decoded()
        if data.get("_auth_user_id") == str(user.pk):
            found.append(_session(session.pk, data, current_key))
    return sorted(found, key=lambda one: (not one.current, one.reference))


def find_session(user: User, reference: str) -> str | None:
    """The key of the user's session of that reference."""
    for session in Session.objects.filter(expire_date__gt=clock.now()).order_by("pk"):
        if session_reference(session.pk) == reference and session.get_decoded().get("_auth_user_id") == str(user.pk):
            return session.pk
    return None


def _session(key: str, data: Mapping[str, object], current_key: str | None) -> OpenSession:
    return OpenSession(
        reference=session_reference(key),
        started=_instant(data.get("session_started")),
        seen=_instant(data.get("session_seen")),
        device=short_name(str(data.get("device") or "")),
        current=key == current_key,
    )


def _instant(stamp: object) -> datetime | None:
    return datetime.fromtimestamp(stamp, clock.BRUSSELS) if isinstance(stamp, int) else None


def account_with_rights(user_id: int, today: date) -> User | None:
    """The account with its person, the roles it holds on `today`, its unread notifications and the last audited act.

    Every request begins so, in one statement; `last_act` is the act's number, None before the first one.
    """
    held = (
        RoleAssignment.objects.filter(user=OuterRef("pk"))
        .valid_on(today)
        .order_by("role", "reviewer_kind")
        .values(pair=JSONObject(role="role", kind="reviewer_kind"))
    )
    last_act = AuditEntry.objects.order_by("-number").values("number")[:1]
    unread = Notification.objects.filter(user=OuterRef("pk"), read_at=None).order_by().values("user")
    rows = User.objects.select_related("person").annotate(
        held=ArraySubquery(held),
        last_act=Subquery(last_act),
        unread_notes=Coalesce(Subquery(unread.values(total=Count("pk"))), 0),
    )
    user = rows.filter(pk=user_id).first()
    if user is not None:
        user.current_roles = tuple((Role(pair["role"]), pair["kind"]) for pair in user.held) if user.is_active else ()
    return user
