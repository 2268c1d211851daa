"""The address of the register: an allow-list of filters, orders, groups and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.enums import LifeCycle, Method
from portfolio.selectors.register import GROUPS, MOVES, ORDERS, PRESETS, RegisterQuery
from portfolio.selectors.shown_state import STATES

COLUMNS: Mapping[str, Promise] = {
    "manager": _("Chef de projet"),
    "programme": _("Programme"),
    "axis": _("Axe"),
    "stage": _("Étape"),
    "message": _("En une ligne"),
    "milestone": _("Prochain jalon"),
    "end": _("Δ fin"),
    "first_end": _("Δ fin, 1re approbation"),
    "week_end": _("Δ fin, semaine passée"),
    "eac": _("EAC k€"),
    "variance": _("Δ budget"),
    "exposure": _("Exposition k€"),
    "weeks": _("12 semaines"),
    "status": _("Statut du"),
}
DEFAULT_COLUMNS = (
    "manager",
    "programme",
    "stage",
    "message",
    "milestone",
    "end",
    "eac",
    "variance",
    "weeks",
    "status",
)
LABELS: Mapping[str, Promise] = {
    "preset": _("Vue"),
    "axis": _("Axe"),
    "programme": _("Programme"),
    "manager": _("Chef de projet"),
    "state": _("État"),
    "method": _("Méthode"),
    "life_cycle": _("Étape"),
    "moved": _("Depuis la semaine passée"),
    "q": _("Recherche"),
}
_BEFORE_MONEY = frozenset(
    {"manager", "programme", "axis", "stage", "message", "milestone", "end", "first_end", "week_end"}
)
_TEXT_LIMIT = 100


class UnknownFilterError(ValueError):
    """The address names a filter, an order or a value that the register does not have."""


def read_query(params: QueryDict, options: Mapping[str, Sequence[tuple[str, str]]]) -> RegisterQuery:
    """The query of an address; anything outside the allow-list raises UnknownFilterError."""
    allowed = {
        "preset": set(PRESETS),
        "axis": {code for code, _name in options["axis"]},
        "programme": {code for code, _name in options["programme"]},
        "manager": {key for key, _name in options["manager"]},
        "state": set(STATES),
        "method": set(Method.values),
        "life_cycle": set(LifeCycle.values),
        "moved": set(MOVES),
        "closed": {"1"},
        "group": set(GROUPS),
        "sort": {*ORDERS, *(f"-{name}" for name in ORDERS)},
    }
    if unknown := set(params) - set(allowed) - {"q", "columns", "offset"}:
        raise UnknownFilterError(min(unknown))
    chosen: dict[str, Any] = {}
    for name, values in allowed.items():
        value = params.get(name, "")
        if value and value not in values:
            raise UnknownFilterError(name)
        if value:
            chosen[name] = value
    columns = tuple(params.getlist("columns"))
    if set(columns) - set(COLUMNS):
        raise UnknownFilterError("columns")
    offset = params.get("offset") or "0"
    if not (offset.isascii() and offset.isdigit()) or len(offset) > 6:
        raise UnknownFilterError("offset")
    text = params.get("q", "").replace("\x00", "").strip()[:_TEXT_LIMIT]
    return RegisterQuery(q=text, columns=columns or DEFAULT_COLUMNS, offset=int(offset), **chosen)


def lead_span(columns: Sequence[str]) -> int:
    """How many cells of the totals row stand between the project and the first amount."""
    return 1 + len(_BEFORE_MONEY & set(columns))
