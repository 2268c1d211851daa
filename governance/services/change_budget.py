"""The change budget of a project, the delegation cut from it, and the clocks of severity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from governance.enums import ChangeStep
from governance.models import ChangeBudget, ChangeClock, ChangeDelegation
from people.models import User
from people.services import audit
from portfolio.models import Project
from portfolio.services.versioned import create_row, write_changes

BUDGET = frozenset({"amount", "valid_to", "source", "decision"})


@transaction.atomic
def set_change_budget(*, project: Project, by: User, values: Mapping[str, Any]) -> ChangeBudget:
    """Money set apart for changes between two days."""
    return create_row(ChangeBudget(project=project, **values), by=by, verb="change.budget_set")


@transaction.atomic
def change_change_budget(*, budget: ChangeBudget, by: User, changes: Mapping[str, Any], version: int) -> ChangeBudget:
    """Another amount or end; never below what is spent, which the database refuses too."""
    amount = changes.get("amount")
    if amount is not None and amount < budget.spent:
        raise ValidationError({"amount": _("Le montant ne descend pas sous ce qui est déjà utilisé.")})
    return write_changes(budget, changes=changes, allowed=BUDGET, version=version, by=by, verb="change.budget_changed")


@transaction.atomic
def delegate_changes(*, budget: ChangeBudget, by: User, values: Mapping[str, Any]) -> ChangeDelegation:
    """Name the change authority: neither the project's manager nor whoever writes it down."""
    row = ChangeDelegation(budget=budget, **values)
    project, person = budget.project, row.person
    if person.pk in (project.manager_id, project.deputy_id):
        raise ValidationError({"person": _("L’autorité de changement n’est ni le chef du projet ni son suppléant.")})
    if person.user_id == by.pk:
        raise ValidationError({"person": _("Personne ne se délègue un pouvoir à soi-même.")})
    if person.user_id is None:
        raise ValidationError({"person": _("L’autorité de changement a besoin d’un compte.")})
    if row.valid_from < budget.valid_from or row.valid_to > budget.valid_to:
        raise ValidationError({"valid_to": _("La délégation tient dans la période du budget de changement.")})
    if row.limit_total > budget.amount or row.limit_each > row.limit_total:
        raise ValidationError(
            {"limit_total": _("Par changement ≤ sur la période ≤ budget de changement : vérifiez les trois montants.")}
        )
    row.full_clean()
    row.save(force_insert=True)
    data = {"project": project.code, "person": person.pk, "amount": str(row.limit_total)}
    audit.record(by=by, verb="change.delegated", target=budget, data=data)
    return row


@transaction.atomic
def end_delegation(*, delegation: ChangeDelegation, by: User, on: date) -> ChangeDelegation:
    """The last day of a delegation becomes today; what was answered under it stands."""
    if not delegation.valid_from <= on <= delegation.valid_to:
        raise ValidationError(_("Cette délégation n’est pas en cours."))
    ChangeDelegation.objects.filter(pk=delegation.pk).update(valid_to=on, version=F("version") + 1)
    delegation.refresh_from_db()
    data = {"project": delegation.budget.project.code, "person": delegation.person_id}
    audit.record(by=by, verb="change.delegation_ended", target=delegation.budget, data=data)
    return delegation


@transaction.atomic
def set_clocks(*, by: User, days: Mapping[tuple[int, str], int], valid_from: date, source: str) -> list[ChangeClock]:
    """Working days per severity and step from a day on; issues already running keep the clock they have."""
    rows = [
        ChangeClock(severity=severity, step=ChangeStep(step), days=count, valid_from=valid_from, source=source)
        for (severity, step), count in sorted(days.items())
    ]
    for row in rows:
        row.full_clean()
        row.save(force_insert=True)
    if rows:
        audit.record(by=by, verb="change.clocks_set", target=rows[0], data={"from": valid_from.isoformat()})
    return rows
