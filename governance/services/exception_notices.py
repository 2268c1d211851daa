"""What people are told of exceptions: raised, late, answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from config.web import formats
from governance.enums import ExceptionAnswer
from governance.models import ProjectException
from people.enums import Purpose, Role
from people.models import Person, User
from people.selectors.holders import holders_of
from people.services import notify
from people.services.notify import Kind, Wording
from portfolio.enums import TargetChoice

RAISED, DUE, LATE, ANSWERED = "exception_raised", "exception_due", "exception_late", "exception_answered"


def register() -> None:
    notify.register_kind(Kind(RAISED, Purpose.ESCALATION, _word_raised))
    notify.register_kind(Kind(DUE, Purpose.ESCALATION, _word_due))
    notify.register_kind(Kind(LATE, Purpose.ESCALATION, _word_late))
    notify.register_kind(Kind(ANSWERED, Purpose.DECISION, _word_answered))


def tell_raised(row: ProjectException) -> int:
    """The project manager, whose turn it is."""
    return _tell(row, RAISED, accounts(row.project.manager), key=RAISED)


def tell_due(row: ProjectException) -> int:
    """The project manager, the day before and on the day."""
    return _tell(row, DUE, accounts(row.project.manager, row.project.deputy), key=f"{DUE}:{row.due_on}")


def tell_late(row: ProjectException) -> int:
    """One level up: the executive, the programme manager and the project office."""
    programme = row.project.programme
    above = accounts(row.project.sponsor, programme.manager if programme is not None else None)
    return _tell(row, LATE, [*above, *holders_of(Role.PSO)], key=f"{LATE}:{row.due_on}")


def tell_answered(row: ProjectException) -> int:
    return _tell(row, ANSWERED, accounts(row.project.manager), key=f"{ANSWERED}:{row.version}")


def accounts(*people: Person | None) -> list[User]:
    return [person.user for person in people if person is not None and person.user is not None]


def _tell(row: ProjectException, kind: str, users: Iterable[User], *, key: str) -> int:
    return notify.notify(
        users=users,
        kind=kind,
        key=f"{key}:{row.number}",
        data={
            "number": row.number,
            "code": row.project.code,
            "targets": sorted(row.breaches),
            "due": row.due_on.isoformat() if row.due_on else "",
            "answer": row.answer,
            "state": row.state,
        },
        path=row.get_absolute_url(),
    )


def _spoken(data: Mapping[str, Any]) -> dict[str, str]:
    labels = [str(TargetChoice(target).label) for target in data["targets"]]
    due = data["due"]
    return {
        "number": data["number"],
        "code": data["code"],
        "targets": ", ".join(labels),
        "due": formats.date_short(date.fromisoformat(due)) if due else "",
        "answer": str(ExceptionAnswer(data["answer"]).label) if data["answer"] else "",
    }


def _word_raised(data: Mapping[str, Any]) -> Wording:
    values = _spoken(data)
    return Wording(
        _("Exception %(number)s : %(targets)s hors tolérance") % values,
        _("La prévision de %(code)s sort de la tolérance. Votre rapport d’exception est attendu le %(due)s.") % values,
    )


def _word_due(data: Mapping[str, Any]) -> Wording:
    values = _spoken(data)
    return Wording(
        _("Exception %(number)s : à traiter pour le %(due)s") % values,
        _("%(code)s, %(targets)s : c’est votre tour.") % values,
    )


def _word_late(data: Mapping[str, Any]) -> Wording:
    values = _spoken(data)
    return Wording(
        _("Exception %(number)s : l’échéance du %(due)s est passée") % values,
        _("%(code)s, %(targets)s : rien n’a été remis ; l’exception vous est signalée.") % values,
    )


def _word_answered(data: Mapping[str, Any]) -> Wording:
    values = _spoken(data)
    if not values["answer"]:
        return Wording(_("Exception %(number)s : elle vous revient") % values)
    return Wording(_("Exception %(number)s : %(answer)s") % values)
