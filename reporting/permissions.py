"""How far a grant reaches over packs; registered with the catalogue at start-up."""

from __future__ import annotations

from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import register_predicate
from portfolio.permissions import leads_project, manages_programme
from reporting.engines.pack_life import READABLE
from reporting.models import Pack


def is_published_pack(user: User, obj: object) -> bool:
    """The pack has been published: it may be read by those who read what is decided."""
    return isinstance(obj, Pack) and obj.state in READABLE


def register() -> None:
    """Tell the catalogue what `decided` means for a pack; `own` and `programme` reach sheets, no whole pack."""
    register_predicate(Permission.PACK_READ, is_published_pack, scope=Scope.DECIDED)
    register_predicate(Permission.PACK_READ, leads_project, scope=Scope.OWN)
    register_predicate(Permission.PACK_READ, manages_programme, scope=Scope.PROGRAMME)
    register_predicate(Permission.CORRECTION_PROPOSE, leads_project, scope=Scope.OWN)
    register_predicate(Permission.CORRECTION_PROPOSE, manages_programme, scope=Scope.PROGRAMME)
