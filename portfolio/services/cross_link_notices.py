"""What the manager of the other project is told of a link: who waits for whom, by whom it was tied or untied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from people.enums import Purpose
from people.models.user import User
from people.services import notify
from people.services.notify import Kind, Wording
from portfolio.models.cross_link import CrossLink
from portfolio.models.project import Project
from portfolio.selectors.cross_link import labels_of

ADDED, REMOVED = "cross_link_added", "cross_link_removed"


def register() -> None:
    notify.register_kind(Kind(ADDED, Purpose.DECISION, _word_added))
    notify.register_kind(Kind(REMOVED, Purpose.DECISION, _word_removed))


def tell(row: CrossLink, kind: str, *, to: Project, by: User) -> int:
    """The manager and the deputy of that side, in the caller's transaction; not who acts himself."""
    giver, waiter = labels_of([row])[row.pk]
    people = [person.user for person in (to.manager, to.deputy) if person is not None and person.user is not None]
    return notify.notify(
        users=[user for user in people if user != by],
        kind=kind,
        key=f"{kind}:{row.pk}",
        data={
            "by": by.full_name,
            "giver": row.predecessor_project.code,
            "given": giver,
            "waiter": row.successor_project.code,
            "waiting": waiter,
        },
        path=reverse("portfolio:plan_links", args=[to.code]),
    )


def _word_added(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("%(waiter)s attend %(giver)s : nouveau lien entre vos plans") % data,
        _("%(by)s a lié « %(waiting)s » de %(waiter)s à « %(given)s » de %(giver)s.") % data,
    )


def _word_removed(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("%(waiter)s n’attend plus %(giver)s : lien retiré") % data,
        _("%(by)s a retiré le lien de « %(given)s » de %(giver)s vers « %(waiting)s » de %(waiter)s.") % data,
    )
