"""French of the fictional texts: contractions, dates, typography, and the words one project uses in one week."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from config.web import formats
from reporting.management.demo.days import workday
from reporting.management.demo.projects import ProjectSpec

_RELATIVE = re.compile(r"(in|ago|month)(\d+)")
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_MASCULINE = (
    *(
        "Dossier",
        "Passage",
        "Pilote",
        "Bilan",
        "Test",
        "Déploiement",
        "Dictionnaire",
        "Premier",
        "Contrôle",
        "Diagnostic",
    ),
    *("Modèle", "Cahier", "Gel", "GO", "Raccordement", "Service", "Doublement", "Choix", "Essai"),
)
_ARTICLES = {**dict.fromkeys(_MASCULINE, "le"), "Procédures": "les"}
_BEFORE_HIGH_SIGNS = re.compile(r" ([:;?!%»])|(?<=«) ")


class Words(dict[str, Any]):
    """Words by name for `str.format_map`.

    `{in12}`, `{ago5}`: the day that many days from the simulated today (`base`); `{month52}`: the month of that day.
    """

    def __missing__(self, key: str) -> str:
        if found := _RELATIVE.fullmatch(key):
            what, days = found.group(1), int(found.group(2))
            day: date = self["base"] + timedelta(days=-days if what == "ago" else days)
            return _MONTHS[day.month - 1] if what == "month" else formats.date_day(workday(day), lang="fr")
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


def with_article(name: str) -> str:
    """A milestone's name inside a sentence: la recette du lot 2, l’audit, le GO / NO GO."""
    first = name.split(" ", 1)[0]
    inner = name if first.isupper() else name[:1].lower() + name[1:]
    if inner[:1] in "aeéiou" and not first.isupper():
        return f"l’{inner}"
    return f"{_ARTICLES.get(first.rstrip(','), 'la')} {inner}"


def french_decimal(value: Any, *, signed: bool = False) -> str:
    """One decimal, comma, true minus sign."""
    if abs(value) < 0.05:
        return "0,0"
    text = f"{value:+.1f}" if signed else f"{value:.1f}"
    return text.replace(".", ",").replace("-", "−")


def typeset(text: str) -> str:
    """Non-breaking spaces where French wants them, and no doubled full stop."""
    return _BEFORE_HIGH_SIGNS.sub(lambda match: f"\u00a0{match.group(1) or ''}", text).replace("..", ".")
