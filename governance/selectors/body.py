"""Bodies, who sits in them, what they may decide and when they meet next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Prefetch, Q
from django.http import Http404

from governance.models import Body, Mandate, Seat, Sitting
from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission


@dataclass(frozen=True, slots=True)
class BodyLine:
    """One row of the list of bodies."""

    body: Body
    next_sitting: datetime | None
    members: int
    open_requests: int


@dataclass(frozen=True, slots=True)
class BodyPage:
    """Everything the page of one body shows."""

    body: Body
    seats: tuple[Seat, ...]
    mandates: tuple[Mandate, ...]
    sittings: tuple[Sitting, ...]


def body_lines(user: User, now: datetime) -> list[BodyLine]:
    """All active bodies, highest first; empty without the right to consult them."""
    if not has_permission(user, Permission.BODY_VIEW):
        return []
    today = now.date()
    bodies = Body.objects.filter(active=True).annotate(
        next_at=Min("sittings__starts_at", filter=Q(sittings__starts_at__gte=now)),
        seated=Count(
            "seats",
            filter=Q(seats__valid_from__lte=today) & (Q(seats__valid_to__isnull=True) | Q(seats__valid_to__gte=today)),
            distinct=True,
        ),
        asked=Count("requests", filter=Q(requests__state="open"), distinct=True),
    )
    return [
        BodyLine(body=body, next_sitting=body.next_at, members=body.seated, open_requests=body.asked) for body in bodies
    ]


def get_body(user: User, code: str) -> Body:
    """The body of that code, or 404."""
    body = Body.objects.filter(code=code).first() if has_permission(user, Permission.BODY_VIEW) else None
    if body is None:
        raise Http404
    return body


def body_page(user: User, code: str, now: datetime) -> BodyPage:
    """The body with its seats and mandates in force and its next twelve sittings."""
    body = get_body(user, code)
    today = now.date()
    in_force = Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    return BodyPage(
        body=body,
        seats=tuple(body.seats.filter(in_force).select_related("person__employer")),
        mandates=tuple(body.mandates.filter(in_force)),
        sittings=tuple(body.sittings.filter(starts_at__gte=now)[:12]),
    )


def upcoming_sittings(user: User, now: datetime, limit: int = 4) -> list[Sitting]:
    """The next sittings of any body, soonest first."""
    if not has_permission(user, Permission.BODY_VIEW):
        return []
    coming = Sitting.objects.filter(starts_at__gte=now, body__active=True).select_related("body")
    return list(coming[:limit])


def askable_bodies(on: date) -> list[Body]:
    """Active bodies with their sittings from `on`, highest first."""
    coming = Sitting.objects.filter(starts_at__date__gte=on).order_by("starts_at")
    return list(
        Body.objects.filter(active=True).prefetch_related(Prefetch("sittings", queryset=coming, to_attr="coming"))
    )
