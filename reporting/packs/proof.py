"""The document that proves pieces of a pack: their sheets as the pack prints them, and each text in a narrow column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.utils import translation

from reporting.engines.edition import Edition, PackChoices
from reporting.engines.fragment import Fragment, withhold
from reporting.packs.codir import Document
from reporting.sections import project_sheet, unprinted
from reporting.sections.base import Page

LANGUAGE = "fr"


@dataclass(frozen=True, slots=True)
class Piece:
    """A fragment, and the paths of its texts that the document leaves out."""

    fragment: Fragment
    without: frozenset[str] = frozenset()

    def only(self, path: str) -> Piece:
        return replace(self, without=frozenset(item.path for item in self.fragment.texts) - {path})


def document(edition: Edition, pieces: Sequence[Piece]) -> Document:
    """One document of all pieces; names of axes, programmes and bodies are a piece of their own and left out of it."""
    pages: list[Page] = []
    with translation.override(LANGUAGE):
        for position, piece in enumerate(pieces, start=1):
            pages += _pages(edition, piece, position)
    return Document(
        title="Cadran",
        week=edition.week,
        language=LANGUAGE,
        edition=1,
        pages=tuple(pages),
        data_hash="",
        facts=edition,
        draft=True,
    )


def _pages(edition: Edition, piece: Piece, position: int) -> list[Page]:
    fragment = piece.fragment
    kept = tuple(item for item in fragment.texts if item.path not in piece.without)
    pages = [unprinted.proof_page(replace(fragment, texts=kept), position)]
    project = edition.project(fragment.code) if fragment.has_sheet else None
    if project is not None:
        alone = _alone(edition, fragment.code, piece.without)
        pages.append(project_sheet.build(alone.projects[0], position, alone, LANGUAGE))
    return pages


def _alone(edition: Edition, code: str, without: Collection[str]) -> Edition:
    """The cut as if that project were all of it."""
    alone = replace(
        edition,
        axes=(),
        programmes=(),
        bodies=(),
        choices=PackChoices(),
        projects=tuple(row for row in edition.projects if row.code == code),
        requests=tuple(row for row in edition.requests if row.project == code),
    )
    return withhold(alone, {code: without} if without else {}, "")
