"""The two sentences of a triage row: why this project, and what is asked of whom by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from config.web import formats
from config.web.languages import own_words
from portfolio.engines.verdict import Rule, Verdict, worst_verdict
from portfolio.engines.verdict_codec import decode_verdict
from portfolio.enums import DimensionChoice
from portfolio.selectors.wording import dimension_word, fact_text, silence_text


@dataclass(frozen=True, slots=True)
class Facts:
    """What the two sentences are made from."""

    state: str
    computed: Mapping[str, Any]
    last_status_on: date | None
    message: str
    milestone: str
    milestone_on: date | None
    manager: str
    request_number: str
    request_question: str
    request_body: str
    request_on: date | None
    exception_number: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the home page: it is the director's intervention, and only some may open the chase list."""

    is_director: bool
    may_chase: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: a verb, the rest (`Worded` where it is a request's), by when, and the one action."""

    verb: str
    rest: str
    due: str
    action: str
    url: str


def why_of(facts: Facts, today: date) -> str:
    """One measured fact: the silence, else the gravest measured rule, else what the manager wrote if it may be read."""
    gravest = worst_verdict(_verdicts(facts.computed))
    if facts.state == "stale" and facts.last_status_on is not None:
        silence = silence_text((today - facts.last_status_on).days).rstrip(".")
        if facts.milestone and facts.milestone_on:
            return _("%(silence)s ; jalon « %(name)s » le %(day)s") % {
                "silence": silence,
                "name": facts.milestone,
                "day": formats.date_day(facts.milestone_on),
            }
        return silence
    if gravest is not None and gravest.rag in ("amber", "red"):
        return fact_text(gravest)
    return facts.message or silence_text(None).rstrip(".")


def ask_of(facts: Facts, reader: Reader) -> Ask:
    """The open request if there is one, else what the state itself asks for; the reader may follow the action."""
    if facts.request_number:
        verb, _space, rest = facts.request_question.partition(" ")
        return Ask(
            verb=verb,
            rest=own_words(rest),
            due=_("%(body)s %(day)s") % {"body": facts.request_body, "day": _day(facts.request_on)},
            action=_("Préparer la décision") if reader.is_director else _("Voir la demande"),
            url=reverse("governance:request", args=[facts.request_number]),
        )
    if not facts.manager:
        return Ask(_("Nommer"), _("un chef de projet"), _("à convenir"), _("Ouvrir le registre"), _register())
    if facts.state == "stale":
        return Ask(
            verb=_("Relancer"),
            rest=facts.manager,
            due=_("aujourd’hui"),
            action=_("Voir les silencieux") if reader.may_chase else _("Voir les périmés"),
            url=reverse("reporting:late") if reader.may_chase else f"{_register()}?preset=stale",
        )
    if facts.exception_number:
        return Ask(
            verb=_("Demander"),
            rest=_("le rapport d’exception %(number)s") % {"number": facts.exception_number},
            due=_("cette semaine"),
            action=_("Voir l’exception"),
            url=reverse("governance:exception", args=[facts.exception_number]),
        )
    return Ask(
        verb=_("Demander"),
        rest=_("un rapport d’exception"),
        due=_("cette semaine"),
        action=_("Ouvrir les alertes"),
        url=f"{_register()}?preset=alert",
    )


def changed_dimension(state: str, declared: Mapping[str, str], previous: Mapping[str, str]) -> str:
    """The first dimension whose declaration moved; for a silent project, that it is silent."""
    if state == "stale":
        return _("sans statut")
    moved = [name for name in DimensionChoice.values if declared.get(name) != previous.get(name)]
    return dimension_word(moved[0]) if moved and previous else ""


def _verdicts(computed: Mapping[str, Any]) -> list[Verdict]:
    raw = computed.get("dimensions", {})
    verdicts = [decode_verdict(one) for one in raw.values()]
    return [verdict for verdict in verdicts if verdict.rule is not Rule.WORST_DIMENSION]


def _day(day: date | None) -> str:
    return formats.date_day(day)


def _register() -> str:
    return reverse("portfolio:register")


def headline(count: int, *, is_director: bool, silent: int = 0) -> str:
    """The answer of the page in one sentence; `silent` projects when nobody has ever reported."""
    if silent:
        return ngettext(
            "%(count)d projet, et pas encore de statut",
            "%(count)d projets, et pas encore de statut",
            silent,
        ) % {"count": silent}
    if not count:
        return (
            _("Aucun projet ne demande votre intervention") if is_director else _("Aucun projet n’appelle de décision")
        )
    if not is_director:
        return ngettext(
            "%(count)s projet appelle une décision ou une relance",
            "%(count)s projets appellent une décision ou une relance",
            count,
        ) % {"count": _in_words(count)}
    return ngettext(
        "%(count)s projet demande votre intervention", "%(count)s projets demandent votre intervention", count
    ) % {"count": _in_words(count)}


def _in_words(count: int) -> str:
    """Up to nine in words, as in prose."""
    words = (
        pgettext("nombre de projets", "Un"),
        pgettext("nombre de projets", "Deux"),
        pgettext("nombre de projets", "Trois"),
        pgettext("nombre de projets", "Quatre"),
        pgettext("nombre de projets", "Cinq"),
        pgettext("nombre de projets", "Six"),
        pgettext("nombre de projets", "Sept"),
        pgettext("nombre de projets", "Huit"),
        pgettext("nombre de projets", "Neuf"),
    )
    return words[count - 1] if count <= len(words) else str(count)
