"""What was decided before: the decisions of the last days, and the conditions and actions they still ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from config.web.languages import Worded
from governance.enums import EffectKind, OutcomeKind
from reporting.engines.edition import Edition
from reporting.engines.edition_decisions import DecisionFacts, FollowUpFacts
from reporting.sections.base import Mark, Page, mark_of, quantity, sentence, shown, subtitle

OWED_SHOWN, TAKEN_SHOWN = 12, 6
ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Owed:
    """A condition or an action nobody has closed; `state` is `late`, `submitted` or `open`."""

    decision: str
    body: Worded
    project: Mark | None
    kind: str
    text: str
    owner: str
    due: date
    days_late: int
    state: str


@dataclass(frozen=True, slots=True)
class Taken:
    number: str
    body: Worded
    project: Mark | None
    text: str
    taken_on: date
    adopted: bool
    effects: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    owed: tuple[Owed, ...]
    owed_more: int
    taken: tuple[Taken, ...]
    taken_more: int
    met: int


def build(edition: Edition, language: str) -> Page | None:
    if not edition.decisions and not edition.follow_ups:
        return None
    bodies = {body.code: shown(body.names, language) for body in edition.bodies}
    today = edition.today
    waiting = [row for row in edition.follow_ups if row.is_open]
    waiting.sort(key=lambda row: (-row.days_late(today), row.due, row.number))
    return Page(
        key="follow_up",
        name=gettext("Suivi des décisions"),
        title=_title(edition, waiting, today),
        subtitle=subtitle(
            edition, gettext("Conditions et actions encore dues, puis décisions des quatorze derniers jours")
        ),
        template="sections/follow_up.html",
        body=FollowUp(
            owed=tuple(_owed(edition, row, bodies, language) for row in waiting[:OWED_SHOWN]),
            owed_more=max(0, len(waiting) - OWED_SHOWN),
            taken=tuple(_taken(edition, row, bodies, language) for row in edition.decisions[:TAKEN_SHOWN]),
            taken_more=max(0, len(edition.decisions) - TAKEN_SHOWN),
            met=sum(row.state == "met" for row in edition.follow_ups),
        ),
    )


def _owed(edition: Edition, row: FollowUpFacts, bodies: Mapping[str, Worded], language: str) -> Owed:
    late = row.days_late(edition.today)
    return Owed(
        decision=row.decision,
        body=bodies.get(row.body, Worded(row.body, language)),
        project=_mark(edition, row.project, language),
        kind=str(OutcomeKind(row.kind).label),
        text=row.text,
        owner=row.owner,
        due=row.due,
        days_late=late,
        state="late" if late else row.state,
    )


def _taken(edition: Edition, row: DecisionFacts, bodies: Mapping[str, Worded], language: str) -> Taken:
    return Taken(
        number=row.number,
        body=bodies.get(row.body, Worded(row.body, language)),
        project=_mark(edition, row.project, language),
        text=row.text,
        taken_on=row.taken_on,
        adopted=row.verdict == ADOPTED,
        effects=tuple((str(EffectKind(effect.kind).label), effect.before, effect.after) for effect in row.effects),
    )


def _mark(edition: Edition, code: str, language: str) -> Mark | None:
    project = edition.project(code)
    return mark_of(project, language) if project else None


def _title(edition: Edition, waiting: list[FollowUpFacts], today: date) -> str:
    if not waiting:
        count = len(edition.decisions)
        return ngettext(
            "%(n)d décision prise, rien n’en reste à faire", "%(n)d décisions prises, rien n’en reste à faire", count
        ) % {"n": count}
    late = sum(row.days_late(today) > 0 for row in waiting)
    parts = [
        ngettext("%(n)d suite de décision reste due", "%(n)d suites de décisions restent dues", len(waiting))
        % {"n": len(waiting)},
        ngettext("%(n)d en retard", "%(n)d en retard", quantity(late)) % {"n": late}
        if late
        else gettext("aucune en retard"),
    ]
    if taken := len(edition.decisions):
        parts.append(ngettext("%(n)d décision prise", "%(n)d décisions prises", taken) % {"n": taken})
    return sentence(parts)
