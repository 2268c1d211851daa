"""The weekly CODIR pack: which sections, in which order, for one edition and one language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext

from config.web import formats
from reporting.engines.edition import Edition
from reporting.sections import (
    changes,
    corrections,
    cover,
    decisions,
    exceptions,
    finances,
    health,
    milestones,
    project_sheet,
    top_projects,
)
from reporting.sections.base import Page

Builder = Callable[[Edition, str], Page | None]

BODY: tuple[tuple[str, Builder], ...] = (
    ("changes", changes.build),
    ("decisions", decisions.build),
    ("health", health.build),
    ("top", top_projects.build),
    ("exceptions", exceptions.build),
    ("finances", finances.build),
    ("milestones", milestones.build),
    ("corrections", corrections.build),
)
"""Sections in reading order; the cover comes first, the project sheets last."""

SWITCHES = ("changes", "decisions", "health", "exceptions", "finances", "milestones", "sheets")
"""Pages the PSO may leave out of a pack before its freeze."""


@dataclass(frozen=True, slots=True)
class Document:
    """A pack ready to be written as HTML or PDF."""

    title: str
    week: str
    language: str
    edition: int
    pages: tuple[Page, ...]
    data_hash: str
    facts: Edition
    draft: bool

    @property
    def short_hash(self) -> str:
        return self.data_hash[:8]

    @property
    def audit_anchor(self) -> str:
        return f"{self.facts.audit_number}:{self.facts.audit_hash[:8]}"

    @property
    def has_changes(self) -> bool:
        return self.facts.previous is not None


def compose(edition: Edition, *, language: str, number: int = 1, data_hash: str = "", draft: bool = False) -> Document:
    """The pages that have something to say, numbered and titled in `language`."""
    hidden = frozenset(edition.choices.hidden_pages)
    with translation.override(language):
        built = [builder(edition, language) for key, builder in BODY if key not in hidden]
        pages = [page for page in built if page is not None]
        if "sheets" not in hidden:
            pages += project_sheet.build_all(edition, language)
        first = cover.build(edition, pages)
        title = gettext("Pack CODIR, semaine %(week)d de %(year)d") % {
            "week": formats.iso_week(edition.week)[1],
            "year": formats.iso_week(edition.week)[0],
        }
        pages = [first, *pages]
        pages = [page if page.bookmark else replace(page, bookmark=page.title) for page in pages]
    return Document(
        title=title,
        week=edition.week,
        language=language,
        edition=number,
        pages=tuple(pages),
        data_hash=data_hash,
        facts=edition,
        draft=draft,
    )


def page_names(language: str) -> dict[str, str]:
    """What each switch is called."""
    with translation.override(language):
        return {
            "changes": gettext("Ce qui a changé"),
            "decisions": gettext("Décisions demandées"),
            "health": gettext("Santé du portefeuille"),
            "exceptions": gettext("Exceptions"),
            "finances": gettext("Finances"),
            "milestones": gettext("Jalons à 90 jours"),
            "sheets": gettext("Fiches des projets"),
        }
