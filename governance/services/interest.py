"""Declaring interests: what a member has a stake in, and the yearly statement that nothing is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from governance.models import Interest, InterestStatement
from people.models import Person, User
from people.services import audit

YEAR = timedelta(days=365)


@transaction.atomic
def declare_interest(*, person: Person, by: User, values: Mapping[str, Any], on: date) -> Interest:
    """One interest from today on. The journal says that one was declared, not in what."""
    _only_himself(person, by)
    interest = Interest(person=person, declared_on=on, **values)
    interest.full_clean()
    interest.save(force_insert=True)
    audit.record(by=by, verb="interest.declared", target=interest, data={"kind": interest.kind})
    return interest


@transaction.atomic
def end_interest(*, interest: Interest, by: User, on: date) -> None:
    """The interest ended today; it is kept, and a supplier link counts for two more years."""
    interest = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    _only_himself(interest.person, by)
    if interest.ended_on is not None:
        raise ValidationError(_("Cet intérêt est déjà terminé."))
    interest.ended_on = on
    interest.save(update_fields=["ended_on"])
    audit.record(by=by, verb="interest.ended", target=interest)


@transaction.atomic
def state_complete(*, person: Person, by: User, on: date) -> InterestStatement:
    """`person` states for a year that his declared interests are complete; once a day."""
    _only_himself(person, by)
    statement, created = InterestStatement.objects.get_or_create(
        person=person, declared_on=on, defaults={"valid_to": on + YEAR}
    )
    if created:
        audit.record(by=by, verb="interest.stated", target=statement)
    return statement


def _only_himself(person: Person, by: User) -> None:
    if person.user_id != by.pk:
        raise ValidationError(_("Chacun déclare ses propres intérêts."))
