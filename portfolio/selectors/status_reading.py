"""What of the weekly statuses a person reads: their words one by one, and which week all colours come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from people.enums import Role
from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes
from portfolio.models.project import Project
from portfolio.models.standing import StandingFields

_OPEN_WEEK = frozenset({Scope.ALL, Scope.OWN, Scope.PROGRAMME, Scope.STAND_IN})


@dataclass(frozen=True, slots=True)
class StatusReader:
    """The reach of one person over submitted statuses, worked out once per page."""

    scopes: frozenset[Scope]
    user_id: int
    replaced: frozenset[int] = frozenset()

    @property
    def reads_open_week(self) -> bool:
        """Whether colours are those of now; everybody else is shown the last frozen week, everywhere."""
        return bool(self.scopes & _OPEN_WEEK)

    @property
    def standing(self) -> str:
        """The relation of a project that holds what this reader is shown of its statuses."""
        return "standing" if self.reads_open_week else "frozen_standing"

    def standing_of(self, project: Project) -> StandingFields | None:
        """The same for one loaded project; None where nothing was computed, or nothing was frozen yet."""
        found: StandingFields | None = getattr(project, self.standing, None)
        return found

    def may_read(
        self,
        *,
        frozen_at: datetime | None,
        manager_user: int | None = None,
        deputy_user: int | None = None,
        programme_user: int | None = None,
    ) -> bool:
        """Everything; a frozen week; one's own projects, or those of whom one replaces; those of one's programme."""
        if Scope.ALL in self.scopes:
            return True
        if Scope.DECIDED in self.scopes and frozen_at is not None:
            return True
        if Scope.OWN in self.scopes and self.user_id in (manager_user, deputy_user):
            return True
        if Scope.STAND_IN in self.scopes and manager_user in self.replaced:
            return True
        return Scope.PROGRAMME in self.scopes and self.user_id == programme_user


def status_reader(user: User) -> StatusReader:
    replaced = frozenset(one.user_id for one in user.stand_ins if Role.PM in one.roles)
    return StatusReader(granted_scopes(user, Permission.STATUS_VIEW), user.pk, replaced)
