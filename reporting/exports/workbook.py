"""The register as a file: XLSX for people, CSV for other programs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from xlsxwriter import Workbook

from portfolio.selectors.register_row import RegisterRow
from reporting.exports.cells import clean, inert, is_formula
from reporting.exports.register import COLUMNS, MONEY_COLUMNS, Cell, Kind, by_axis, labels, table

SEPARATOR = ";"
_WIDTHS = {Kind.TEXT: 18, Kind.WIDE: 44, Kind.COUNT: 9, Kind.MONEY: 16, Kind.PERCENT: 9, Kind.DAY: 12}
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "dd/mm/yyyy",
}
_FORMATS = {Kind.MONEY: "#,##0.00", Kind.PERCENT: "0.0", Kind.COUNT: "0", Kind.DAY: "dd/mm/yyyy"}


class Named(Protocol):
    """A column: its heading, and what it holds."""

    @property
    def label(self) -> object: ...

    @property
    def kind(self) -> Kind: ...


@dataclass(frozen=True, slots=True)
class Origin:
    """What a reader of the file must know: when, by whom, of which selection."""

    at: datetime
    by: str
    selection: str
    source: str
    stale_after_days: int = 14


def as_csv(rows: Iterable[RegisterRow]) -> bytes:
    """UTF-8 with its mark, semicolons, ISO dates, decimal points; the same in every language."""
    return table_as_csv(labels(), table(rows))


def table_as_csv(names: Iterable[str], lines: Iterable[Iterable[Cell]]) -> bytes:
    """Any table in the form of `as_csv`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator="\r\n")
    writer.writerow([inert(name) for name in names])
    for line in lines:
        writer.writerow([_plain(value) for value in line])
    return out.getvalue().encode("utf-8-sig")


def table_as_xlsx(title: str, columns: Sequence[Named], lines: Sequence[Sequence[Cell]], origin: Origin) -> bytes:
    """Any table as a sheet, and a second one with what the reader must know."""
    out = io.BytesIO()
    with Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": title, "author": "Cadran", "created": _naive(origin.at)})
        style = _Styles(book)
        _table_sheet(book.add_worksheet(title[:31]), columns, lines, style)
        notes = [*_drawn(origin), (_("Lignes"), str(len(lines))), (_("Source"), origin.source)]
        _notes_sheet(book.add_worksheet(_("Lecture")), notes, style)
    return out.getvalue()


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return inert(value) if isinstance(value, str) else str(value)


def as_xlsx(rows: Sequence[RegisterRow], origin: Origin) -> bytes:
    """Three sheets: the register, its sums by axis, and what the reader must know."""
    out = io.BytesIO()
    with Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": _("Registre du portefeuille"), "author": "Cadran", "created": _naive(origin.at)})
        style = _Styles(book)
        _table_sheet(book.add_worksheet(_("Registre")), COLUMNS, table(rows), style)
        if rows:
            _axis_sheet(book.add_worksheet(_("Par axe")), rows, style)
        _origin_sheet(book.add_worksheet(_("Lecture")), origin, len(rows), style)
    return out.getvalue()


class _Styles:
    """The few formats of the workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        self.head = book.add_format(
            {**base, "bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom", "bg_color": "#ECEAE3"}
        )
        self.text = book.add_format({**base})
        self.wrapped = book.add_format({**base, "text_wrap": True})
        self.quoted = book.add_format({**base, "quote_prefix": True})
        self.bold = book.add_format({**base, "bold": True})
        self.numbers = {kind: book.add_format({**base, "num_format": code}) for kind, code in _FORMATS.items()}
        total = {**base, "bold": True, "top": 2}
        self.totals = {kind: book.add_format({**total, "num_format": code}) for kind, code in _FORMATS.items()}

    def of(self, kind: Kind) -> Any:
        return self.numbers.get(kind) or (self.wrapped if kind == Kind.WIDE else self.text)


def _table_sheet(sheet: Any, columns: Sequence[Named], lines: Sequence[Sequence[Cell]], style: _Styles) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS[column.kind])
        sheet.write_string(0, place, str(column.label), style.head)
    for line, values in enumerate(lines, start=1):
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            _write(sheet, line, place, value, column.kind, style)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(lines), 1), len(columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _write(sheet: Any, line: int, place: int, value: Cell, kind: Kind, style: _Styles) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        text = clean(value)
        sheet.write_string(line, place, text, style.quoted if is_formula(text) else style.of(kind))
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, style.of(kind))
    else:
        sheet.write_number(line, place, float(value), style.of(kind))


def _axis_sheet(sheet: Any, rows: Sequence[RegisterRow], style: _Styles) -> None:
    summary = by_axis(rows)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, len(summary.columns), 14)
    sheet.write_string(0, 0, _("Axe"), style.head)
    for place, label in enumerate(summary.columns, start=1):
        sheet.write_string(0, place, str(label), style.head)
    last = len(summary.index)
    kinds = [Kind.COUNT] * (len(summary.columns) - MONEY_COLUMNS) + [Kind.MONEY] * MONEY_COLUMNS
    for line, (axis, values) in enumerate(summary.iterrows(), start=1):
        _write(sheet, line, 0, str(axis), Kind.TEXT, style)
        for place, (kind, value) in enumerate(zip(kinds, values, strict=True), start=1):
            if not math.isnan(value):
                sheet.write_number(line, place, float(value), (style.totals if line == last else style.numbers)[kind])
    sheet.freeze_panes(1, 1)


def _origin_sheet(sheet: Any, origin: Origin, count: int, style: _Styles) -> None:
    lines = (
        *_drawn(origin),
        (_("Projets"), str(count)),
        (_("Source"), origin.source),
        (_("État"), _silence(origin.stale_after_days)),
        (_("Exposition"), _("Le plus grand du dépassement et du coût du retard, plus la perte attendue des risques.")),
        (_("Montants"), _("En euros. Une cellule vide veut dire : non connu, et non zéro.")),
    )
    _notes_sheet(sheet, lines, style)


def _drawn(origin: Origin) -> tuple[tuple[str, str], ...]:
    """When, by whom and of what the file was made."""
    return (
        (_("Extrait le"), origin.at.strftime("%d/%m/%Y %H:%M")),
        (_("Par"), origin.by),
        (_("Sélection"), origin.selection or _("Tous les projets en cours")),
    )


def _notes_sheet(sheet: Any, lines: Iterable[tuple[str, str]], style: _Styles) -> None:
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 80)
    for line, (label, text) in enumerate(lines):
        sheet.write_string(line, 0, label, style.bold)
        kept = clean(text)
        sheet.write_string(line, 1, kept, style.quoted if is_formula(kept) else style.wrapped)


def _silence(days: int) -> str:
    return ngettext(
        "Périmé : aucun statut depuis plus de %(days)d jour. Le silence n’est jamais vert.",
        "Périmé : aucun statut depuis plus de %(days)d jours. Le silence n’est jamais vert.",
        days,
    ) % {"days": days}


def _naive(at: datetime) -> datetime:
    """A workbook knows no time zones."""
    return at.replace(tzinfo=None)
