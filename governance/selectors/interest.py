"""Declared interests: one's own, and of the members of a body for who prepares its sessions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from governance.models import Interest, InterestStatement, Seat
from people.models import Employer, Person, User


@dataclass(frozen=True, slots=True)
class OwnInterests:
    """What a person declared, running and ended, and until when his statement holds."""

    person: Person
    running: tuple[Interest, ...]
    ended: tuple[Interest, ...]
    stated_until: date | None
    seats: tuple[Seat, ...]


def own_interests(user: User, on: date) -> OwnInterests | None:
    """The declarations of the person behind the account; None for an account without person."""
    person = Person.objects.filter(user=user).first()
    if person is None:
        return None
    rows = list(_rows().filter(person=person))
    seats = Seat.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), person=person, valid_from__lte=on)
    return OwnInterests(
        person=person,
        running=tuple(row for row in rows if row.ended_on is None or row.ended_on >= on),
        ended=tuple(row for row in rows if row.ended_on is not None and row.ended_on < on),
        stated_until=stated_until([person.pk], on).get(person.pk),
        seats=tuple(seats.select_related("body").order_by("-body__level", "body__code")),
    )


def stated_until(people: Iterable[int], on: date) -> dict[int, date]:
    """Until when each of these persons has stated that his declarations are complete; absent where he has not."""
    rows = InterestStatement.objects.filter(person__in=list(people), declared_on__lte=on, valid_to__gte=on)
    return dict(rows.order_by("valid_to").values_list("person", "valid_to"))


def interests_of(people: Iterable[int]) -> list[Interest]:
    """Every interest these persons ever declared, for the computation of conflicts."""
    return list(_rows().filter(person__in=list(people)))


def get_own_interest(user: User, pk: int) -> Interest:
    """One of the interests the user declared himself, or 404."""
    interest = _rows().filter(pk=pk, person__user=user).first()
    if interest is None:
        raise Http404
    return interest


def suppliers() -> QuerySet[Employer]:
    """Whom one may have a link with: every employer but our own organisation."""
    return Employer.objects.filter(is_home=False)


def _rows() -> QuerySet[Interest]:
    return Interest.objects.select_related("person", "project", "employer", "other").order_by("-declared_on", "pk")
