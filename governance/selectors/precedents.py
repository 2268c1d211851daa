"""Precedents: what bodies decided before on something like it, and why it is like it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from governance.models import Decision, DecisionRequest
from governance.selectors.decision import SEARCH_CONFIG, decision_text, visible_decisions
from people.models import User
from portfolio.models import Project

SHOWN = 5
WORDS = 12
ENOUGH = 2.0
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Precedent:
    """A decision the reader may read, and what it has in common."""

    decision: Decision
    why: str


def precedents_of_request(user: User, request: DecisionRequest) -> list[Precedent]:
    rows = visible_decisions(user).exclude(request=request)
    return _closest(rows, request.question, request.kind, request.body_id, request.project)


def precedents_of_decision(user: User, decision: Decision) -> list[Precedent]:
    rows = visible_decisions(user).exclude(pk=decision.pk)
    if decision.supersedes_id is not None:
        rows = rows.exclude(pk=decision.supersedes_id)
    words = f"{decision.question} {decision.text}"
    return _closest(rows, words, decision.kind, decision.body_id, decision.project)


def _closest(rows: QuerySet[Decision], text: str, kind: str, body_id: int, project: Project | None) -> list[Precedent]:
    """The same matter weighs 2, the same body 1, the same axis and method 1, common words as much as they rank.

    Neither the body nor the kind of project alone makes a precedent.
    """
    query = any_word(text)
    found = rows.annotate(
        words=SearchRank(decision_text(), query) * 4 if query is not None else Value(0.0, output_field=FloatField()),
        points=_point(Q(kind=kind) & ~Q(kind=""), 2.0)
        + _point(Q(body=body_id), 1.0)
        + (_point(Q(project__axis=project.axis_id, project__method=project.method), 1.0) if project else _zero()),
    ).annotate(score=F("words") + F("points"))
    alike = Q(kind=kind) & ~Q(kind="") | Q(words__gt=0)
    best = found.filter(alike, score__gte=ENOUGH).order_by("-score", "-taken_on", "number")[:SHOWN]
    return [Precedent(row, _why(row, kind, body_id, project)) for row in best]


def any_word(text: str) -> SearchQuery | None:
    """Any of the longer words of a text; None where it has none."""
    query: SearchQuery | None = None
    for word in list(dict.fromkeys(_WORD.findall(text.lower())))[:WORDS]:
        one = SearchQuery(word, config=SEARCH_CONFIG)
        query = one if query is None else query | one
    return query


def _why(row: Decision, kind: str, body_id: int, project: Project | None) -> str:
    same_kind = (
        project is not None
        and row.project is not None
        and (row.project.axis_id, row.project.method) == (project.axis_id, project.method)
    )
    reasons = [
        (bool(kind) and row.kind == kind, _("même matière")),
        (row.body_id == body_id, _("même instance")),
        (same_kind, _("même type de projet")),
        (row.words > 0, _("mots communs")),  # type: ignore[attr-defined]
    ]
    return ", ".join(words for holds, words in reasons if holds)


def _point(condition: Q, weight: float) -> Case:
    return Case(When(condition, then=Value(weight)), default=Value(0.0), output_field=FloatField())


def _zero() -> Value:
    return Value(0.0, output_field=FloatField())
