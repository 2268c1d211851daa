"""Workbook bytes to rows, with the cost of a hostile file known before it is opened.

Every part of the archive is counted (unpacked size, elements, furthest filled
cell) by a streaming parser that refuses document types, and only then given to
openpyxl, row by row and inside the bounds that were counted.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.parsers import expat

import openpyxl
from openpyxl.utils import coordinate_to_tuple

from portfolio.engines.tabular import (
    LISTED,
    MAX_COLUMNS,
    MAX_LINES_SCANNED,
    Cell,
    Row,
    TableRefusedError,
    normalise_label,
)

MAX_PARTS = 500
MAX_SHEETS = 50
MAX_UNPACKED = 50 * 1024 * 1024
MAX_ELEMENTS = {"worksheet": 400_000, "sst": 400_000}
MAX_OTHER_ELEMENTS = 20_000
MAX_ALL_ELEMENTS = 500_000
MAX_CELLS_IN_ROW = 20_000
ZIP_MAGIC = b"PK\x03\x04"
_XML_START = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class _Part:
    """What one XML part of the archive holds, counted without building a tree."""

    root: str = ""
    elements: int = 0
    last_row: int = 0
    last_column: int = 0
    cells_in_row: int = 0
    unvalued_formulas: list[int] = field(default_factory=list)
    _cell: str = ""
    _has_formula: bool = False
    _has_value: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(":", 1)[-1]
        self.root = self.root or name
        self.elements += 1
        limit = MAX_ELEMENTS.get(self.root, MAX_OTHER_ELEMENTS)
        if self.elements > limit:
            raise TableRefusedError("workbook_too_big", limit=limit)
        if self.root != "worksheet":
            return
        if name == "row":
            self.cells_in_row = 0
        elif name == "c":
            self._count_cell()
            self._cell, self._has_formula, self._has_value = attributes.get("r", ""), False, False
        elif name == "f":
            self._has_formula = True
        elif name in ("v", "is"):
            self._has_value = True
            self._reach()

    def _count_cell(self) -> None:
        self.cells_in_row += 1
        if self.cells_in_row > MAX_CELLS_IN_ROW:
            raise TableRefusedError("workbook_too_big", limit=MAX_CELLS_IN_ROW)

    def end(self, tag: str) -> None:
        if tag.rsplit(":", 1)[-1] == "c" and self._has_formula and not self._has_value and self._cell:
            self.unvalued_formulas.append(coordinate_to_tuple(self._cell)[0])

    def _reach(self) -> None:
        if not self._cell:
            raise TableRefusedError("unreadable_workbook")
        row, column = coordinate_to_tuple(self._cell)
        if row > MAX_LINES_SCANNED:
            raise TableRefusedError("far_cell", cell=self._cell[:12], line=row, limit=MAX_LINES_SCANNED)
        if column > MAX_COLUMNS:
            raise TableRefusedError("too_many_columns", line=row, count=column, limit=MAX_COLUMNS)
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)


def is_workbook(data: bytes) -> bool:
    return data.startswith(ZIP_MAGIC)


def sheet_names(data: bytes) -> list[str]:
    """Names of the visible sheets, in order."""
    with _opened(data) as (book, _parts):
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def read_sheet(data: bytes, sheet: str) -> list[Row]:
    """Every row of one sheet; without a name the workbook must have a single visible sheet."""
    with _opened(data) as (book, parts):
        chosen = _choose(book, sheet)
        part = parts.get(str(chosen._worksheet_path).lstrip("/"), _Part())
        if part.unvalued_formulas:
            lines = part.unvalued_formulas
            raise TableRefusedError("formula_without_value", line=lines[0], lines=lines[:LISTED], total=len(lines))
        return list(_rows(chosen, part))


def _choose(book: Any, name: str) -> Any:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    found = [sheet for sheet in visible if not name or normalise_label(sheet.title) == normalise_label(name)]
    if len(found) != 1:
        raise TableRefusedError("which_sheet", wanted=name, sheets=[sheet.title for sheet in visible][:LISTED])
    return found[0]


def _rows(sheet: Any, part: _Part) -> Iterator[Row]:
    if not part.last_row:
        raise TableRefusedError("empty")
    sheet.reset_dimensions()
    lines = sheet.iter_rows(max_row=part.last_row, max_col=part.last_column, values_only=True)
    for number, values in enumerate(lines, 1):
        yield Row(number, tuple(_cell(value) for value in values))


def _cell(value: object) -> Cell:
    if isinstance(value, float):
        exact = Decimal(repr(value))
        return exact if exact.is_finite() else str(value)
    if value is None or isinstance(value, str | int | date | datetime):
        return value
    return str(value)


@contextmanager
def _opened(data: bytes) -> Iterator[tuple[Any, dict[str, _Part]]]:
    """The workbook once its parts are counted; whatever a broken file makes a library raise is one refusal."""
    book = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parts = _inspect(data)
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            yield book, parts
    except TableRefusedError:
        raise
    except Exception as error:
        raise TableRefusedError("unreadable_workbook") from error
    finally:
        if book is not None:
            book.close()


def _inspect(data: bytes) -> dict[str, _Part]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_PARTS:
            sheets = sum(entry.filename.startswith("xl/worksheets/") for entry in entries)
            raise TableRefusedError("too_many_sheets" if sheets > MAX_SHEETS else "workbook_too_big", limit=MAX_SHEETS)
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise TableRefusedError("unpacked_too_big", limit=MAX_UNPACKED // 1024 // 1024)
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise TableRefusedError("encrypted")
        parts = {}
        for entry in entries:
            parts[entry.filename] = _count(archive, entry)
            if sum(part.elements for part in parts.values()) > MAX_ALL_ELEMENTS:
                raise TableRefusedError("workbook_too_big", limit=MAX_ALL_ELEMENTS)
    if sum(part.root == "worksheet" for part in parts.values()) > MAX_SHEETS:
        raise TableRefusedError("too_many_sheets", limit=MAX_SHEETS)
    return parts


def _count(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Part:
    part = _Part()
    parser = expat.ParserCreate()
    parser.StartElementHandler = part.start
    parser.EndElementHandler = part.end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(entry) as stream:
        head = stream.read(65_536)
        if not head.lstrip().startswith(_XML_START):
            return part
        while head:
            parser.Parse(head, False)
            head = stream.read(65_536)
        parser.Parse(b"", True)
    return part


def _refuse_doctype(*_declaration: object) -> None:
    raise TableRefusedError("document_type")
