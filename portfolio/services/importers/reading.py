"""A file and its declared format to a table: the variant is recognised by its headings or refused."""

from dataclasses import dataclass

from portfolio.engines.tabular import (
    Row,
    Table,
    TableRefusedError,
    column_names,
    decode,
    head_of_text,
    looks_binary,
    looks_transposed,
    rows_of_text,
    table_from_rows,
)
from portfolio.services.importers.mapping import Kind, Mapping, Variant
from portfolio.services.importers.refusals import MAX_FILE_SIZE, ImportRefusedError, refusal
from portfolio.services.importers.workbook import is_workbook, read_sheet

_OTHER_TYPES = (
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7Z"),
    (b"Rar!", "RAR"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    mapping: Mapping
    variant: Variant
    table: Table


def kind_of(data: bytes) -> Kind:
    """CSV or XLSX by content; anything recognisably else is refused."""
    if len(data) > MAX_FILE_SIZE:
        raise ImportRefusedError("file_too_big", limit=MAX_FILE_SIZE // 1024 // 1024)
    if not data.strip():
        raise ImportRefusedError("empty")
    if is_workbook(data):
        return "xlsx"
    other = other_type(data)
    if other:
        raise ImportRefusedError("wrong_type", shown=other, expected="CSV, XLSX")
    return "csv"


def other_type(data: bytes) -> str | None:
    """The name of a type that no import reads, where the first bytes give it away."""
    return next((name for magic, name in _OTHER_TYPES if data.startswith(magic)), None)


def read(data: bytes, mapping: Mapping) -> Reading:
    """The table of the file under the one variant whose headings it carries."""
    kind = kind_of(data)
    candidates = [variant for variant in mapping.variants if variant.kind == kind]
    if not candidates:
        expected = " / ".join(sorted({variant.kind.upper() for variant in mapping.variants}))
        raise ImportRefusedError("wrong_type", shown=kind.upper(), expected=expected)
    try:
        sheets = {variant.sheet: read_sheet(data, variant.sheet) for variant in candidates if kind == "xlsx"}
        variant = _recognise(data, mapping, candidates, sheets)
        rows = sheets[variant.sheet] if kind == "xlsx" else rows_of_text(data, variant.text)
        return Reading(mapping, variant, table_from_rows(rows, variant.header_line, variant.header))
    except TableRefusedError as error:
        raise refusal(error) from error


def _recognise(data: bytes, mapping: Mapping, candidates: list[Variant], sheets: dict[str, list[Row]]) -> Variant:
    headings = {variant.name: _heading(data, variant, sheets) for variant in candidates}
    fitting = [variant for variant in candidates if not variant.missing(headings[variant.name])]
    if fitting:
        return max(fitting, key=lambda variant: len(variant.signature))
    for variant in candidates:
        if looks_transposed(_rows_to_inspect(data, variant, sheets), mapping.labels):
            raise ImportRefusedError("transposed")
    nearest = min(candidates, key=lambda item: len(item.missing(headings[item.name])) / len(item.signature))
    _refuse_unreadable_text(data, nearest, only_choice=len(candidates) == 1)
    raise ImportRefusedError(
        "missing_columns",
        line=nearest.header_line,
        mapping=mapping.name,
        variant=nearest.name,
        columns=nearest.missing(headings[nearest.name]),
        found=list(headings[nearest.name])[:50],
    )


def _refuse_unreadable_text(data: bytes, variant: Variant, *, only_choice: bool) -> None:
    """A NUL or an impossible byte says more than the columns it hides; so does a wrong encoding of the only variant."""
    if variant.kind != "csv":
        return
    try:
        decode(data, variant.text)
    except TableRefusedError as error:
        if only_choice or error.code != "encoding_contradicted":
            raise


def _heading(data: bytes, variant: Variant, sheets: dict[str, list[Row]]) -> tuple[str, ...]:
    """Column names as the variant would read them; none where they cannot be read that way."""
    try:
        rows = _rows_to_inspect(data, variant, sheets, heading_only=True)
        if len(rows) < variant.header_line:
            return ()
        return tuple(column_names(rows[variant.header_line - 1], (), variant.header))
    except TableRefusedError:
        return ()


def _rows_to_inspect(
    data: bytes, variant: Variant, sheets: dict[str, list[Row]], *, heading_only: bool = False
) -> list[Row]:
    if variant.kind == "xlsx":
        return sheets[variant.sheet]
    if looks_binary(data):
        return []
    try:
        return head_of_text(data, variant.text, variant.header_line if heading_only else 200)
    except TableRefusedError:
        return []
