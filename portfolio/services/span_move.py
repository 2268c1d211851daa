"""Propose another end to who leads a project: he is told, nothing is written to the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from config.web import formats
from people.enums import Purpose
from people.models.user import User
from people.services import audit, notify
from people.services.notify import Kind, Wording
from portfolio.models.project import Project

PROPOSED = "span_move_proposed"


def register() -> None:
    notify.register_kind(Kind(PROPOSED, Purpose.DECISION, _word_proposed))


@transaction.atomic
def propose_span_move(*, project: Project, end: date, new_end: date, reason: str, by: User) -> int:
    """How many people were told; the audit entry keeps both days and the reason."""
    data = {"project": project.code, "end": [end.isoformat(), new_end.isoformat()], "reason": reason}
    entry = audit.record(by=by, verb="project.move_proposed", target=project, data=data)
    people = [person.user for person in (project.manager, project.deputy) if person is not None]
    return notify.notify(
        users=[user for user in people if user is not None and user != by],
        kind=PROPOSED,
        key=f"{PROPOSED}:{entry.number}",
        data={
            "by": by.full_name,
            "code": project.code,
            "was": end.isoformat(),
            "end": new_end.isoformat(),
            "reason": reason,
        },
        path=f"{reverse('portfolio:span_move', args=[project.code])}?end={new_end.isoformat()}",
    )


def _word_proposed(data: Mapping[str, Any]) -> Wording:
    days = {name: formats.date_short(date.fromisoformat(str(data[name]))) for name in ("was", "end")}
    return Wording(
        _("%(code)s : on vous propose de finir le %(end)s") % {**data, **days},
        _("%(by)s propose la fin du %(end)s au lieu du %(was)s : %(reason)s") % {**data, **days},
    )
