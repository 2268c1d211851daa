"""Who decides what: the lowest competent body for a request on a day, and why not the ones below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.web import formats
from governance.engines.mandate import Competence, Level, MandateFacts, PassedOver, Reason, competent_body
from governance.enums import Subject, ToleranceLevel
from governance.models import Body, DecisionRequest, Mandate
from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.models import Project

REASONS = {
    Reason.WITHIN_LIMIT: gettext_lazy("le montant est dans sa limite"),
    Reason.UNLIMITED: gettext_lazy("son mandat est sans limite de montant"),
    Reason.ABOVE_LIMIT: gettext_lazy("le montant dépasse sa limite"),
    Reason.AMOUNT_UNKNOWN: gettext_lazy("sans montant connu, une limite ne suffit pas"),
    Reason.BEYOND_TOLERANCE: gettext_lazy("la tolérance en jeu dépasse celle de son mandat"),
    Reason.DELEGATION_ENDED: gettext_lazy("l’instance qui délègue n’a plus ce mandat"),
    Reason.NO_MANDATE: gettext_lazy("aucune instance n’a ce mandat ce jour-là"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One body on the way up: it decides, or it is passed over for `why`."""

    body: Body
    why: str
    limit: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The competent body, or none; `steps` from the lowest body tried to the one that decides."""

    body: Body | None
    why: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """One subject, and the bodies that decide on it from the lowest up, each with how far."""

    subject: str
    steps: tuple[Step, ...]


def mandate_ladders(user: User, on: date) -> tuple[Ladder, ...]:
    """Every subject with the mandates in force that day, whatever project a body is for."""
    if not has_permission(user, Permission.BODY_VIEW):
        return ()
    rows = Mandate.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), body__active=True, valid_from__lte=on)
    found = list(rows.select_related("body", "delegated_by").order_by("body__level", "amount_max", "body__code"))
    facts = dict(zip([row.pk for row in found], _facts(found), strict=True))
    steps = [(row.kind, Step(row.body, row.subject, _limit(facts[row.pk]), decides=True)) for row in found]
    ladders = (Ladder(str(label), tuple(step for of, step in steps if of == value)) for value, label in Subject.choices)
    return tuple(ladder for ladder in ladders if ladder.steps)


def who_decides(
    user: User, *, kind: str, amount: Decimal | None, on: date, level: int | None = None, project: Project | None = None
) -> Answer | None:
    """The answer for a request as described; None without the right to consult the bodies."""
    if not has_permission(user, Permission.BODY_VIEW):
        return None
    return decide(kind=kind, amount=amount, on=on, level=level, project=project)


def competence_of(request: DecisionRequest, on: date) -> Answer:
    """Who is competent for this request on that day, whatever body it was sent to."""
    return decide(kind=request.kind, amount=request.amount, on=on, level=request.level, project=request.project)


def decide(*, kind: str, amount: Decimal | None, on: date, level: int | None, project: Project | None) -> Answer:
    mandates = list(_in_reach(project).filter(kind=kind).select_related("body", "delegated_by"))
    bodies = {mandate.body.code: mandate.body for mandate in mandates}
    answer = competent_body(kind, amount, on, _facts(mandates), Level(level) if level else None)
    body = bodies[answer.body] if answer.body is not None else None
    return Answer(body=body, why=str(REASONS[answer.reason]), steps=_steps(answer, bodies))


def _steps(answer: Competence, bodies: dict[str, Body]) -> tuple[Step, ...]:
    tried = list(answer.passed_over)
    if answer.mandate is not None:
        tried.append(PassedOver(answer.mandate, answer.reason))
    return tuple(
        Step(
            body=bodies[item.mandate.body],
            why=str(REASONS[item.reason]),
            limit=_limit(item.mandate),
            decides=item.mandate is answer.mandate,
        )
        for item in tried
    )


def _limit(mandate: MandateFacts) -> str:
    parts = [_("sans limite") if mandate.limit is None else _("jusqu’à %(amount)s") % {"amount": _euro(mandate.limit)}]
    if mandate.level is not None:
        parts.append(_("tolérance %(level)s") % {"level": ToleranceLevel(mandate.level).label})
    return " · ".join(parts)


def _euro(amount: Decimal) -> str:
    return str(formats.euro(amount))


def _in_reach(project: Project | None) -> QuerySet[Mandate]:
    """The mandates of active bodies that cover the project: its own, its programme's, the portfolio's."""
    reach = Q(body__programme__isnull=True, body__project__isnull=True)
    if project is not None:
        reach |= Q(body__project=project)
        if project.programme_id is not None:
            reach |= Q(body__programme=project.programme_id)
    return Mandate.objects.filter(reach, body__active=True)


def _facts(mandates: Iterable[Mandate]) -> list[MandateFacts]:
    return [
        MandateFacts(
            body=mandate.body.code,
            rank=mandate.body.level,
            kind=mandate.kind,
            limit=mandate.amount_max,
            valid_from=mandate.valid_from,
            valid_to=mandate.valid_to,
            limit_inclusive=mandate.limit_inclusive,
            level=Level(mandate.level) if mandate.level else None,
            delegated_by=mandate.delegated_by.code if mandate.delegated_by else None,
        )
        for mandate in mandates
    ]
