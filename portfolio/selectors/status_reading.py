"""Who may read the words of a submitted status: the rule behind one-liners on lists and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes


@dataclass(frozen=True, slots=True)
class StatusReader:
    """The reach of one person over submitted statuses, worked out once per page."""

    scopes: frozenset[Scope]
    user_id: int

    def may_read(
        self,
        *,
        frozen_at: datetime | None,
        manager_user: int | None = None,
        deputy_user: int | None = None,
        programme_user: int | None = None,
    ) -> bool:
        """Everything; a frozen week; one's own projects; those of one's programme."""
        if Scope.ALL in self.scopes:
            return True
        if Scope.DECIDED in self.scopes and frozen_at is not None:
            return True
        if Scope.OWN in self.scopes and self.user_id in (manager_user, deputy_user):
            return True
        return Scope.PROGRAMME in self.scopes and self.user_id == programme_user


def status_reader(user: User) -> StatusReader:
    return StatusReader(granted_scopes(user, Permission.STATUS_VIEW), user.pk)
