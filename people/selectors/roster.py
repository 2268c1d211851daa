"""The roster: who may be named as manager, sponsor, owner or member."""

from __future__ import annotations

from datetime import date

from people.models.person import Person, PersonQuerySet
from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission


def choosable_people(user: User, on: date) -> PersonQuerySet:
    """The people present on that day, by name; none without the right to read who holds which role."""
    people: PersonQuerySet = Person.objects.all()
    if not (has_permission(user, Permission.ROSTER_VIEW) or has_permission(user, Permission.PORTFOLIO_VIEW)):
        return people.none()
    return people.active_on(on).select_related("employer")
