"""The weekly CODIR pack: which sections, in which order, for one edition and one language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

from django.utils import translation
from django.utils.translation import gettext

from config.web import formats
from reporting.engines.edition import Edition
from reporting.engines.fragment import withhold
from reporting.sections import (
    changes,
    corrections,
    cover,
    decisions,
    exceptions,
    finances,
    follow_up,
    health,
    milestones,
    project_sheet,
    top_projects,
    unprinted,
)
from reporting.sections.base import Page

Builder = Callable[[Edition, str], Page | None]

BODY: tuple[tuple[str, Builder], ...] = (
    ("changes", changes.build),
    ("decisions", decisions.build),
    ("follow_up", follow_up.build),
    ("health", health.build),
    ("top", top_projects.build),
    ("exceptions", exceptions.build),
    ("finances", finances.build),
    ("milestones", milestones.build),
    ("corrections", corrections.build),
)
"""Sections in reading order; the cover comes first, the project sheets last."""

SWITCHES = ("changes", "decisions", "follow_up", "health", "exceptions", "finances", "milestones", "sheets")
"""Pages the PSO may leave out of a pack before its freeze."""


NOTHING_WITHHELD: unprinted.Withheld = MappingProxyType({})


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


def compose(
    edition: Edition,
    *,
    language: str,
    number: int = 1,
    data_hash: str = "",
    draft: bool = False,
    withheld: unprinted.Withheld = NOTHING_WITHHELD,
) -> Document:
    """The pages that have something to say, numbered and titled in `language`.

    A text that `withheld` names gives way to a mark; the cover and the sheet of its project say which and what to do.
    """
    hidden = frozenset(edition.choices.hidden_pages)
    with translation.override(language):
        edition = withhold(edition, withheld, unprinted.placeholder())
        built = [builder(edition, language) for key, builder in BODY if key not in hidden]
        pages = [page for page in built if page is not None]
        if "sheets" not in hidden:
            pages += project_sheet.build_all(edition, language)
        first = cover.build(edition, pages)
        title = gettext("Pack CODIR, semaine %(week)d de %(year)d") % {
            "week": formats.iso_week(edition.week)[1],
            "year": formats.iso_week(edition.week)[0],
        }
        pages = [first, *pages] if not withheld else _with_notices([first, *pages], edition, withheld)
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


def _with_notices(pages: list[Page], edition: Edition, withheld: unprinted.Withheld) -> list[Page]:
    """The boxes: all of them on the cover, and each on the sheet of its project."""
    noticed = [replace(pages[0], notices=unprinted.notices(edition, withheld))]
    for page in pages[1:]:
        code = page.body.project.code if isinstance(page.body, project_sheet.ProjectSheet) else ""
        said = (unprinted.notice(code, withheld[code]),) if code in withheld and code else ()
        noticed.append(replace(page, notices=said))
    return noticed


def page_names(language: str) -> dict[str, str]:
    """What each switch is called."""
    with translation.override(language):
        return {
            "changes": gettext("Ce qui a changé"),
            "decisions": gettext("Décisions demandées"),
            "follow_up": gettext("Suivi des décisions"),
            "health": gettext("Santé du portefeuille"),
            "exceptions": gettext("Exceptions"),
            "finances": gettext("Finances"),
            "milestones": gettext("Jalons à 90 jours"),
            "sheets": gettext("Fiches des projets"),
        }
