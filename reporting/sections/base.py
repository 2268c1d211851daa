"""What every section of a pack shares: the page it answers and the small words of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from config.web import formats, glyphs
from config.web.languages import Worded
from reporting.engines.edition import DIMENSIONS, Edition, Names, ProjectFacts

TITLE_MAX = 110
TOP_SIZE = 24


@dataclass(frozen=True, slots=True)
class Page:
    """One page (or run of pages) of a pack. `key` is its anchor, its switch and its stylesheet class."""

    key: str
    name: str
    title: str
    subtitle: str
    template: str
    body: object
    bookmark: str = ""
    level: int = 1
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A project named in a list: its glyph, its name in the reader's language, who leads it."""

    code: str
    name: str
    name_language: str
    manager: str
    state: str
    previous: str

    @property
    def changed(self) -> bool:
        return self.previous not in ("", "none", self.state)

    @property
    def shows_code(self) -> bool:
        """The code adds something to the name."""
        return _letters(self.code) != _letters(self.name)


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def shown(names: Names, language: str) -> Worded:
    """A name in the language of the pack where it has one."""
    return Worded(names.text(language), names.language(language))


def mark_of(project: ProjectFacts, language: str) -> Mark:
    return Mark(
        code=project.code,
        name=project.names.text(language),
        name_language=project.names.language(language),
        manager=project.manager.last if project.manager else "",
        state=project.state,
        previous=project.previous.state if project.previous else "",
    )


def quantity(number: int) -> int:
    """The number that chooses the plural form: French writes zero in the singular."""
    return 1 if number == 0 and formats.active_language() == "fr" else number


def sentence(parts: Sequence[str], *, separator: str = ", ") -> str:
    """Parts joined while they fit a title of 110 signs; the rest is left to the page itself."""
    kept: list[str] = []
    for part in parts:
        if kept and len(separator.join([*kept, part])) > TITLE_MAX:
            break
        kept.append(part)
    return clip(separator.join(kept), TITLE_MAX)


def clip(text: str, limit: int) -> str:
    """The text, or its beginning cut at a word with an ellipsis; a `Worded` text stays one."""
    if len(text) <= limit:
        return text
    if isinstance(text, Worded):
        return Worded(clip(str(text), limit), text.language)
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def listed(items: Sequence[str]) -> str:
    """« a, b et c »."""
    if len(items) < 2:
        return "".join(items)
    return gettext("%(first)s et %(last)s") % {"first": ", ".join(items[:-1]), "last": items[-1]}


def dimension_name(dimension: str) -> str:
    names = {
        "time": gettext("délai"),
        "cost": gettext("budget"),
        "scope": gettext("périmètre"),
        "resources": gettext("ressources"),
        "risk": gettext("risques"),
    }
    return names[dimension]


def counted_states(edition: Edition) -> list[str]:
    """« 4 rouges », « 11 orange »…, the states that occur, gravest first: together, every project of the cut."""
    texts = {
        "red": lambda n: ngettext("%(n)d rouge", "%(n)d rouges", n),
        "amber": lambda n: ngettext("%(n)d orange", "%(n)d orange", n),
        "green": lambda n: ngettext("%(n)d vert", "%(n)d verts", n),
        "stale": lambda n: ngettext("%(n)d sans statut", "%(n)d sans statut", n),
        "paused": lambda n: ngettext("%(n)d en pause", "%(n)d en pause", n),
        "none": lambda n: ngettext("%(n)d sans statut attendu", "%(n)d sans statut attendu", n),
    }
    counts = {state: edition.count(state) for state in texts}
    return [texts[state](count) % {"n": count} for state, count in counts.items() if count]


def spoken_state(project: ProjectFacts) -> str:
    """What a reader who cannot see the glyphs is told: now, before, then each dimension."""
    words = [glyphs.week_word(project.state)]
    before = project.previous.state if project.previous else ""
    if before not in ("", "none", project.state):
        words.append(gettext("avant : %(state)s") % {"state": glyphs.week_word(before)})
    if project.status is not None:
        words += [
            f"{dimension_name(name)} {glyphs.state_word(project.status.declared.get(name))}" for name in DIMENSIONS
        ]
    return ", ".join(words)


def top_projects(edition: Edition) -> tuple[ProjectFacts, ...]:
    """The priority projects by rank; where nobody ranked any, the largest budgets."""
    top = sorted((row for row in edition.projects if row.is_top), key=lambda row: (row.rank or 0, row.code))
    if top:
        return tuple(top[:TOP_SIZE])
    return tuple(sorted(edition.projects, key=lambda row: (-(row.bac or 0), row.code))[:TOP_SIZE])


def is_overdue(project: ProjectFacts, edition: Edition) -> bool:
    """The end its people still announce has passed, and the project goes on."""
    return project.forecast_end is not None and project.forecast_end < edition.today


def is_ranked(edition: Edition) -> bool:
    return any(project.is_top for project in edition.projects)


def subtitle(edition: Edition, *parts: str) -> SafeString:
    return format_html_join(" · ", "{}", ((part,) for part in parts if part))
