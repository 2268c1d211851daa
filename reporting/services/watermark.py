"""One person's copy of a printed pack: a line in the lower margin of every page says whose it is.

The line is a marked artifact, drawn once and shown on each page, in the pack's own typeface: the structure tree,
the bookmarks and the metadata stay as they were printed, so the copy is as accessible as the original. The
original's hash is kept in the copy's document information.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
from django.conf import settings
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

ORIGINAL = "/CadranOriginalSHA256"
_FONT_FILE = "registre-sans-400.woff2"
_SIZE = 6.4
_LEFT, _BASELINE = 34.0, 11.0
_GREY = "0.35 0.36 0.40"
_RESOURCE = Name("/CadranCopy")
_LINE_MAX = 160


@dataclass(frozen=True, slots=True)
class _Typeface:
    """The signs of one line: the font program, the glyph of each sign, its width in thousandths."""

    program: bytes
    glyphs: dict[str, int]
    widths: dict[int, int]
    ascent: int
    descent: int
    box: tuple[int, int, int, int]


def stamp(original: bytes, line: str) -> bytes:
    """The same document with the line in the lower margin of each page; equal input gives equal bytes."""
    face = _typeface(_printable(line))
    text = "".join(sign for sign in _printable(line) if sign in face.glyphs)
    with pikepdf.open(io.BytesIO(original)) as document:
        drawing = _drawing(document, face, text)
        for page in document.pages:
            page.contents_add(b"q", prepend=True)
            page.contents_add(
                b"Q\n/Artifact <</Type /Pagination /Subtype /Footer>> BDC\nq "
                + bytes(page.add_resource(drawing, Name.XObject, _RESOURCE))
                + b" Do Q\nEMC",
            )
        document.docinfo[ORIGINAL] = String(hashlib.sha256(original).hexdigest())
        written = io.BytesIO()
        document.save(written, deterministic_id=True, fix_metadata_version=False)
    return written.getvalue()


def _printable(line: str) -> str:
    """The line in signs that any typeface of the pack can show on one line."""
    flat = " ".join(unicodedata.normalize("NFC", line).split())[:_LINE_MAX]
    known = _known()
    return "".join(sign if ord(sign) in known else _plainer(sign, known) for sign in flat)


def _plainer(sign: str, known: frozenset[int]) -> str:
    base = unicodedata.normalize("NFKD", sign)[:1]
    return base if base and ord(base) in known else "?"


@cache
def _font_bytes() -> bytes:
    """The typeface without compression and layout rules, which one line does not need; read once per process."""
    font = TTFont(Path(settings.BASE_DIR) / "static" / "fonts" / _FONT_FILE)
    font.flavor = None
    for table in ("GSUB", "GPOS", "GDEF"):
        if table in font:
            del font[table]
    plain = io.BytesIO()
    font.save(plain)
    return plain.getvalue()


@cache
def _known() -> frozenset[int]:
    return frozenset(TTFont(io.BytesIO(_font_bytes()), lazy=True).getBestCmap())


def _typeface(text: str) -> _Typeface:
    """The typeface cut down to the signs of the text."""
    font = TTFont(io.BytesIO(_font_bytes()), recalcTimestamp=False)
    options = subset.Options(layout_features=[], name_IDs=[], notdef_outline=True, hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=text)
    cutter.subset(font)
    scale = 1000 / font["head"].unitsPerEm
    order = {name: number for number, name in enumerate(font.getGlyphOrder())}
    glyphs = {chr(code): order[name] for code, name in font.getBestCmap().items()}
    advances = {order[name]: round(width * scale) for name, (width, _bearing) in font["hmtx"].metrics.items()}
    head, hhea = font["head"], font["hhea"]
    small = io.BytesIO()
    font.save(small)
    return _Typeface(
        program=small.getvalue(),
        glyphs=glyphs,
        widths=advances,
        ascent=round(hhea.ascent * scale),
        descent=round(hhea.descent * scale),
        box=tuple(round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)),
    )


def _drawing(document: Pdf, face: _Typeface, text: str) -> pikepdf.Object:
    codes = "".join(f"{face.glyphs[sign]:04X}" for sign in text)
    ink = f"BT /F1 {_SIZE} Tf {_GREY} rg {_LEFT} {_BASELINE} Td <{codes}> Tj ET"
    width = sum(face.widths[face.glyphs[sign]] for sign in text) * _SIZE / 1000
    drawing = Stream(document, ink.encode("ascii"))
    drawing.stream_dict.update(
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, round(_LEFT + width) + 10, 40]),
            Resources=Dictionary(Font=Dictionary(F1=_font(document, face))),
        )
    )
    return document.make_indirect(drawing)


def _font(document: Pdf, face: _Typeface) -> pikepdf.Object:
    name = Name("/AAAAAA+RegistreSans")
    program = Stream(document, face.program)
    program.stream_dict.Length1 = len(face.program)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array(list(face.box)),
        ItalicAngle=0,
        Ascent=face.ascent,
        Descent=face.descent,
        CapHeight=face.ascent,
        StemV=80,
        FontFile2=document.make_indirect(program),
    )
    widths = [part for number in sorted(face.widths) for part in (number, Array([face.widths[number]]))]
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=document.make_indirect(descriptor),
        CIDToGIDMap=Name.Identity,
        W=Array(widths),
    )
    return document.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([document.make_indirect(descendant)]),
            ToUnicode=document.make_indirect(Stream(document, _to_unicode(face))),
        )
    )


def _to_unicode(face: _Typeface) -> bytes:
    """What each glyph means, for who searches or copies."""
    lines = [f"<{number:04X}> <{sign.encode('utf-16-be').hex().upper()}>" for sign, number in face.glyphs.items()]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    mapped = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{mapped}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
