"""Bytes to rows: what a delimited text file says, under options stated beforehand.

Nothing is guessed. Encoding, delimiter and header line are given; a file that
contradicts them is refused with the line where it does. `evidence_of` looks at
a file and says what it shows, so that a person can choose; nothing here acts on
that evidence. See docs/importing.md.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Cell = str | int | Decimal | bool | date | datetime | None

ENCODINGS = ("utf-8", "cp1252", "iso-8859-1", "iso-8859-15", "utf-16")
DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 200
MAX_ROWS = 2_000
MAX_LINES_SCANNED = 20_000
MAX_CELL = 50_000
LISTED = 20
HEAD_BYTES = 2 * 1024 * 1024
MAX_CELLS_IN_LINE = 2_000

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_REPLACED = "\ufffd"
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

Invalid = Literal["refuse", "replace"]
Repeated = Literal["refuse", "number"]


class TableRefusedError(Exception):
    """The file is not what it was said to be; nothing of it may be used.

    `code` names the reason, `details` carries line numbers and offending names.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True)
class TextOptions:
    """How a delimited file is to be read; every value is somebody's explicit choice."""

    encoding: str = "utf-8"
    delimiter: str = ","
    header_line: int = 1
    invalid_bytes: Invalid = "refuse"


@dataclass(frozen=True, slots=True)
class HeaderOptions:
    repeated: Repeated = "refuse"
    blank: Repeated = "refuse"


@dataclass(frozen=True, slots=True)
class Row:
    """One source row; `number` is the line of the file (CSV) or the row of the sheet (XLSX)."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A character that could not be kept: where it stood, what it was."""

    row: int
    column: str
    value: str
    kept_as: str


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]
    blank_tail: int = 0
    replacements: tuple[Replacement, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a text file shows about itself: for a person to look at, not to act upon."""

    bom: str | None
    decodes_as: tuple[str, ...]
    non_ascii_bytes: int
    delimiters: dict[str, int]
    line_endings: dict[str, int]
    first_line: str


def looks_binary(data: bytes) -> bool:
    return b"\x00" in data[:4096] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def evidence_of(data: bytes) -> Evidence:
    bom = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    head = data[:65_536]
    first = re.split(rb"[\r\n]", head, maxsplit=1)[0]
    return Evidence(
        bom=bom,
        decodes_as=tuple(name for name in ENCODINGS if name != "utf-16" and _decodes(data, name)),
        non_ascii_bytes=sum(byte >= 0x80 for byte in data),
        delimiters={mark: first.count(mark.encode()) for mark in DELIMITERS},
        line_endings={
            "crlf": data.count(b"\r\n"),
            "lf": data.count(b"\n") - data.count(b"\r\n"),
            "cr": data.count(b"\r") - data.count(b"\r\n"),
        },
        first_line=first.decode("utf-8", "replace")[:400],
    )


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def decode(data: bytes, options: TextOptions) -> str:
    """The text under the stated encoding; refused where the bytes contradict it."""
    if options.encoding not in ENCODINGS:
        raise TableRefusedError("unknown_encoding", encoding=options.encoding, known=list(ENCODINGS))
    if not data.strip():
        raise TableRefusedError("empty")
    bom = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if bom and bom != options.encoding:
        raise TableRefusedError("encoding_contradicted", line=1, declared=options.encoding, shown=bom)
    text = _decode_strictly(data, options)
    _refuse_mojibake(data, options)
    nul = text.find("\x00")
    if nul >= 0:
        raise TableRefusedError("nul", line=text.count("\n", 0, nul) + 1)
    return text.removeprefix("\ufeff")


def _decode_strictly(data: bytes, options: TextOptions) -> str:
    try:
        return data.decode(options.encoding)
    except UnicodeDecodeError as error:
        if options.invalid_bytes == "replace":
            return data.decode(options.encoding, "replace")
        raise TableRefusedError(
            "bad_encoding",
            line=data.count(b"\n", 0, error.start) + 1,
            byte=f"0x{data[error.start]:02X}" if error.start < len(data) else "",
            declared=options.encoding,
        ) from error


def _refuse_mojibake(data: bytes, options: TextOptions) -> None:
    """A file with accents that is valid UTF-8 is UTF-8, whatever one-byte encoding was stated."""
    if options.encoding.startswith("utf") or data.isascii():
        return
    if _decodes(data, "utf-8"):
        line = next(number for number, raw in enumerate(data.split(b"\n"), 1) if not raw.isascii())
        raise TableRefusedError("encoding_contradicted", line=line, declared=options.encoding, shown="utf-8")


def read_lines(text: str, delimiter: str) -> Iterator[Row]:
    """Records of a delimited text with the line each one starts on; malformed quoting is refused."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "unterminated_quote" if "end of data" in str(error) else "bad_quoting"
            if "field larger" in str(error):
                code = "cell_too_long"
            raise TableRefusedError(code, line=start, until=reader.line_num) from error
        if len(record) > MAX_CELLS_IN_LINE:
            raise TableRefusedError("too_many_columns", line=start, count=len(record), limit=MAX_COLUMNS)
        yield Row(start, tuple(record))
        start = reader.line_num + 1


def rows_of_text(data: bytes, options: TextOptions) -> list[Row]:
    """Every record of a delimited file under its stated options."""
    if options.delimiter not in DELIMITERS:
        raise TableRefusedError("unknown_delimiter", delimiter=options.delimiter, known=list(DELIMITERS))
    return list(_limited(read_lines(decode(data, options), options.delimiter)))


def head_of_text(data: bytes, options: TextOptions, records: int) -> list[Row]:
    """The first records alone, undecodable bytes shown as such: to compare headings with what is expected."""
    text = data[:HEAD_BYTES].decode(options.encoding, "replace").removeprefix("\ufeff")
    found: list[Row] = []
    try:
        for row in read_lines(text.replace("\x00", _REPLACED), options.delimiter):
            found.append(row)
            if len(found) == records:
                break
    except TableRefusedError:
        if not found:
            raise
    return found


def table_from_rows(records: Sequence[Row], header_line: int, options: HeaderOptions) -> Table:
    """The table under its header line, or `TableRefusedError` naming every line that does not fit."""
    if len(records) < header_line:
        raise TableRefusedError("no_header", line=header_line)
    heading, *body = records[header_line - 1 :]
    width = len(heading.cells)
    if width > MAX_COLUMNS:
        raise TableRefusedError("too_many_columns", line=heading.number, count=width, limit=MAX_COLUMNS)
    ragged = [row for row in body if len(row.cells) != width and not row.is_blank]
    if ragged:
        raise TableRefusedError(
            "ragged",
            line=ragged[0].number,
            lines=[row.number for row in ragged[:LISTED]],
            counts=[len(row.cells) for row in ragged[:LISTED]],
            expected=width,
            total=len(ragged),
        )
    return build_table(heading, body, options)


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, 1):
        if count > MAX_LINES_SCANNED:
            raise TableRefusedError("too_many_rows", line=row.number, limit=MAX_LINES_SCANNED)
        yield row


def build_table(heading: Row, body: Sequence[Row], options: HeaderOptions) -> Table:
    """Rows under unambiguous column names; blank rows at the end are padding, not rows."""
    names = column_names(heading, body, options)
    last = max((index for index, row in enumerate(body, 1) if not row.is_blank), default=0)
    if last == 0:
        raise TableRefusedError("no_rows", line=heading.number)
    if last > MAX_ROWS:
        raise TableRefusedError("too_many_rows", line=body[MAX_ROWS].number, limit=MAX_ROWS)
    replacements: list[Replacement] = []
    kept = [index for index, name in enumerate(names) if name]
    rows = []
    for row in body[:last]:
        cells = row.cells + (None,) * (len(names) - len(row.cells))
        rows.append(Row(row.number, tuple(_safe(cells[i], row.number, names[i], replacements) for i in kept)))
    header = tuple(names[index] for index in kept)
    return Table(header, heading.number, tuple(rows), len(body) - last, tuple(replacements))


def column_names(heading: Row, body: Sequence[Row], options: HeaderOptions) -> list[str]:
    """One name per column; `""` marks an empty column without heading, which is left out.

    A repeated heading becomes `name [1]`, `name [2]`; a missing one above data
    becomes `[position]`; both only where the options allow it.
    """
    names = [normalise_label(cell) for cell in heading.cells]
    if not any(names):
        raise TableRefusedError("no_header", line=heading.number)
    repeated = {name for name, count in Counter(names).items() if name and count > 1}
    if repeated and options.repeated == "refuse":
        raise TableRefusedError("repeated_headers", line=heading.number, columns=sorted(repeated))
    seen: Counter[str] = Counter()
    for index, name in enumerate(names):
        if name in repeated:
            seen[name] += 1
            names[index] = f"{name} [{seen[name]}]"
        elif not name:
            filled = next((row.number for row in body if _has_value(row, index)), None)
            if filled is not None and options.blank == "refuse":
                raise TableRefusedError("unnamed_column", line=filled, column=index + 1)
            names[index] = f"[{index + 1}]" if filled is not None else ""
    return names


def _has_value(row: Row, index: int) -> bool:
    return index < len(row.cells) and not Row(0, (row.cells[index],)).is_blank


def normalise_label(cell: Cell) -> str:
    """A heading as one line: inner white space collapsed, ends trimmed."""
    return _UNSAFE.sub(_REPLACED, " ".join(str(cell).split())) if cell is not None else ""


def without_unsafe(text: str) -> str:
    """The text with U+FFFD in place of control and direction characters."""
    return _UNSAFE.sub(_REPLACED, text)


def identity(text: str) -> str:
    """The key under which two spellings of one name meet: case, accents and spacing ignored."""
    stripped = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(stripped.casefold().split())


def _safe(cell: Cell, row: int, column: str, replacements: list[Replacement]) -> Cell:
    """Text without control or direction characters; each one replaced is reported."""
    if not isinstance(cell, str):
        return cell
    if len(cell) > MAX_CELL:
        raise TableRefusedError("cell_too_long", line=row, column=column, limit=MAX_CELL)
    if _REPLACED not in cell and not _UNSAFE.search(cell):
        return cell
    found = re.findall(f"{_REPLACED}|{_UNSAFE.pattern}", cell)
    kinds = sorted({"?" if mark == _REPLACED else f"U+{ord(mark):04X}" for mark in found})
    replacements.append(Replacement(row, column, f"{len(found)} × {', '.join(kinds)}", _REPLACED))
    return _UNSAFE.sub(_REPLACED, cell)


def looks_transposed(rows: Sequence[Row], labels: Sequence[str]) -> bool:
    """Column headings run down the first column: projects lie in columns, not in rows.

    `labels` are the beginnings of the headings known for the format.
    """
    known = [identity(label) for label in labels if label]
    down = {_known(row.cells[0], known) for row in rows if row.cells} - {None}
    across = {_known(cell, known) for row in rows[:1] for cell in row.cells} - {None}
    return len(down) >= min(4, max(2, len(known))) and len(down) > len(across)


def _known(cell: Cell, known: Sequence[str]) -> str | None:
    text = identity(str(cell)) if cell is not None else ""
    return next((label for label in known if text.startswith(label)), None) if text else None
