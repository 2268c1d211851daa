"""What a pack says where a typed text could not be printed: which project, which field, what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from reporting.engines.edition import DIMENSIONS, Edition
from reporting.engines.fragment import ALL, Fragment
from reporting.sections.base import Page, dimension_name, listed

Withheld = Mapping[str, Collection[str]]
DIRECTOR_MESSAGE = "choices.director_message"


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One typed text as the proof prints it."""

    text: str
    is_rich: bool


def placeholder() -> str:
    return gettext("« non rendu »")


def notice(code: str, paths: Collection[str]) -> str:
    """The sentence of the box, for one piece of the pack."""
    fields = listed([field_word(path) for path in sorted(paths)])
    if not code:
        return gettext(
            "Non rendu : %(fields)s. Ce texte reste dans l’application ; raccourcissez-le ou retapez-le, "
            "puis demandez une rectification du pack."
        ) % {"fields": fields}
    return gettext(
        "Non rendu, projet %(code)s : %(fields)s. Ce texte reste dans l’application ; le chef de projet le raccourcit "
        "ou le retape, puis le PSO rectifie le pack."
    ) % {"code": code, "fields": fields}


def notices(edition: Edition, withheld: Withheld) -> tuple[str, ...]:
    """All boxes of a cut, what belongs to no project first, then by project in the order of the pack."""
    order = ["", *(row.code for row in edition.projects)]
    return tuple(notice(code, withheld[code]) for code in order if code in withheld)


def proof_page(fragment: Fragment, position: int) -> Page:
    """Every text of one piece in a narrow column, as the cells of the pack would print it."""
    rows = tuple(TypedRow(item.text, item.path == DIRECTOR_MESSAGE) for item in fragment.texts)
    name = fragment.code or "CODIR"
    return Page(
        key=f"proof-{position}",
        name=name,
        title=name,
        subtitle="",
        template="sections/proof.html",
        body=rows,
        bookmark=name,
    )


def field_word(path: str) -> str:
    """A typed text as its form calls it."""
    if path == ALL:
        return gettext("tous les textes")
    first, *rest = path.split(".")
    last = rest[-1] if rest else first
    if first == "status":
        return _status_word(rest)
    if first in ("axes", "programmes", "bodies"):
        return gettext("nom de %(code)s") % {"code": rest[0]}
    if first == "requests":
        return gettext("demande %(number)s") % {"number": rest[0]}
    if first == "milestones":
        return gettext("jalon %(number)s") % {"number": int(rest[0]) + 1}
    if first == "risks":
        return gettext("risque R%(number)s : %(field)s") % {"number": rest[0], "field": _risk_word(last)}
    return _plain_word(first, last)


def _status_word(rest: list[str]) -> str:
    if rest[0] in ("causes", "reasons"):
        words = {"causes": gettext("cause : %(dimension)s"), "reasons": gettext("raison : %(dimension)s")}
        dimension = dimension_name(rest[1]) if rest[1] in DIMENSIONS else gettext("ensemble")
        return words[rest[0]] % {"dimension": dimension}
    words = {
        "message": gettext("message au CODIR"),
        "ask_text": gettext("demande à la gouvernance"),
        "author": gettext("auteur du statut"),
        "for_person": gettext("personne remplacée"),
    }
    return words.get(rest[0], rest[0])


def _risk_word(name: str) -> str:
    words = {
        "title": gettext("intitulé"),
        "cause": gettext("cause"),
        "event": gettext("événement"),
        "effect": gettext("effet"),
        "action": gettext("action"),
        "owner": gettext("porteur"),
    }
    return words.get(name, name)


def _plain_word(first: str, last: str) -> str:
    words = {
        "names": gettext("nom du projet"),
        "manager": gettext("nom du chef de projet"),
        "sponsor": gettext("nom de l’exécutif"),
        "purpose": gettext("finalité"),
        "budget": gettext("source du réel"),
        "tolerances": gettext("ce que mesure une tolérance"),
        "choices": gettext("message du directeur"),
        "corrections": gettext("texte d’une correction"),
        "computed": gettext("jalon ou risque cité par le calcul"),
    }
    return words.get(first, last)
