"""The RACI matrix, a cell per activity and role, with what is wrong with each row."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from governance.engines.responsibility import Letter, RowFault, row_faults
from governance.enums import RaciRole
from governance.models import RaciActivity
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission

FAULTS = {
    RowFault.NOBODY_ACCOUNTABLE: _("personne ne rend des comptes"),
    RowFault.SEVERAL_ACCOUNTABLE: _("plusieurs rendent des comptes"),
    RowFault.NOBODY_RESPONSIBLE: _("personne ne réalise"),
}


@dataclass(frozen=True, slots=True)
class RaciRow:
    """One activity; `letters` follow the order of `RaciRole`, "" where a role has no part."""

    activity: RaciActivity
    letters: tuple[str, ...]
    faults: tuple[str, ...]


def raci_rows(user: User) -> list[RaciRow]:
    """The whole matrix; empty without the right to consult the bodies."""
    if not has_permission(user, Permission.BODY_VIEW):
        return []
    return [_row(activity) for activity in RaciActivity.objects.prefetch_related("cells")]


def get_activity(user: User, pk: int) -> RaciActivity:
    """The activity, or 404."""
    activity = RaciActivity.objects.filter(pk=pk).first() if has_permission(user, Permission.BODY_VIEW) else None
    if activity is None:
        raise Http404
    return activity


def letters_of(activity: RaciActivity) -> dict[str, str]:
    return dict(activity.cells.values_list("role", "letter"))


def _row(activity: RaciActivity) -> RaciRow:
    held = {cell.role: cell.letter for cell in activity.cells.all()}
    faults = row_faults({role: Letter(letter) for role, letter in held.items()})
    return RaciRow(
        activity=activity,
        letters=tuple(held.get(role, "") for role in RaciRole.values),
        faults=tuple(str(FAULTS[fault]) for fault in faults),
    )
