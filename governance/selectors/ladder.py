"""The escalation ladder of a request: every body it was asked of, from the first to the present one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from governance.enums import OPEN_REQUESTS, RequestState, SeatRole
from governance.models import Body, DecisionRequest, Seat
from governance.selectors.decision_request import visible_requests
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission

_OFFICE = (SeatRole.CHAIR, SeatRole.DEPUTY, SeatRole.SECRETARY)
_LINKS = ("body", "raised_by", "acknowledged_by")
_HIGHEST = 9
WAITING = (RequestState.OPEN, RequestState.DEFERRED)


@dataclass(frozen=True, slots=True)
class Rung:
    """One body on the way up; `by_clock`: nobody sent it here, the time ran out below."""

    row: DecisionRequest
    present: bool
    late: bool

    @property
    def by_clock(self) -> bool:
        return self.row.raised_from_id is not None and self.row.raised_by_id is None


def ladder_of(request: DecisionRequest, today: date) -> list[Rung]:
    """The rungs, lowest first; all are on the request's own project."""
    rows = [request]
    while rows[0].raised_from_id is not None and len(rows) <= _HIGHEST:
        rows.insert(0, DecisionRequest.objects.select_related(*_LINKS).get(pk=rows[0].raised_from_id))
    while len(rows) <= 2 * _HIGHEST:
        above = DecisionRequest.objects.select_related(*_LINKS).filter(raised_from=rows[-1].pk).first()
        if above is None:
            break
        rows.append(above)
    return [Rung(row=row, present=row.pk == request.pk, late=is_late(row, today)) for row in rows]


def is_late(request: DecisionRequest, today: date) -> bool:
    return request.is_open and request.answer_by is not None and request.answer_by < today


def late_requests(user: User, today: date) -> QuerySet[DecisionRequest]:
    """Open requests whose body has let its reaction time pass."""
    return visible_requests(user).filter(state__in=OPEN_REQUESTS, answer_by__lt=today).order_by("answer_by", "number")


def unanswered(today: date) -> QuerySet[DecisionRequest]:
    """What the clock sends up: late, on no agenda, and not sent up by the clock before."""
    return DecisionRequest.objects.filter(
        Q(raised_from__isnull=True) | Q(raised_by__isnull=False), state__in=WAITING, answer_by__lt=today
    )


def may_acknowledge(user: User, request: DecisionRequest, today: date) -> bool:
    """The chair, the deputy or the secretary of the body, or whoever keeps the record, while it waits."""
    if not request.is_open or request.acknowledged_at is not None:
        return False
    return (
        has_permission(user, Permission.DECISION_RECORD)
        or office_of(request.body, today).filter(person__user=user).exists()
    )


def office_of(body: Body, on: date) -> QuerySet[Seat]:
    """Chair, deputy and secretary of the body on that day."""
    return Seat.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), body=body, valid_from__lte=on, role__in=_OFFICE
    )


def office_holders(body: Body, on: date) -> list[User]:
    """Their accounts."""
    people = [seat.person for seat in office_of(body, on).select_related("person__user")]
    return [person.user for person in people if person.user is not None]
