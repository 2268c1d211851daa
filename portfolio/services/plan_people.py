"""Who the resources of a plan are: proposed by address or name, settled by a person, kept through every re-import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from people.models.person import Person
from people.models.user import User
from people.services import audit
from portfolio.engines.tabular import normalise_label
from portfolio.models.plan import Plan, PlanResource


def propose_people(plan: Plan) -> None:
    """Name the one person who bears the address or the full name of a resource nobody has settled yet."""
    loose = list(plan.resources.filter(is_work=True, person__isnull=True, reviewed_at__isnull=True))
    if not loose:
        return
    people = list(Person.objects.filter(erased_at__isnull=True).only("pk", "first_name", "last_name", "email"))
    known: dict[str, Person] = {}
    keys = Counter(key for person in people for key in _keys(person.full_name, person.email))
    for person in people:
        known |= {key: person for key in _keys(person.full_name, person.email) if keys[key] == 1}
    for row in loose:
        row.person = next((known[key] for key in _keys(row.name, row.email) if key in known), None)
    PlanResource.objects.bulk_update([row for row in loose if row.person is not None], ["person"])


@transaction.atomic
def settle_people(*, plan: Plan, chosen: Mapping[int, Person | None], by: User, now: datetime) -> int:
    """Write who each resource is, by its key; answers how many differ from before."""
    rows = list(plan.resources.select_for_update(of=("self",)).filter(pk__in=chosen))
    changed = [row for row in rows if row.person_id != (person.pk if (person := chosen[row.pk]) else None)]
    for row in rows:
        row.person, row.reviewed_at = chosen[row.pk], now
    PlanResource.objects.bulk_update(rows, ["person", "reviewed_at"])
    data = {"project": plan.project.code, "resources": len(rows), "changed": len(changed)}
    audit.record(by=by, verb="plan.people_settled", target=plan, data=data)
    return len(changed)


def _keys(name: str, email: str) -> list[str]:
    """The address first: two people may share a name."""
    label = normalise_label(name).casefold()
    return [key for key in (email.strip().casefold(), label) if key]
