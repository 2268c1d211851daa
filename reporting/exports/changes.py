"""Issues as a table: which columns it has, and each row as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.models import Change
from reporting.exports.register import Cell, Kind


@dataclass(frozen=True, slots=True)
class ChangeColumn:
    label: Promise
    kind: Kind
    read: Callable[[Change], Cell]


COLUMNS: Sequence[ChangeColumn] = (
    ChangeColumn(_("Numéro"), Kind.TEXT, lambda row: row.number),
    ChangeColumn(_("Intitulé"), Kind.WIDE, lambda row: row.title),
    ChangeColumn(_("Code du projet"), Kind.TEXT, lambda row: row.project.code),
    ChangeColumn(_("Projet"), Kind.WIDE, lambda row: str(row.project.name)),
    ChangeColumn(_("Type"), Kind.TEXT, lambda row: row.get_kind_display()),
    ChangeColumn(_("Gravité"), Kind.COUNT, lambda row: row.severity),
    ChangeColumn(_("Priorité"), Kind.COUNT, lambda row: row.priority),
    ChangeColumn(_("État"), Kind.TEXT, lambda row: row.get_state_display()),
    ChangeColumn(_("Auteur"), Kind.TEXT, lambda row: row.author.full_name),
    ChangeColumn(_("Responsable"), Kind.TEXT, lambda row: row.owner.full_name if row.owner else ""),
    ChangeColumn(_("Cause"), Kind.WIDE, lambda row: row.cause),
    ChangeColumn(_("Taille"), Kind.COUNT, lambda row: row.size),
    ChangeColumn(_("Coût (€ TVAC)"), Kind.MONEY, lambda row: row.cost),
    ChangeColumn(_("Charge (jours)"), Kind.PERCENT, lambda row: row.days),
    ChangeColumn(_("Relevée le"), Kind.DAY, lambda row: row.raised_on),
    ChangeColumn(_("Décidée le"), Kind.DAY, lambda row: row.decided_on),
    ChangeColumn(_("Échéance de l’étape"), Kind.DAY, lambda row: row.due_on),
    ChangeColumn(_("Terminée le"), Kind.DAY, lambda row: row.closed_on),
)


def change_table(rows: Iterable[Change]) -> list[list[Cell]]:
    """Every row as the columns read it, in the active language."""
    return [[column.read(row) for column in COLUMNS] for row in rows]
