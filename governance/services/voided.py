"""An edit of a request after its papers were given out: the votes it voids, and when it comes too late (S2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from governance.enums import Polling, SittingState
from governance.models import AgendaItem, DecisionRequest, Vote
from people.models import User
from people.services import audit

_COUNTED = (SittingState.IN_PROGRESS, SittingState.MINUTES_DRAFT, SittingState.APPROVED)
Update = Callable[..., DecisionRequest]


def voids_votes(update: Update) -> Update:
    """Refuse a change of what has been voted on; while a vote is open the database deletes the votes given.

    The journal then says how many, and the members vote again on new papers.
    """

    @wraps(update)
    def kept(*, request: DecisionRequest, by: User, changes: Mapping[str, Any], version: int) -> DecisionRequest:
        items = AgendaItem.objects.filter(request=request)
        if items.filter(polling=Polling.CLOSED, sitting__state__in=_COUNTED).exists():
            raise ValidationError(_("L’instance a voté sur cette demande : elle ne se modifie plus."))
        item = items.filter(polling=Polling.OPEN).select_related("sitting").first()
        given = Vote.objects.filter(item=item) if item is not None else Vote.objects.none()
        before = given.count()
        saved = update(request=request, by=by, changes=changes, version=version)
        if item is not None and (void := before - given.count()):
            audit.record(
                by=by, verb="session.votes_void", target=item.sitting, data={"item": item.title, "votes_void": void}
            )
        return saved

    return kept
