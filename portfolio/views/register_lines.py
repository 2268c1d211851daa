"""The lines of the register ready to print: every text is made here once, the template only places it.

Fifty lines of fourteen cells are most of what the page costs; escaped values in a dictionary are what a Django
template places fastest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from config.web import formats, glyphs, marks
from config.web.addresses import filled_address
from config.web.languages import lang_attribute, language_apart, own_language
from portfolio.forms.register import COLUMNS
from portfolio.selectors.register_row import Group, RegisterRow

Line = dict[str, Any]
_EDIT = gettext_noop("Modifier le rang, le chef de projet ou le programme de %(code)s")
_PICK = gettext_noop("Choisir %(code)s")
_OPEN_STATUS = gettext_noop("Statuts de %(code)s")
_GREENER = gettext_noop("Déclaré plus favorable que le calcul (%(computed)s)")


@dataclass(frozen=True, slots=True)
class Duties:
    """What this reader may do with a line: choose it, open its statuses, edit it in place."""

    pick: bool = False
    status: bool = False
    rank: bool = False


def table_context(
    rows: Sequence[RegisterRow], columns: Sequence[str], duties: Duties, groups: Iterable[Group] = ()
) -> dict[str, Any]:
    """The part of a page's context that the table of projects reads."""
    write = _writer(duties)
    return {
        "lines": [] if groups else [write(row) for row in rows],
        "groups": [(group, [write(row) for row in group.rows]) for group in groups],
        "show": {name: name in columns for name in COLUMNS},
        "shown": ",".join(columns),
        "duties": asdict(duties),
        "may_rank": duties.rank,
    }


def _writer(duties: Duties) -> Callable[[RegisterRow], Line]:
    """How one row is written; what all rows share is worked out once."""
    ways, subject, figures = _ways(duties), _subject(), _figures()
    return lambda row: {**subject(row), **figures(row), **ways(row)}


def _ways(duties: Duties) -> Callable[[RegisterRow], Line]:
    """What the reader may do with the line."""
    statuses, editing = filled_address("portfolio:statuses"), filled_address("portfolio:register_row")
    edit, pick, open_status = _(_EDIT), _(_PICK), _(_OPEN_STATUS)

    def write(row: RegisterRow) -> Line:
        code = {"code": row.code}
        return {
            "status_url": escaped(statuses(row.code)) if duties.status else "",
            "status_label": escaped(open_status % code) if duties.status else "",
            "edit_url": escaped(editing(row.code)) if duties.rank and row.state != "closed" else "",
            "edit_label": escaped(edit % code) if duties.rank else "",
            "pick_label": escaped(pick % code) if duties.pick else "",
        }

    return write


def _subject() -> Callable[[RegisterRow], Line]:
    """The project, who leads it and what was said of it."""
    project, programme = filled_address("portfolio:project"), filled_address("portfolio:programme")
    greener = _(_GREENER)

    def write(row: RegisterRow) -> Line:
        return {
            "code": escaped(row.code),
            "name": escaped(row.name),
            "name_lang": _lang_of(row.name),
            "url": escaped(project(row.code)),
            "changed": row.state != row.previous and row.previous != "none",
            "rank": "" if row.rank is None else escaped(str(row.rank)),
            "is_top": row.is_top,
            "state": glyphs.pair(previous=row.previous, current=row.state),
            "gap": escaped(greener % {"computed": glyphs.state_word(row.computed)}) if row.greener else "",
            "manager": escaped(row.manager or formats.EMPTY),
            "programme": escaped(row.programme_code),
            "programme_name": escaped(row.programme),
            "programme_lang": _lang_of(row.programme),
            "programme_url": escaped(programme(row.programme_code)) if row.programme_code else "",
            "axis": escaped(row.axis or formats.EMPTY),
            "axis_lang": _lang_of(row.axis),
            "stage": escaped(row.life_cycle),
            "message": escaped(row.message),
            "message_lang": lang_attribute(row.message_language) if row.message else "",
            "reported": row.last_status_on is not None,
        }

    return write


def _figures() -> Callable[[RegisterRow], Line]:
    """Its plan, its money and its weeks."""
    own, budget = lang_attribute(own_language()), _("budget")

    def write(row: RegisterRow) -> Line:
        return {
            "milestone": escaped(row.milestone),
            "milestone_lang": own,
            "milestone_on": escaped(formats.date_day(row.milestone_on)),
            **_difference("milestone", row.milestone_slip, formats.delta_days),
            **_difference("end", row.end_slip, formats.delta_days),
            **_difference("first_end", row.first_end_slip, formats.delta_days),
            **_difference("week_end", row.week_end_slip, formats.delta_days),
            "rebaselined": row.rebaselined,
            "budget": escaped(f"{budget} {formats.keuro(row.bac)}"),
            "eac": escaped(formats.keuro_bare(row.eac)),
            **_difference("variance", row.variance_percent, formats.delta_percent),
            "exposure": escaped(formats.keuro_bare(row.exposure)),
            "weeks": glyphs.strip(tuple(row.history)),
            "status": escaped(formats.date_day(row.last_status_on)),
        }

    return write


def _difference(name: str, value: Any, text: Callable[[Any], str]) -> Line:
    said = text(value)
    return {f"{name}_text": escaped(said), f"{name}_tone": escaped(marks.tone(value, said))}


@lru_cache(maxsize=16384)
def escaped(text: str) -> SafeString:
    """The text as HTML; names, dates and amounts come back on every page and are escaped once."""
    return escape(text)


def _lang_of(text: str) -> SafeString:
    return lang_attribute(language_apart(text) or "")
