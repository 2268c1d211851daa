"""Hostile files, made by code: what somebody may drop on an upload field. (name, bytes) by what it tries."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator

HEADER = b"numero;nom\n"
ROW = b"1;Projet\n"
SHEET_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_NS = "http://schemas.openxmlformats.org/package/2006"


def workbook(
    sheet: str = "<sheetData/>",
    *,
    sheets: int = 1,
    prolog: str = "",
    extra: dict[str, bytes] | None = None,
    shared: str = "",
    sheet_name: str = "Feuille",
) -> bytes:
    """A minimal XLSX written part by part, so that each part can be spoiled."""
    names = [f"{sheet_name}{number or ''}" for number in range(sheets)]
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE_NS}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(sheets)
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE_NS}/relationships"><Relationship Id="r1" '
        f'Type="{REL_NS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{prolog}<workbook {SHEET_NS} xmlns:r="{REL_NS}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n + 1}" r:id="s{n}"/>' for n, name in enumerate(names))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE_NS}/relationships">'
        + "".join(
            f'<Relationship Id="s{n}" Type="{REL_NS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(sheets)
        )
        + "</Relationships>",
    }
    if shared:
        parts["xl/sharedStrings.xml"] = shared
    for number in range(sheets):
        parts[f"xl/worksheets/sheet{number}.xml"] = f"{prolog}<worksheet {SHEET_NS}>{sheet}</worksheet>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def cells(*rows: str) -> str:
    return f"<sheetData>{''.join(rows)}</sheetData>"


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def bomb(parts: int = 1, megabytes: int = 200) -> bytes:
    """Many megabytes of one letter inside a part of a workbook."""
    big = b"<worksheet>" + b"a" * (megabytes * 1024 * 1024)
    return workbook(extra={f"xl/worksheets/big{n}.xml": big for n in range(parts)})


def nested_zip() -> bytes:
    inner = bomb(megabytes=20)
    for _level in range(3):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", inner)
        inner = buffer.getvalue()
    return inner


def plain_zip(names: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tar_slip() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("../../../etc/cron.d/x")
        entry.size = 1
        archive.addfile(entry, io.BytesIO(b"x"))
    return buffer.getvalue()


DTD = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "v">]>'
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
HEADINGS = f'<row r="1">{text_cell("A1", "numero")}{text_cell("B1", "nom")}</row>'
FIRST = f'<row r="2">{text_cell("A2", "1")}{text_cell("B2", "Projet")}</row>'

File = tuple[str, bytes]
MAKERS: dict[str, Callable[[], File]] = {
    "empty": lambda: ("liste.csv", b""),
    "one byte": lambda: ("liste.csv", b"x"),
    "only a heading": lambda: ("liste.csv", HEADER),
    "far cell": lambda: (
        "liste.xlsx",
        workbook(cells(HEADINGS, f'<row r="1048576">{text_cell("A1048576", "x")}</row>')),
    ),
    "far column": lambda: ("liste.xlsx", workbook(cells(f'<row r="1">{text_cell("XFD1", "x")}</row>'))),
    "impossible cell": lambda: ("liste.xlsx", workbook(cells(f'<row r="1">{text_cell("ZZZZ99999999", "x")}</row>'))),
    "zip bomb": lambda: ("liste.xlsx", bomb()),
    "many bombs": lambda: ("liste.xlsx", bomb(parts=3, megabytes=60)),
    "nested zip": lambda: ("liste.xlsx", nested_zip()),
    "1 000 sheets": lambda: ("liste.xlsx", workbook(cells(HEADINGS, FIRST), sheets=1000)),
    "5 000 parts": lambda: ("liste.xlsx", workbook(extra={f"xl/media/{n}.png": b"x" for n in range(5000)})),
    "million elements": lambda: ("liste.xlsx", workbook(cells("<row/>" * 1_000_000))),
    "document type": lambda: ("liste.xlsx", workbook(cells(HEADINGS), prolog=DTD)),
    "external entity": lambda: ("liste.xlsx", workbook(cells(HEADINGS.replace("nom", "&amp;e;")), prolog=XXE)),
    "billion laughs": lambda: ("liste.xlsx", workbook(cells(HEADINGS.replace("nom", "&amp;j;")), prolog=LAUGHS)),
    "deep xml": lambda: ("liste.xlsx", workbook("<a>" * 100_000)),
    "macro": lambda: (
        "liste.xlsm",
        workbook(cells(HEADINGS, FIRST), extra={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99}),
    ),
    "external link": lambda: (
        "liste.xlsx",
        workbook(
            cells(HEADINGS, FIRST), extra={"xl/externalLinks/externalLink1.xml": b'<x href="http://evil.invalid"/>'}
        ),
    ),
    "formula without value": lambda: (
        "liste.xlsx",
        workbook(cells(HEADINGS, '<row r="2"><c r="A2"><f>HYPERLINK("https://evil.invalid")</f></c></row>')),
    ),
    "path in the archive": lambda: ("liste.xlsx", plain_zip({"../../../../tmp/cadran-evil": b"x", "/etc/x": b"x"})),
    "truncated workbook": lambda: ("liste.xlsx", workbook(cells(HEADINGS, FIRST))[:-200]),
    "spoiled workbook": lambda: ("liste.xlsx", workbook(cells(HEADINGS, FIRST)).replace(b"xl/work", b"xl/wor\xff")),
    "lying sizes": lambda: ("liste.xlsx", _lie(workbook(cells(HEADINGS, FIRST)))),
    "encrypted workbook": lambda: ("liste.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096),
    "old workbook": lambda: ("liste.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook" * 999),
    "page named as a list": lambda: ("liste.csv", b"<!doctype html><script>alert(1)</script>"),
    "picture named as a workbook": lambda: ("liste.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 2000),
    "program": lambda: ("liste.csv.exe", b"MZ\x90\x00" + b"\x00" * 2000),
    "drawing with a script": lambda: ("liste.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "print file with a script": lambda: (
        "liste.pdf",
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    ),
    "print file and workbook at once": lambda: ("liste.xlsx", b"%PDF-1.7\n" + workbook(cells(HEADINGS, FIRST))),
    "picture and archive at once": lambda: (
        "liste.gif",
        b"GIF89a;" + plain_zip({"x.html": b"<script>alert(1)</script>"}),
    ),
    "tar slip": lambda: ("liste.tar.gz", tar_slip()),
    "gzip bomb": lambda: ("liste.csv.gz", gzip.compress(b"a" * 50_000_000)),
    "parent folder": lambda: ("../../../../etc/cron.d/x.csv", HEADER + ROW),
    "windows folder": lambda: ("..\\..\\windows\\x.csv", HEADER + ROW),
    "device": lambda: ("CON", HEADER + ROW),
    "255 bytes": lambda: ("é" * 125 + ".csv", HEADER + ROW),
    "4 000 bytes": lambda: ("n" * 4000 + ".csv", HEADER + ROW),
    "script in the name": lambda: ('"><img src=x onerror=alert(1)>.csv', HEADER + ROW),
    "header in the name": lambda: ("a\r\nSet-Cookie: x=1.csv", HEADER + ROW),
    "reversed name": lambda: ("liste\u202exslx.csv", HEADER + ROW),
    "dots": lambda: ("..", HEADER + ROW),
    "nul in a list": lambda: ("liste.csv", HEADER + b"1;un\x00deux\n"),
    "utf-16": lambda: ("liste.csv", "numero;nom\n1;é\n".encode("utf-16")),
    "half utf-16": lambda: ("liste.csv", "numero;nom\n".encode("utf-16")[:-1]),
    "utf-32": lambda: ("liste.csv", "numero;nom\n1;é\n".encode("utf-32")),
    "bad utf-8": lambda: ("liste.csv", HEADER + b"1;\xff\xfe\xed\xa0\x80\n"),
    "endless quote": lambda: ("liste.csv", HEADER + b'1;"' + b"x\n" * 500_000),
    "million columns": lambda: ("liste.csv", b";".join([b"c"] * 1_000_000)),
    "million lines": lambda: ("liste.csv", HEADER + b"1;x\n" * 1_000_000),
    "one endless line": lambda: ("liste.csv", HEADER + b"1;" + b"m" * 9_000_000),
    "11 MB": lambda: ("liste.csv", HEADER + ROW * 1_300_000),
}


def _lie(data: bytes) -> bytes:
    """The directory of the archive promises four gigabytes."""
    spoiled = bytearray(data)
    start = spoiled.find(b"PK\x01\x02")
    spoiled[start + 24 : start + 28] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(spoiled)


def hostile_files() -> Iterator[tuple[str, str, bytes]]:
    for what, make in MAKERS.items():
        name, data = make()
        yield what, name, data
