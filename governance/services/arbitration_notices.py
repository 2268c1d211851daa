"""What people are told of an arbitration: the words of each notice, and its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from config.web import formats
from governance.models import Arbitration, ArbitrationStep
from governance.selectors.arbitration import who_may_know
from people.enums import Purpose, Role
from people.models import User
from people.selectors.holders import holders_of
from people.services import notify
from people.services.notify import Kind, Wording

REQUESTED, ANALYSE, DECIDED, REJECTED, OVERDUE = (
    "arbitration_requested",
    "arbitration_analyse",
    "arbitration_decided",
    "arbitration_rejected",
    "arbitration_overdue",
)


def register() -> None:
    for name, purpose, word in (
        (REQUESTED, Purpose.DECISION, _word_requested),
        (ANALYSE, Purpose.DECISION, _word_analyse),
        (DECIDED, Purpose.DECISION, _word_decided),
        (REJECTED, Purpose.DECISION, _word_rejected),
        (OVERDUE, Purpose.ESCALATION, _word_overdue),
    ):
        notify.register_kind(Kind(name, purpose, word))


def tell_judges(row: Arbitration) -> int:
    """The PSO has the ball."""
    return _tell(REQUESTED, row, holders_of(Role.PSO))


def tell_analyst(row: Arbitration) -> int:
    return _tell(ANALYSE, row, [row.analyst.user] if row.analyst is not None else [])


def tell_concerned(row: Arbitration, what: str) -> int:
    """Every manager of a project or programme concerned, and who asked, once per step."""
    people = [row.requested_by]
    for item in row.concerned.select_related("project__manager__user", "project__programme__manager__user"):
        people.append(item.project.manager)
        people.append(item.project.programme.manager if item.project.programme is not None else None)
    retained = row.retained.label if row.retained is not None else ""
    users = [person.user for person in people if person is not None]
    return _tell(f"arbitration_{what}", row, users, retained=retained, reason=row.reason)


def tell_overdue(step: ArbitrationStep, users: Iterable[User | None], to: str) -> int:
    due = step.due_on.isoformat() if step.due_on else ""
    return _tell(OVERDUE, step.arbitration, users, due=due, to=to, state=str(step.state))


def _tell(kind: str, row: Arbitration, users: Iterable[User | None], **data: str) -> int:
    step = row.steps.order_by("-pk").values_list("pk", flat=True).first()
    accounts = list({user.pk: user for user in users if user is not None}.values())
    return notify.notify(
        users=who_may_know(row, accounts),
        kind=kind,
        key=f"{kind}:{row.pk}:{step}",
        data={"number": row.number, "question": row.question, **data},
        path=row.get_absolute_url(),
    )


def _word_requested(data: Mapping[str, Any]) -> Wording:
    return Wording(_("Arbitrage %(number)s : jugez sa recevabilité") % data, data["question"])


def _word_analyse(data: Mapping[str, Any]) -> Wording:
    return Wording(_("Arbitrage %(number)s : vous en faites l’analyse") % data, data["question"])


def _word_decided(data: Mapping[str, Any]) -> Wording:
    return Wording(
        _("Arbitrage %(number)s : %(retained)s") % data,
        _("%(question)s – option retenue : %(retained)s.") % data,
    )


def _word_rejected(data: Mapping[str, Any]) -> Wording:
    return Wording(_("Arbitrage %(number)s : irrecevable") % data, _("%(question)s – motif : %(reason)s") % data)


def _word_overdue(data: Mapping[str, Any]) -> Wording:
    day = formats.date_short(date.fromisoformat(data["due"])) if data["due"] else "—"
    return Wording(
        _("Arbitrage %(number)s : échéance passée") % data,
        _("%(question)s – l’étape devait être faite pour le %(day)s ; elle monte à %(to)s.") % {**data, "day": day},
    )
