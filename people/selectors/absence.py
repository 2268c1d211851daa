"""Who is away, who stands in, and who may be asked to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from people.enums import Role
from people.models import Absence, Person, RoleAssignment, User
from people.models.user import NEVER_DEPUTY
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import has_permission
from people.permissions.roles import GRANTS

SHOWN_AFTER = timedelta(days=60)
_READERS = frozenset(role for role, grants in GRANTS.items() if grants.get(Permission.PORTFOLIO_VIEW) == Scope.ALL)


def own_absences(user: User, today: date) -> QuerySet[Absence]:
    """One's absences: coming, in force, and those of the last two months."""
    return _with_names(Absence.objects.filter(person__user=user, last_day__gte=today - SHOWN_AFTER))


def replacements_of(user: User, today: date) -> QuerySet[Absence]:
    """For whom one stands in, now and later."""
    return _with_names(Absence.objects.filter(deputy__user=user, ended_at__isnull=True, last_day__gte=today))


def office_absences(today: date) -> QuerySet[Absence]:
    """Every absence in force or to come, of whoever it is."""
    rows = Absence.objects.filter(ended_at__isnull=True, last_day__gte=today)
    return _with_names(rows).select_related("person__user", "deputy__user", "created_by__person")


def ends_absence(user: User, absence_id: int) -> Absence | None:
    """An absence the user may end: his own, one he stands in for, or for the project office one that it entered."""
    mine = Q(person__user=user) | Q(deputy__user=user)
    if has_permission(user, Permission.ABSENCE_OFFICE):
        mine |= ~Q(created_by=F("person__user"))
    return _with_names(Absence.objects.filter(mine, ended_at__isnull=True)).filter(pk=absence_id).first()


def replaceable_people(today: date) -> QuerySet[Person]:
    """Whose absence the project office may enter: project managers with an open account.

    Not a director's: what passes to his deputy is the approval of the pack that the office builds.
    """
    held = RoleAssignment.objects.valid_on(today)
    managers, directors = (held.filter(role=role).values("user") for role in (Role.PM, Role.DIRECTOR))
    return Person.objects.active_on(today).filter(user__is_active=True, user__in=managers).exclude(user__in=directors)


def absence_of(user: User, day: date) -> Absence | None:
    """One's own absence in force that day."""
    return _with_names(Absence.objects.in_force_on(day).filter(person__user=user)).first()


def absences_on(day: date, people: Iterable[int]) -> dict[int, Absence]:
    """The absence in force that day of each of these people who is away; one statement."""
    rows = Absence.objects.in_force_on(day).filter(person__in=list(people))
    return {row.person_id: row for row in _with_names(rows)}


def possible_deputies(user: User, today: date) -> QuerySet[Person]:
    """People with an open account who consult the portfolio, except oneself and those who may never stand in."""
    held = RoleAssignment.objects.valid_on(today)
    readers = held.filter(role__in=[Role(role) for role in _READERS]).values("user")
    never = held.filter(role__in=[Role(role) for role in NEVER_DEPUTY]).values("user")
    people = Person.objects.active_on(today).filter(user__is_active=True, user__in=readers)
    return people.exclude(user__in=never).exclude(user=user)


def _with_names(rows: QuerySet[Absence]) -> QuerySet[Absence]:
    return rows.select_related("person__user", "deputy__user").order_by("first_day", "pk")
