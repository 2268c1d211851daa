"""How far a grant reaches over packs; registered with the catalogue at start-up."""

from __future__ import annotations

from people.models.user import User
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import register_predicate
from reporting.enums import PackState
from reporting.models import Pack


def is_frozen_pack(user: User, obj: object) -> bool:
    """The pack's data are frozen: it may be read by those who read what is decided."""
    return isinstance(obj, Pack) and obj.state != PackState.DRAFT


def register() -> None:
    """Tell the catalogue what `decided` means for a pack; `own` and `programme` reach no whole pack."""
    register_predicate(Permission.PACK_READ, is_frozen_pack, scope=Scope.DECIDED)
