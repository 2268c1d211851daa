"""Page 3: the decisions asked of the committee, with their options and the cost of waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from config.web import formats
from config.web.languages import spoken
from governance.enums import BodyKind
from reporting.engines.edition import BodyFacts, Edition
from reporting.engines.edition_decisions import OptionFacts, RequestFacts
from reporting.sections.base import Mark, Page, listed, mark_of, sentence, shown, subtitle

SHORT, ROWS_AN_ASK = 3, 6


@dataclass(frozen=True, slots=True)
class Ask:
    """One decision; `position` is its number on the page and in the one-liners of page 5."""

    position: int
    number: str
    project: Mark | None
    body: str
    question: str
    needed_on: date
    amount: Decimal | None
    options: tuple[OptionFacts, ...]
    recommendation: str
    cost_of_waiting: str
    owner: str
    situation: str
    situation_language: str


@dataclass(frozen=True, slots=True)
class Decisions:
    asks: tuple[Ask, ...]
    elsewhere: tuple[Ask, ...]
    sitting: datetime | None
    body: str

    @property
    def is_short(self) -> bool:
        """Few enough decisions for larger type and lines to write on."""
        return len(self.asks) + len(self.elsewhere) / ROWS_AN_ASK <= SHORT


def executive_body(edition: Edition) -> BodyFacts | None:
    return next((body for body in edition.bodies if body.kind == BodyKind.EXECUTIVE), None)


def codir_requests(edition: Edition) -> tuple[RequestFacts, ...]:
    """The open requests before that body, in order; all of them where no such body is known."""
    executive = executive_body(edition)
    return tuple(item for item in edition.open_requests if executive is None or item.body == executive.code)


def build(edition: Edition, language: str) -> Page | None:
    executive = executive_body(edition)
    bodies = {body.code: shown(body.names, language) for body in edition.bodies}
    mine: list[Ask] = []
    elsewhere: list[Ask] = []
    for request in edition.open_requests:
        target = mine if executive is None or request.body == executive.code else elsewhere
        target.append(_ask(edition, request, len(target) + 1, bodies, language))
    if not mine and not elsewhere:
        return None
    body = Decisions(
        asks=tuple(mine),
        elsewhere=tuple(elsewhere),
        sitting=executive.sittings[0] if executive and executive.sittings else None,
        body=shown(executive.names, language) if executive else "",
    )
    return Page(
        key="decisions",
        name=gettext("Décisions demandées"),
        title=_title(mine, elsewhere),
        subtitle=_subtitle(edition, body),
        template="sections/decisions.html",
        body=body,
    )


def _ask(edition: Edition, request: RequestFacts, position: int, bodies: Mapping[str, str], language: str) -> Ask:
    project = edition.project(request.project)
    return Ask(
        position=position,
        number=request.number,
        project=mark_of(project, language) if project else None,
        body=bodies.get(request.body, request.body),
        question=request.question,
        needed_on=request.needed_on,
        amount=request.amount,
        options=request.options,
        recommendation=request.recommendation,
        cost_of_waiting=request.cost_of_waiting,
        owner=request.owner,
        situation=project.status.message if project and project.status else "",
        situation_language=project.status.language if project and project.status else language,
    )


def _title(mine: list[Ask], elsewhere: list[Ask]) -> str:
    if not mine:
        count = len(elsewhere)
        return ngettext(
            "Aucune décision demandée au CODIR ; %(n)d devant une autre instance",
            "Aucune décision demandée au CODIR ; %(n)d devant d’autres instances",
            count,
        ) % {"n": count}
    parts = [ngettext("%(n)d décision demandée", "%(n)d décisions demandées", len(mine)) % {"n": len(mine)}]
    amount = sum((ask.amount for ask in mine if ask.amount is not None), Decimal(0))
    if amount:
        parts[0] += gettext(" pour %(amount)s") % {"amount": formats.keuro(amount)}
    codes = list(dict.fromkeys(ask.project.code for ask in mine if ask.project))
    if 0 < len(codes) <= 5:
        parts.append(listed(codes))
    return sentence(parts, separator=gettext(" : "))


def _subtitle(edition: Edition, body: Decisions) -> str:
    parts = [gettext("Pour décision"), spoken(body.body)]
    if body.sitting:
        parts.append(gettext("séance du %(date)s") % {"date": formats.date_long(body.sitting)})
    return subtitle(edition, *parts)
