"""A personal copy: the name on every page, and the accessible structure exactly as it was printed."""

import hashlib
import io
import re
import subprocess
import time
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.utils import translation

from reporting.packs.codir import compose
from reporting.services import pdf
from reporting.services.pack import html_of
from reporting.services.pack_copy import copy_code
from reporting.services.watermark import ORIGINAL, stamp
from tests.factories.reporting import edition

LINE = "Exemplaire de Żoé O’Brien-Łukasz · 23 nov. 2026 · 4F0A11C9"


@pytest.fixture(scope="module")
def original() -> bytes:
    with translation.override("fr"):
        html = html_of(compose(edition(12, silent=2, top=6), language="fr"))
    return pdf.render(html, identifier="test", static_root=Path(settings.BASE_DIR) / "static").data


@pytest.fixture(scope="module")
def copy(original: bytes) -> bytes:
    return stamp(original, LINE)


def elements(document: pikepdf.Pdf) -> list[tuple[str, str]]:
    """Kind and alternative text of every structure element, in reading order."""
    found: list[tuple[str, str]] = []
    waiting = [document.Root.StructTreeRoot]
    while waiting:
        one = waiting.pop()
        kids = one.get("/K", [])
        below = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in reversed(below) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
        if "/S" in one:
            found.append((str(one.S), str(one.get("/Alt", ""))))
    return found


def words(data: bytes, tmp_path: Path) -> list[str]:
    """The text of each page, as a reader's search would find it."""
    (tmp_path / "x.pdf").write_bytes(data)
    told = subprocess.run(["/usr/bin/pdftotext", str(tmp_path / "x.pdf"), "-"], capture_output=True, check=True)
    return told.stdout.decode().split("\f")[:-1]


def test_every_page_says_whose_copy_it_is(original: bytes, copy: bytes, tmp_path: Path) -> None:
    pages = words(copy, tmp_path)
    assert len(pages) == len(words(original, tmp_path)) > 8
    assert all(LINE in page for page in pages)


def test_the_copy_is_as_accessible_as_the_original(original: bytes, copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(original)) as before, pikepdf.open(io.BytesIO(copy)) as after:
        assert elements(after) == elements(before)
        figures = [alternative for kind, alternative in elements(after) if kind == "/Figure"]
        assert figures
        assert all(figures)
        assert after.Root.MarkInfo.Marked
        assert str(after.Root.Lang) == "fr"
        assert after.Root.ViewerPreferences.DisplayDocTitle
        assert str(after.docinfo.Title) == str(before.docinfo.Title)
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert len(list(after.open_outline().root)) == len(list(before.open_outline().root))


def test_the_mark_is_an_artifact_outside_the_structure(original: bytes, copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(original)) as before, pikepdf.open(io.BytesIO(copy)) as after:
        for page, plain in zip(after.pages, before.pages, strict=True):
            assert str(page.StructParents) == str(plain.StructParents)
            marks = [
                (str(step.operator), [str(one) for one in step.operands])
                for step in pikepdf.parse_content_stream(page)
                if str(step.operator) in ("BDC", "BMC", "EMC", "Do")
            ]
            assert [name for name, _operands in marks[-3:]] == ["BDC", "Do", "EMC"]
            assert marks[-3][1][0] == "/Artifact"


def test_the_copy_names_the_hash_of_the_original_and_its_typeface_is_inside(original: bytes, copy: bytes) -> None:
    with pikepdf.open(io.BytesIO(copy)) as document:
        assert str(document.docinfo[ORIGINAL]) == hashlib.sha256(original).hexdigest()
        font = document.pages[0].Resources.XObject["/CadranCopy"].Resources.Font.F1
        assert font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
        assert font.ToUnicode.read_bytes()


def test_the_same_person_gets_the_same_bytes_and_another_one_others(original: bytes, copy: bytes) -> None:
    assert stamp(original, LINE) == copy
    assert stamp(original, LINE.replace("Żoé", "Zoé")) != copy
    assert copy_code("a" * 64, 1) != copy_code("a" * 64, 2)
    assert re.fullmatch(r"[0-9A-F]{8}", copy_code("a" * 64, 1))


@pytest.mark.parametrize("name", ["李小龍", "a\u202eb", "x" * 900, "(Tj) ET /Artifact \\", "\ud800"])
def test_a_name_that_no_typeface_knows_never_stops_the_copy(name: str, original: bytes, tmp_path: Path) -> None:
    pages = words(stamp(original, f"Exemplaire de {name} · 4F0A11C9"[:5000]), tmp_path)
    assert all("Exemplaire de" in page for page in pages)


def test_a_copy_takes_less_than_a_second(original: bytes) -> None:
    started = time.process_time()
    stamp(original, LINE)
    assert time.process_time() - started < 1
