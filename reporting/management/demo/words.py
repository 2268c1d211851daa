"""French of the fictional texts: contractions, dates, typography, and the words one project uses in one week."""

from __future__ import annotations

import re
from typing import Any

from reporting.management.demo.projects import ProjectSpec

_BEFORE_HIGH_SIGNS = re.compile(r" ([:;?!%»])|(?<=«) ")


class Words(dict[str, Any]):
    """Words by name for `str.format_map`; an unknown hole is a programming error and says so."""

    def __missing__(self, key: str) -> str:
        raise KeyError(f"no word for {key}")


def noun_words(spec: ProjectSpec) -> dict[str, Any]:
    """The nouns of a project in the forms French asks for."""
    return {
        "thing": spec.thing,
        "Thing": capital(spec.thing),
        "thing_of": contracted("de", spec.thing),
        "actor": spec.actor,
        "Actor": capital(spec.actor),
        "actor_of": contracted("de", spec.actor),
        "actor_to": contracted("à", spec.actor),
        "units": spec.units,
        "nl": spec.nl,
    }


def contracted(preposition: str, noun: str) -> str:
    """`de` or `à` before a noun with its article: du, des, au, aux."""
    plain, plural = {"de": ("du", "des"), "à": ("au", "aux")}[preposition]
    if noun.startswith("le "):
        return f"{plain} {noun[3:]}"
    if noun.startswith("les "):
        return f"{plural} {noun[4:]}"
    return f"{preposition} {noun}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """A milestone's name inside a sentence: `la recette de sécurité` needs no article here."""
    first = text.split(" ", 1)[0]
    return text if first.isupper() or any(sign.isdigit() for sign in first) else f"« {text} »"


def french_decimal(value: Any, *, signed: bool = False) -> str:
    """One decimal, comma, true minus sign."""
    text = f"{value:+.1f}" if signed else f"{value:.1f}"
    return text.replace(".", ",").replace("-", "−")


def typeset(text: str) -> str:
    """Non-breaking spaces where French wants them, and no doubled full stop."""
    return _BEFORE_HIGH_SIGNS.sub(lambda match: f"\u00a0{match.group(1) or ''}", text).replace("..", ".")
