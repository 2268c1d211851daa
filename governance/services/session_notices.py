"""What members are told of their sessions: the words of each notice, and its page.

What changes a calendar is mailed with its calendar entry (`services/invitation.py`), not a second time from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.web import formats
from governance.enums import SeatRole, Verdict
from governance.models import Sitting
from governance.selectors.voters import seats_of
from people.enums import Purpose
from people.services import notify
from people.services.notify import Kind, Wording


def register() -> None:
    notify.register_kind(Kind("session_convened", Purpose.DECISION, _word_convened, mailed=False))
    notify.register_kind(Kind("session_moved", Purpose.DECISION, _word_moved, mailed=False))
    notify.register_kind(Kind("session_cancelled", Purpose.DECISION, _word_cancelled, mailed=False))
    notify.register_kind(Kind("session_written_over", Purpose.DECISION, _word_written_over))
    notify.register_kind(Kind("session_minutes", Purpose.DECISION, _word_minutes))


def tell_members(*, sitting: Sitting, kind: str) -> int:
    """One notice per member with an account and revision of the session, in the caller's transaction."""
    users = [seat.person.user for seat in seats_of(sitting) if seat.person.user is not None]
    return notify.notify(
        users=users,
        kind=f"session_{kind}",
        key=f"session_{kind}:{sitting.pk}:{sitting.revision}",
        data={
            "body": sitting.body.name_fr,
            "starts_at": sitting.starts_at.isoformat(),
            "place": sitting.place,
            "items": sitting.items.count(),
            "reason": sitting.reason,
        },
        path=sitting.get_absolute_url(),
    )


def tell_keepers(*, sitting: Sitting) -> int:
    """The secretary and the chair learn that a written procedure is over; its minutes are theirs to finish."""
    keepers = [seat.person.user for seat in seats_of(sitting) if seat.role in (SeatRole.SECRETARY, SeatRole.CHAIR)]
    item = sitting.items.get()
    return notify.notify(
        users=[user for user in keepers if user is not None],
        kind="session_written_over",
        key=f"session_written_over:{sitting.pk}",
        data={"body": sitting.body.name_fr, "verdict": item.verdict, "title": item.title},
        path=sitting.get_absolute_url(),
    )


def _when(data: Mapping[str, Any]) -> str:
    return formats.datetime_short(datetime.fromisoformat(data["starts_at"]))


def _word_convened(data: Mapping[str, Any]) -> Wording:
    agenda = ngettext(
        "%(items)s point à l’ordre du jour. %(place)s",
        "%(items)s points à l’ordre du jour. %(place)s",
        int(data["items"]),
    )
    return Wording(
        _("%(body)s : séance du %(when)s") % {"body": data["body"], "when": _when(data)},
        agenda % {"items": data["items"], "place": data["place"]},
    )


def _word_moved(data: Mapping[str, Any]) -> Wording:
    title = _("%(body)s : séance déplacée au %(when)s") % {"body": data["body"], "when": _when(data)}
    return Wording(title, data["place"])


def _word_cancelled(data: Mapping[str, Any]) -> Wording:
    title = _("%(body)s : la séance du %(when)s est annulée") % {"body": data["body"], "when": _when(data)}
    return Wording(title, data["reason"])


def _word_minutes(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("%(body)s : décisions de la séance du %(when)s") % {"body": data["body"], "when": _when(data)},
        _("Le procès-verbal est approuvé et les décisions sont au registre."),
    )


def _word_written_over(data: Mapping[str, Any]) -> Wording:
    words = {"body": data["body"], "verdict": Verdict(data["verdict"]).label}
    return Wording(_("%(body)s : procédure écrite close, %(verdict)s") % words, data["title"])
