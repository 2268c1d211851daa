"""The page of corrections: what the pages that follow the freeze cannot say, with its authors."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from config.clock import BRUSSELS
from config.web import formats, glyphs
from config.web.languages import Worded
from reporting.engines.edition import DIMENSIONS, CorrectionFacts, Edition
from reporting.sections.base import Page, dimension_name, shown, subtitle

ON_COVER = 3
"""More corrections than this have a page of their own."""


@dataclass(frozen=True, slots=True)
class Note:
    """One correction as printed."""

    code: str
    name: Worded
    kind: str
    text: str
    author: str
    day: str
    edition: int
    colours: str


@dataclass(frozen=True, slots=True)
class Corrections:
    notes: tuple[Note, ...]


def build(edition: Edition, language: str) -> Page | None:
    """Every correction; None where the cover has room for them all."""
    if len(edition.corrections) <= ON_COVER:
        return None
    return Page(
        key="corrections",
        name=gettext("Errata"),
        title=title(edition),
        subtitle=subtitle(edition, gettext("Les autres pages disent ce qui était connu au gel et n’ont pas changé")),
        template="sections/corrections.html",
        body=Corrections(notes_of(edition, language)),
    )


def title(edition: Edition) -> str:
    count = len(edition.corrections)
    return ngettext("Erratum : %(n)d correction", "Errata : %(n)d corrections", count) % {"n": count}


def notes_of(edition: Edition, language: str) -> tuple[Note, ...]:
    """The corrections in the words of the pack's language, oldest first."""
    return tuple(_note(row, edition, language) for row in edition.corrections)


def _note(row: CorrectionFacts, edition: Edition, language: str) -> Note:
    project = edition.project(row.project)
    late = row.kind == "late_status"
    return Note(
        code=row.project,
        name=shown(project.names, language) if project else Worded(row.project, "fr"),
        kind=gettext("statut remis après le gel") if late else gettext("correction"),
        text=row.text,
        author=row.author,
        day=formats.date_short(row.proposed_at.astimezone(BRUSSELS).date()),
        edition=row.edition,
        colours=_colours(row),
    )


def _colours(row: CorrectionFacts) -> str:
    """« orange ; délai rouge, budget vert… »; empty without colours."""
    if not row.declared:
        return ""
    parts = [f"{dimension_name(name)} {glyphs.state_word(row.declared.get(name))}" for name in DIMENSIONS]
    return f"{glyphs.state_word(row.declared.get('overall'))} ; {', '.join(parts)}"
