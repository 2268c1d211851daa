"""Writing the RACI matrix, a row at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from config.web.versioned import StaleVersionError
from governance.engines.responsibility import Letter, RowFault, row_faults
from governance.models import RaciActivity, RaciCell
from people.models import User
from people.services import audit


@transaction.atomic
def add_activity(*, by: User, values: Mapping[str, Any], letters: Mapping[str, str]) -> RaciActivity:
    last = RaciActivity.objects.aggregate(last=Max("position"))["last"] or 0
    activity = RaciActivity(position=last + 1, **values)
    activity.full_clean()
    activity.save(force_insert=True)
    _write(activity, letters)
    audit.record(by=by, verb="raci.added", target=activity, data={"letters": dict(letters)})
    return activity


@transaction.atomic
def set_letters(*, activity: RaciActivity, by: User, letters: Mapping[str, str], version: int) -> RaciActivity:
    """Replace one row; StaleVersionError when somebody changed it since `version`."""
    moved = RaciActivity.objects.filter(pk=activity.pk, version=version).update(version=F("version") + 1)
    if not moved:
        raise StaleVersionError
    before = dict(activity.cells.values_list("role", "letter"))
    activity.cells.all().delete()
    _write(activity, letters)
    audit.record(by=by, verb="raci.changed", target=activity, data={"before": before, "letters": dict(letters)})
    activity.refresh_from_db()
    return activity


def _write(activity: RaciActivity, letters: Mapping[str, str]) -> None:
    """The row as a whole, or a refusal in words: one accountable, somebody who does it."""
    faults = row_faults({role: Letter(letter) for role, letter in letters.items()})
    if faults:
        raise ValidationError([_message(fault) for fault in faults])
    RaciCell.objects.bulk_create(
        RaciCell(activity=activity, role=role, letter=letter) for role, letter in letters.items()
    )


def _message(fault: RowFault) -> str:
    return {
        RowFault.NOBODY_ACCOUNTABLE: _("Il faut un A : une personne rend des comptes."),
        RowFault.SEVERAL_ACCOUNTABLE: _("Un seul A par activité."),
        RowFault.NOBODY_RESPONSIBLE: _("Il faut un R : quelqu’un réalise."),
    }[fault]
