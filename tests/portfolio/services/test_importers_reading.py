import io
import random
import resource
import time
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.engines.cell_values import NumberFormat, parse_date, parse_number, to_cents
from portfolio.services.importers.mapping_file import mapping_as_json, mapping_from_bytes, mapping_from_json
from portfolio.services.importers.presets import PRESETS
from portfolio.services.importers.preview import preview, preview_json
from portfolio.services.importers.refusals import ImportRefusedError

HEADER = "Nom;Début;Fin;Coût"
SHEET_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_TAIL = "</sheetData></worksheet>"
HEADING_ROW = (
    '<row r="1">'
    + "".join(
        f'<c r="{column}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for column, name in zip("ABCD", HEADER.split(";"), strict=True)
    )
    + "</row>"
)


def described(**changes: object) -> dict[str, object]:
    figures = {"decimal": ",", "group": " ", "signs": ["€"]}
    return {
        "source": "essai",
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ";",
        "columns": [
            {"header": "Nom", "field": "name"},
            {"header": "Début", "field": "start", "date_format": "dd/mm/yyyy"},
            {"header": "Fin", "field": "end", "date_format": "dd/mm/yyyy"},
            {"header": "Coût", "field": "cost", **figures},
        ],
    } | changes


def workbook_with(sheet: str, *extra: tuple[str, str]) -> bytes:
    plain, crafted = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(crafted, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
        for name, content in extra:
            target.writestr(name, content)
    return crafted.getvalue()


def refusal_of(data: bytes, raw: object = None) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as refused:
        preview_json(data, raw or described())
    return refused.value


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty", None),
        (b" \n\n", "empty", None),
        (HEADER.encode(), "no_rows", 1),
        (f"{HEADER}\nA;01/01/2026;;1\nB;;\nC;;;;;".encode(), "ragged", 3),
        (f'{HEADER}\nA;;;\n"B;;;\nC;;;'.encode(), "unterminated_quote", 3),
        (f'{HEADER}\nA;;;\n"B"x;;;'.encode(), "bad_quoting", 3),
        (f"{HEADER}\nA;;;\nB\x00;;;".encode(), "nul", 3),
        (f"{HEADER}\nÉcole;;;".encode("cp1252"), "bad_encoding", 1),
        (b"Nom;D\xc3\xa9but\nA;\xe9", "bad_encoding", 2),
        (f"\ufeff{HEADER}\nA;;;".encode("utf-16"), "encoding_contradicted", 1),
        (f"Nom;Début;Coût\nA;;{1}".encode(), "missing_columns", 1),
        (f"{HEADER};Coût\nA;;;1;2".encode(), "missing_columns", 1),
        (f"{HEADER};\nA;;;;x".encode(), "unnamed_column", 2),
        (f"{HEADER}\nA;04/15/2026;;\nB;;31/02/2026;".encode(), "bad_cells", 2),
        (f"{HEADER}\nA;;;\na ;;;".encode(), "duplicate_rows", 2),
        (f"{HEADER}\nA;;;-12".encode(), "bad_cells", 2),
        (f"{HEADER}\n{'A' * 161};;;".encode(), "bad_cells", 2),
        (f"{HEADER}\nA;;;{'9' * 30}".encode(), "bad_cells", 2),
        ("Nom;Alpha;Beta\nDébut;;\nFin;;\nCoût;1;2".encode(), "transposed", None),
        (b"%PDF-1.7", "wrong_type", None),
        (b"\xd0\xcf\x11\xe0rest", "wrong_type", None),
        (b"PK\x03\x04rest", "wrong_type", None),
        (b"x" * (10 * 1024 * 1024 + 1), "file_too_big", None),
    ],
)
def test_broken_file_is_refused_at_its_line(data: bytes, code: str, line: int | None) -> None:
    error = refusal_of(data)

    assert (error.code, error.details.get("line")) == (code, line)
    assert "%(" not in error.message


def test_every_bad_cell_is_listed_and_nothing_is_half_read() -> None:
    error = refusal_of(f"{HEADER}\nA;2026-01-01;;\nB;;;1.5.2\nC;;;12".encode())

    assert error.details["cells"] == [
        {"row": 2, "column": "Début", "value": "2026-01-01"},
        {"row": 3, "column": "Coût", "value": "1.5.2"},
    ]


def test_words_in_money_and_dates_become_null_and_keep_their_text() -> None:
    found = preview_json(f"{HEADER}\nA;à fixer;31/12/2026;12 500,50 €\nB;;;confidentiel".encode(), described())

    first, second = found.extraction.records
    assert (first.start, first.end, first.cost) == (None, date(2026, 12, 31), Decimal("12500.50"))
    assert second.cost is None
    assert [item.as_json() for item in found.extraction.warnings] == [
        {"row": 2, "column": "Début", "value": "à fixer", "kept_as": "text"},
        {"row": 3, "column": "Coût", "value": "confidentiel", "kept_as": "text"},
    ]
    assert second.source_values == {"Nom": "B", "Coût": "confidentiel"}


def test_every_row_is_accounted_for_blank_ones_inside_and_padding_after() -> None:
    found = preview_json(f"{HEADER}\nA;;;\n;;;\n;;;7\nB;;;\n;;;\n\n".encode(), described())

    assert found.extraction.rows == 4
    assert [item.as_json() for item in found.extraction.skipped] == [
        {"row": 3, "reason": "ligne vide"},
        {"row": 4, "reason": "aucun nom de projet"},
    ]
    assert found.reading.table.blank_tail == 2


def test_utf8_read_as_one_byte_encoding_is_refused_not_garbled() -> None:
    error = refusal_of(f"{HEADER}\nA;;;\nÉcole;;;".encode(), described(encoding="cp1252"))

    assert (error.code, error.details["shown"]) == ("encoding_contradicted", "utf-8")


def test_line_numbers_count_the_lines_inside_quoted_cells() -> None:
    error = refusal_of(f'{HEADER}\n"A\nsuite\nfin";;;\nB;;'.encode())

    assert (error.code, error.details["lines"]) == ("ragged", [5])


def test_control_and_direction_characters_are_replaced_and_reported() -> None:
    found = preview_json(f"{HEADER}\nA\x0b\u202eB;;;".encode(), described())

    assert found.extraction.records[0].name == "A\ufffd\ufffdB"
    assert found.extraction.warnings[0].value == "2 × U+000B, U+202E"


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("250 000,00", NumberFormat(",", "\u00a0"), "250000.00"),
        ("250\u202f000,01", NumberFormat(",", "\u00a0"), "250000.01"),
        ("250.000,01", NumberFormat(",", "."), "250000.01"),
        ("£1,234.50", NumberFormat(".", ",", ("£",)), "1234.50"),
        ("-£120.11", NumberFormat(".", ",", ("£",)), "-120.11"),
        ("1,23,456", NumberFormat(".", ","), None),
        ("250k", NumberFormat(), None),
        ("1e400", NumberFormat(), None),
        ("NaN", NumberFormat(), None),
        ("-0", NumberFormat(), "0"),
        ("١٢", NumberFormat(), None),
        ("1.234", NumberFormat(","), None),
    ],
)
def test_number_is_exact_or_nothing(text: str, form: NumberFormat, value: str | None) -> None:
    assert parse_number(text, form).value == (Decimal(value) if value is not None else None)


@pytest.mark.parametrize(
    ("text", "form", "value"),
    [
        ("29/02/2024", "dd/mm/yyyy", date(2024, 2, 29)),
        ("29/02/2025", "dd/mm/yyyy", None),
        ("01.12.98", "dd.mm.yy", date(1998, 12, 1)),
        ("31.12.50", "dd.mm.yy", date(2050, 12, 31)),
        ("0001-01-01", "yyyy-mm-dd", None),
        ("9999-12-31", "yyyy-mm-dd", None),
    ],
)
def test_date_is_read_in_its_stated_format_only(text: str, form: str, value: date | None) -> None:
    assert parse_date(text, form).value == value


def test_millions_become_cents_without_binary_rounding() -> None:
    assert to_cents(Decimal("81.6"), Decimal(1_000_000)) == Decimal("81600000.00")
    assert to_cents(Decimal("0.0000005"), Decimal(10_000)) == Decimal("0.01")


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "far_cell"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
        ('<row r="1">' + '<c r="A1"><v>1</v></c>' * 300_000 + "</row>", "workbook_too_big"),
        (
            HEADING_ROW + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 9_000)),
            "too_many_rows",
        ),
        (" " * 60_000_000, "unpacked_too_big"),
        ('<row r="1"><c r="A1"><f>1+1</f></c></row><row r="2"><c r="A2"><v>1</v></c></row>', "formula_without_value"),
        ('<row r="1"><c r="A1"><v>' + "9" * 9_000 + "</v></c></row>", "unreadable_workbook"),
        ("<row", "unreadable_workbook"),
        ("", "empty"),
    ],
)
def test_hostile_workbook_is_refused_quickly_and_cheaply(sheet: str, code: str) -> None:
    data = workbook_with(SHEET_HEAD + sheet + SHEET_TAIL)
    raw = {name: value for name, value in described(format="xlsx").items() if name not in ("encoding", "delimiter")}
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    error = refusal_of(data, raw)

    assert error.code == code
    assert time.monotonic() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024


@pytest.mark.parametrize("part", [b";", b'"', b"Nom;", b"a;b\n", "é;".encode(), b"\n", b'";";'])
def test_ten_megabytes_of_anything_are_refused_quickly_and_cheaply(part: bytes) -> None:
    data = part * (10 * 1024 * 1024 // len(part))
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    for mapping in (mapping_from_json(described()), *PRESETS.values()):
        with pytest.raises(ImportRefusedError):
            preview(data, mapping)

    assert time.monotonic() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024


def test_workbook_with_a_document_type_a_thousand_sheets_or_a_password_is_refused() -> None:
    raw = {name: value for name, value in described(format="xlsx").items() if name not in ("encoding", "delimiter")}
    doctype = workbook_with('<!DOCTYPE a [<!ENTITY b "c">]>' + SHEET_HEAD + SHEET_TAIL)
    sheets = [(f"xl/worksheets/sheet{n}.xml", SHEET_HEAD + SHEET_TAIL) for n in range(2, 1002)]

    assert refusal_of(doctype, raw).code == "document_type"
    assert refusal_of(workbook_with(SHEET_HEAD + SHEET_TAIL, *sheets), raw).code == "too_many_sheets"


def test_random_bytes_and_damaged_workbooks_raise_nothing_but_refusals() -> None:
    source = random.Random(20_261_121)
    good = io.BytesIO()
    openpyxl.Workbook().save(good)
    for _attempt in range(150):
        damaged = bytearray(good.getvalue())
        for _byte in range(12):
            damaged[source.randrange(len(damaged))] = source.randrange(256)
        for data in (source.randbytes(300), b"PK\x03\x04" + source.randbytes(300), bytes(damaged)):
            for mapping in PRESETS.values():
                with pytest.raises(ImportRefusedError):
                    preview(data, mapping)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from('Nom;Début\n\r",\x00\ufeffé12/€ '), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = preview_json(f"{HEADER}\n{text}".encode(), described())
    except ImportRefusedError:
        return
    assert found.extraction.rows == len(found.extraction.records) + len(found.extraction.skipped)


@pytest.mark.parametrize("mapping", PRESETS.values(), ids=lambda mapping: mapping.name)
def test_format_written_as_json_reads_back_the_same(mapping: object) -> None:
    for variant in mapping.variants:  # type: ignore[attr-defined]
        raw = mapping_as_json(mapping, variant)  # type: ignore[arg-type]
        again = mapping_from_json(raw)
        assert mapping_as_json(again, again.variants[0]) == raw


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"encodings": "utf-8"}, "encodings"),
        ({"encoding": "klingon"}, "encoding"),
        ({"delimiter": None}, "delimiter"),
        ({"header_line": 0}, "header_line"),
        ({"header_line": True}, "header_line"),
        ({"source": "../x"}, "source"),
        ({"columns": []}, "columns"),
        ({"columns": [{"header": "Nom", "field": "__class__"}]}, "columns[0].field"),
        ({"columns": [{"header": "Nom", "field": "name"}, {"header": "D", "field": "start"}]}, "columns[1].date"),
        ({"exchange_rate": "1e400"}, "exchange_rate"),
        ({"phases": {"X": {"life_cycle": "on_hold"}}}, "phases.X.life_cycle"),
        ({"edition": "hier"}, "edition"),
    ],
)
def test_format_file_is_checked_strictly(change: dict[str, object], named: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        mapping_from_json(described(**change))

    assert refused.value.code == "bad_mapping"
    assert named in refused.value.message


@pytest.mark.parametrize("data", [b"", b"[1]", b"{", b"\xff", b"[" * 100_000, b"{" + b" " * 300_000])
def test_format_file_that_is_no_json_object_is_refused(data: bytes) -> None:
    with pytest.raises(ImportRefusedError):
        mapping_from_bytes(data)


def test_preset_can_be_extended_by_an_exchange_rate_only() -> None:
    mapping = mapping_from_json({"extends": "gmpp", "exchange_rate": "1.15"})

    assert (mapping.currency, mapping.exchange_rate) == ("GBP", Decimal("1.15"))
