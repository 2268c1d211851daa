"""What people are told of issues: the words of each notice, and its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from config.web import formats
from governance.enums import ChangeAnswer, ChangeState
from governance.models import Change, ChangeAction, ChangeRuling
from people.enums import Purpose
from people.models import Person, User
from people.services import notify
from people.services.notify import Kind, Wording


def register() -> None:
    notify.register_kind(Kind("change_to_answer", Purpose.DECISION, _word_to_answer))
    notify.register_kind(Kind("change_answered", Purpose.DECISION, _word_answered))
    notify.register_kind(Kind("change_late", Purpose.DECISION, _word_late))
    notify.register_kind(Kind("change_escalated", Purpose.ESCALATION, _word_late))
    notify.register_kind(Kind("change_expired", Purpose.DECISION, _word_expired))
    notify.register_kind(Kind("change_action_late", Purpose.DECISION, _word_action))


def tell_to_answer(change: Change, person: Person | None) -> int:
    """The change authority learns that an issue waits for its answer."""
    key = f"change_to_answer:{change.pk}:{change.version}"
    return _tell([person], "change_to_answer", key, change)


def tell_answered(ruling: ChangeRuling) -> int:
    """Author, owner and project manager learn the answer."""
    change = ruling.change
    people = [change.author, change.owner, change.project.manager]
    data = {"answer": ruling.answer, "reason": ruling.reason}
    return _tell(people, "change_answered", f"change_answered:{ruling.pk}", change, data)


def tell_late(change: Change, *, kind: str, users: Iterable[User]) -> int:
    """Once per step that is overdue: to whoever carries it, or one level up."""
    key = f"{kind}:{change.pk}:{change.state}:{change.due_on}"
    return notify.notify(users=users, kind=kind, key=key, data=_data(change), path=change.get_absolute_url())


def tell_expired(change: Change) -> int:
    key = f"change_expired:{change.pk}:{change.version}"
    return _tell([change.owner, change.project.manager], "change_expired", key, change)


def tell_action_late(action: ChangeAction) -> int:
    data = {"action": action.text, "due": action.due.isoformat()}
    key = f"change_action_late:{action.pk}:{action.due}"
    return _tell([action.owner], "change_action_late", key, action.change, data)


def _tell(
    people: Iterable[Person | None], kind: str, key: str, change: Change, data: Mapping[str, Any] | None = None
) -> int:
    users = [person.user for person in people if person is not None and person.user is not None]
    return notify.notify(
        users=users, kind=kind, key=key, data={**_data(change), **(data or {})}, path=change.get_absolute_url()
    )


def _data(change: Change) -> dict[str, Any]:
    return {
        "number": change.number,
        "title": change.title,
        "state": change.state,
        "severity": change.severity,
        "due": change.due_on.isoformat() if change.due_on else "",
    }


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    due = formats.date_short(date.fromisoformat(data["due"])) if data.get("due") else ""
    return {**data, "due": due, "state": ChangeState(data["state"]).label}


def _word_to_answer(data: Mapping[str, Any]) -> Wording:
    values = _values(data)
    return Wording(
        _("%(number)s attend votre réponse d’autorité de changement") % values,
        _("%(title)s. Gravité %(severity)s, à décider pour le %(due)s.") % values,
    )


def _word_answered(data: Mapping[str, Any]) -> Wording:
    title = _("%(number)s : %(answer)s") % {
        "number": data["number"],
        "answer": str(ChangeAnswer(data["answer"]).label).lower(),
    }
    return Wording(title, f"{data['title']}. {data['reason']}")


def _word_late(data: Mapping[str, Any]) -> Wording:
    values = _values(data)
    return Wording(
        _("%(number)s a dépassé son délai du %(due)s") % values,
        _("%(title)s. État : %(state)s, gravité %(severity)s.") % values,
    )


def _word_expired(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("La concession de %(number)s est échue") % data, _("%(title)s. Elle est de nouveau à évaluer.") % data
    )


def _word_action(data: Mapping[str, Any]) -> Wording:
    values = _values(data)
    return Wording(_("Une action de %(number)s est en retard") % values, _("%(action)s, due le %(due)s.") % values)
