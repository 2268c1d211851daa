"""What a file looks like under a format, before anything is compared or written."""

from dataclasses import dataclass
from typing import Any

from portfolio.engines.cell_values import text_of
from portfolio.engines.tabular import (
    Evidence,
    HeaderOptions,
    TableRefusedError,
    TextOptions,
    evidence_of,
    rows_of_text,
    table_from_rows,
)
from portfolio.services.importers.mapping import Kind, Mapping
from portfolio.services.importers.mapping_file import mapping_from_json
from portfolio.services.importers.reading import Reading, kind_of, read
from portfolio.services.importers.records import Extraction, Record, extract
from portfolio.services.importers.refusals import refusal
from portfolio.services.importers.report import totals
from portfolio.services.importers.workbook import read_sheet, sheet_names

SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Preview:
    reading: Reading
    extraction: Extraction

    @property
    def sample(self) -> tuple[Record, ...]:
        return self.extraction.records[:SAMPLE]

    @property
    def totals(self) -> dict[str, Any]:
        return totals(self.reading, self.extraction.records)


@dataclass(frozen=True, slots=True)
class Look:
    """What a person needs to see to state how a file is to be read."""

    kind: Kind
    evidence: Evidence | None
    sheets: tuple[str, ...]


def preview(data: bytes, mapping: Mapping) -> Preview:
    reading = read(data, mapping)
    return Preview(reading, extract(reading))


def preview_json(data: bytes, raw: object) -> Preview:
    return preview(data, mapping_from_json(raw))


def look_at(data: bytes) -> Look:
    kind = kind_of(data)
    try:
        sheets = tuple(sheet_names(data)) if kind == "xlsx" else ()
    except TableRefusedError as error:
        raise refusal(error) from error
    return Look(kind, evidence_of(data) if kind == "csv" else None, sheets)


def headings(
    data: bytes, *, text: TextOptions | None, sheet: str, header_line: int, header: HeaderOptions
) -> dict[str, str]:
    """Column names under stated options with the first value below each; a file they do not fit is refused."""
    try:
        rows = rows_of_text(data, text) if text else read_sheet(data, sheet)
        table = table_from_rows(rows, header_line, header)
    except TableRefusedError as error:
        raise refusal(error) from error
    columns = zip(*(row.cells for row in table.rows), strict=True)
    firsts = (next((value for cell in column if (value := text_of(cell).strip())), "") for column in columns)
    return dict(zip(table.header, firsts, strict=True))
