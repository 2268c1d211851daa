"""Which sessions a user may open."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from governance.enums import SittingState
from governance.models import Seat, Sitting
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission

_GIVEN_OUT = tuple(state for state in SittingState if state not in (SittingState.DRAFT, SittingState.CANCELLED))


def visible_sittings(user: User) -> QuerySet[Sitting]:
    """Sessions the user may open: his bodies' once convened, all for who keeps or audits the record."""
    rows = Sitting.objects.select_related("body", "approved_by")
    if has_permission(user, Permission.DECISION_RECORD):
        return rows
    if has_permission(user, Permission.AUDIT_VERIFY):
        return rows.filter(state__in=_GIVEN_OUT)
    if not has_permission(user, Permission.BODY_VIEW):
        return rows.none()
    held = Seat.objects.filter(person__user=user)
    mine = [
        Q(body=seat.body_id, starts_at__date__gte=seat.valid_from)
        & (Q(starts_at__date__lte=seat.valid_to) if seat.valid_to else Q())
        for seat in held
    ]
    reach = Q(pk__in=[])
    for part in mine:
        reach |= part
    return rows.filter(reach, state__in=_GIVEN_OUT)


def get_sitting(user: User, pk: int) -> Sitting:
    """The session, or 404."""
    sitting = visible_sittings(user).filter(pk=pk).first()
    if sitting is None:
        raise Http404
    return sitting
