"""The register as a table: which columns it has, and each row as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.web.glyphs import state_word
from portfolio.selectors.register_row import RegisterRow

if TYPE_CHECKING:
    import pandas

Cell = str | int | Decimal | date | None


class Kind(StrEnum):
    """What a column holds, hence how it is written and aligned."""

    TEXT = "text"
    WIDE = "wide"
    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    label: str | Promise
    kind: Kind
    read: Callable[[RegisterRow], Cell]


def _word(state: str) -> str:
    return "" if state in ("", "none", "unknown") else str(state_word(state))


COLUMNS: Sequence[Column] = (
    Column(gettext_lazy("Code"), Kind.TEXT, lambda row: row.code),
    Column(gettext_lazy("Projet"), Kind.WIDE, lambda row: row.name),
    Column(gettext_lazy("Rang"), Kind.COUNT, lambda row: row.rank),
    Column(gettext_lazy("Top 24"), Kind.TEXT, lambda row: _("oui") if row.is_top else ""),
    Column(gettext_lazy("État"), Kind.TEXT, lambda row: _word(row.state)),
    Column(gettext_lazy("Semaine passée"), Kind.TEXT, lambda row: _word(row.previous)),
    Column(gettext_lazy("État calculé"), Kind.TEXT, lambda row: _word(row.computed)),
    Column(gettext_lazy("Semaines d’écart"), Kind.COUNT, lambda row: row.gap_weeks),
    Column(gettext_lazy("Chef de projet"), Kind.TEXT, lambda row: row.manager),
    Column(gettext_lazy("Axe"), Kind.TEXT, lambda row: row.axis),
    Column(gettext_lazy("Code du programme"), Kind.TEXT, lambda row: row.programme_code),
    Column(gettext_lazy("Programme"), Kind.TEXT, lambda row: row.programme),
    Column(gettext_lazy("Étape"), Kind.TEXT, lambda row: row.life_cycle),
    Column(gettext_lazy("En une ligne"), Kind.WIDE, lambda row: row.message),
    Column(gettext_lazy("Statut du"), Kind.DAY, lambda row: row.last_status_on),
    Column(gettext_lazy("Prochain jalon"), Kind.TEXT, lambda row: row.milestone),
    Column(gettext_lazy("Date du jalon"), Kind.DAY, lambda row: row.milestone_on),
    Column(gettext_lazy("Écart du jalon (jours)"), Kind.COUNT, lambda row: row.milestone_slip),
    Column(gettext_lazy("Écart de fin (jours)"), Kind.COUNT, lambda row: row.end_slip),
    Column(gettext_lazy("Écart de fin, 1re approbation (jours)"), Kind.COUNT, lambda row: row.first_end_slip),
    Column(gettext_lazy("Écart de fin, semaine passée (jours)"), Kind.COUNT, lambda row: row.week_end_slip),
    Column(gettext_lazy("Références remplacées"), Kind.COUNT, lambda row: row.rebaselined),
    Column(gettext_lazy("Budget approuvé (€)"), Kind.MONEY, lambda row: row.bac),
    Column(gettext_lazy("Coût final estimé, EAC (€)"), Kind.MONEY, lambda row: row.eac),
    Column(gettext_lazy("Écart de coût (€)"), Kind.MONEY, lambda row: row.variance),
    Column(gettext_lazy("Écart de coût (%)"), Kind.PERCENT, lambda row: row.variance_percent),
    Column(gettext_lazy("Exposition (€)"), Kind.MONEY, lambda row: row.exposure),
)


def table(rows: Iterable[RegisterRow]) -> list[list[Cell]]:
    """Every row as the columns read it; labels of states in the active language."""
    return [[column.read(row) for column in COLUMNS] for row in rows]


def labels() -> list[str]:
    return [str(column.label) for column in COLUMNS]


MONEY_COLUMNS = 2
"""The last columns of `by_axis` are sums in euros, the others count projects."""


def by_axis(rows: Sequence[RegisterRow]) -> pandas.DataFrame:
    """Projects, states and money of each axis, with a last line of totals; NaN where nothing is known."""
    import pandas

    frame = pandas.DataFrame(
        {
            "axis": [row.axis or _("Sans axe stratégique") for row in rows],
            "state": [_word(row.state) or _("sans état") for row in rows],
            "bac": pandas.Series([_float(row.bac) for row in rows], dtype="float64"),
            "eac": pandas.Series([_float(row.eac) for row in rows], dtype="float64"),
        }
    )
    groups = frame.groupby("axis", sort=False)
    counts = pandas.crosstab(frame["axis"], frame["state"])[list(dict.fromkeys(frame["state"]))]
    money = groups[["bac", "eac"]].sum(min_count=1)
    summary = pandas.concat([groups.size().rename("projects"), counts, money], axis=1)
    total = summary.sum(min_count=1)
    total.name = _("Total")
    return pandas.concat([summary, total.to_frame().T]).rename(
        columns={"projects": _("Projets"), "bac": _("Budget approuvé (€)"), "eac": _("Coût final estimé, EAC (€)")}
    )


def _float(value: Decimal | None) -> float:
    return float("nan") if value is None else float(value)
