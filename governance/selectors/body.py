"""Bodies, who sits in them, what they may decide and when they meet next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.http import Http404

from config.clock import BRUSSELS
from governance.enums import OPEN_REQUESTS, SittingMode, SittingState
from governance.models import Body, BodyRules, Mandate, MeetingRule, Seat, Sitting
from governance.selectors.board import board_findings
from governance.selectors.interest import stated_until
from governance.selectors.sitting import visible_sittings
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
class SeatLine:
    """One seat; `stated_until` is how long its holder's declaration of interests holds, None where it is missing."""

    seat: Seat
    stated_until: date | None


@dataclass(frozen=True, slots=True)
class BodyPage:
    """Everything the page of one body shows; `findings` is what PRINCE2 would say of its roles."""

    body: Body
    seats: tuple[SeatLine, ...]
    mandates: tuple[Mandate, ...]
    sittings: tuple[Sitting, ...]
    openable: frozenset[int]
    rules: BodyRules
    coming_rules: tuple[BodyRules, ...]
    rhythm: MeetingRule | None
    findings: tuple[str, ...]


def body_lines(user: User, now: datetime) -> list[BodyLine]:
    """All active bodies, highest first; empty without the right to consult them."""
    if not has_permission(user, Permission.BODY_VIEW):
        return []
    today = now.date()
    bodies = (
        _bodies()
        .filter(active=True)
        .annotate(
            next_at=Min("sittings__starts_at", filter=Q(sittings__starts_at__gte=now)),
            seated=Count(
                "seats",
                filter=Q(seats__valid_from__lte=today)
                & (Q(seats__valid_to__isnull=True) | Q(seats__valid_to__gte=today)),
                distinct=True,
            ),
            asked=Count("requests", filter=Q(requests__state__in=OPEN_REQUESTS), distinct=True),
        )
    )
    return [
        BodyLine(body=body, next_sitting=body.next_at, members=body.seated, open_requests=body.asked) for body in bodies
    ]


def get_body(user: User, code: str) -> Body:
    """The body of that code, or 404."""
    body = _bodies().filter(code=code).first() if has_permission(user, Permission.BODY_VIEW) else None
    if body is None:
        raise Http404
    return body


def _bodies() -> QuerySet[Body]:
    return Body.objects.select_related("programme", "project")


def body_page(user: User, code: str, now: datetime) -> BodyPage:
    """The body with its seats in force, its mandates in force or coming, its rules and its next twelve sittings."""
    body = get_body(user, code)
    today = now.astimezone(BRUSSELS).date()
    not_over = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    seats = list(body.seats.filter(not_over, valid_from__lte=today).select_related("person__employer"))
    sittings = tuple(body.sittings.filter(starts_at__gte=now)[:12])
    stated = stated_until([seat.person_id for seat in seats], today)
    return BodyPage(
        body=body,
        seats=tuple(SeatLine(seat, stated.get(seat.person_id)) for seat in seats),
        mandates=tuple(body.mandates.filter(not_over).select_related("delegated_by")),
        sittings=sittings,
        openable=frozenset(
            visible_sittings(user).filter(pk__in=[row.pk for row in sittings]).values_list("pk", flat=True)
        ),
        rules=rules_on(body, today),
        coming_rules=tuple(body.rules.filter(valid_from__gt=today).order_by("valid_from")),
        rhythm=body.meeting_rules.filter(not_over).order_by("valid_from").first(),
        findings=tuple(board_findings(body, seats)),
    )


def rules_on(body: Body, day: date) -> BodyRules:
    """The rules in force that day: the latest begun, else those every body starts with (unsaved)."""
    found = body.rules.filter(valid_from__lte=day).order_by("-valid_from").first()
    return found or BodyRules(body=body, valid_from=day)


def get_mandate(user: User, code: str, pk: int) -> Mandate:
    """A mandate of that body, or 404."""
    mandate = Mandate.objects.filter(pk=pk, body=get_body(user, code)).first()
    if mandate is None:
        raise Http404
    return mandate


def get_seat(user: User, code: str, pk: int) -> Seat:
    """A seat of that body, or 404."""
    seat = Seat.objects.filter(pk=pk, body=get_body(user, code)).first()
    if seat is None:
        raise Http404
    return seat


def choosable_bodies(user: User) -> QuerySet[Body]:
    """The active bodies that may be named, highest first."""
    return Body.objects.filter(active=True) if has_permission(user, Permission.BODY_VIEW) else Body.objects.none()


def upcoming_sittings(user: User, now: datetime, limit: int = 4) -> list[Sitting]:
    """The next sittings of any body, soonest first."""
    if not has_permission(user, Permission.BODY_VIEW):
        return []
    coming = Sitting.objects.filter(starts_at__gte=now, body__active=True).select_related("body")
    return list(coming[:limit])


def askable_bodies(on: date) -> list[Body]:
    """Active bodies with their sessions from `on`, highest first; what is held in writing or cancelled is no date."""
    coming = Sitting.objects.filter(starts_at__date__gte=on, mode=SittingMode.MEETING)
    coming = coming.exclude(state=SittingState.CANCELLED).order_by("starts_at")
    return list(
        Body.objects.filter(active=True).prefetch_related(Prefetch("sittings", queryset=coming, to_attr="coming"))
    )
