"""The whole corpus stored in every column: every page, pack, export, mail and answer of the API comes out harmless."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from rest_framework.throttling import SimpleRateThrottle

from config import clock
from people.engines.letter import Enclosure, Letter, mime
from people.enums import Purpose
from people.services import mail as mail_service
from portfolio.models import ReportingCycle
from portfolio.services.standing import refresh_standing
from reporting.engines.fragment import fragments, rewrite
from reporting.exports.cells import is_formula
from reporting.packs.codir import compose
from reporting.services import pack as pack_service
from reporting.services import pdf, proof
from reporting.services.freeze import freeze_cycle
from tests.factories.reporting import edition
from tests.hostile.corpus import TEXTS
from tests.hostile.discovery import model_fields
from tests.hostile.world import spoil
from tests.matrix.table import calls
from tests.matrix.world import build
from tests.test_matrix import address, client_of, send

STATIC = Path(settings.BASE_DIR) / "static"
READERS = ("pso", "director", "pm", "auditor", "administrator")
PACK_SECONDS, PACK_PEAK_MB = 120, 1024
COLUMN = {"message": 220, "purpose": 8000, "director_message": 600}
_ADDRESS = frozenset({"href", "src", "action", "formaction", "data", "srcset", "poster", "xlink:href", "background"})
_NEVER = frozenset({"iframe", "object", "embed", "base", "applet", "frame"})


class Watcher(HTMLParser):
    """What would run or be fetched in a page if the text of a person had become markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name: value or "" for name, value in attrs}
        if tag in _NEVER or (tag == "script" and "nonce" not in names and "src" not in names):
            self.found.append(f"<{tag}>")
        for name, value in names.items():
            target = value.strip().lower()
            if name.startswith("on") or name == "style":
                self.found.append(f"<{tag} {name}>")
            elif (name in _ADDRESS or name.startswith("hx-")) and (
                "evil.invalid" in target or target.startswith(("javascript:", "//", "file:", "data:text", "http:"))
            ):
                self.found.append(f"<{tag} {name}={value[:60]}>")


def harm(html: str) -> list[str]:
    watcher = Watcher()
    watcher.feed(html)
    watcher.close()
    return watcher.found


@pytest.fixture(autouse=True)
def without_throttle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": None, "user": None})
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


def body_of(response: HttpResponse) -> bytes:
    return b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]


def formulas(name: str, raw: bytes) -> list[str]:
    """Cells of an export that a spreadsheet would run."""
    if name.endswith("csv/"):
        rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
        return [
            cell[:40] for row in rows for cell in row if is_formula(cell) and not re.fullmatch(r"[-+][\d,.\s%]+", cell)
        ]
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return [part for part in book.namelist() if b"<f>" in book.read(part) or b"<f " in book.read(part)]


@pytest.mark.django_db
def test_every_page_export_and_answer_is_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    world = build()
    written = spoil()
    refresh_standing(None, now=clock.now())
    wrong, tried = [], 0
    for role in READERS:
        client = client_of(world, role)
        for row, method, kind in calls():
            if method != "GET" or kind in ("missing", "crossed") or row.expected(role, kind) != "ok":
                continue
            url = address(row, world, kind)
            response = send(client, "GET", url, row)
            raw, tried = body_of(response), tried + 1
            kind_of = response.get("Content-Type", "")
            if response.status_code >= 500:
                wrong.append(f"{role} {url}: {response.status_code}")
            elif kind_of.startswith("text/html"):
                wrong += [f"{role} {url}: {item}" for item in harm(raw.decode())]
            elif kind_of.startswith("application/json"):
                json.loads(raw)
            if row.name == "reporting:export" and response.status_code == 200:
                wrong += [f"{role} {url}: {cell}" for cell in formulas(url, raw)]
            wrong += [
                f"{role} {url}: header {name}" for name, value in response.items() if "\n" in value or "\r" in value
            ]
    with capsys.disabled():
        sys.stdout.write(f"\nhostile texts: {written} stored in {len(model_fields())} columns, {tried} answers read ")
    assert written > 150
    assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_the_pack_of_a_hostile_portfolio_is_complete_and_fetches_nothing() -> None:
    build()
    spoil()
    refresh_standing(None, now=clock.now())
    week = ReportingCycle.objects.get(frozen_at__isnull=True)
    snapshot = freeze_cycle(week, None, clock.now())
    built = pack_service.build_pack(cycle=week, language="nl", by=None, now=clock.now())
    html = pack_service.html_of(pack_service.document_of(built.pack, language="nl"))
    assert harm(html) == []
    with pikepdf.open(built.path) as document:
        assert document.Root.MarkInfo.Marked
        assert not document.attachments
        assert list(foreign_links(document)) == []
    assert snapshot.data == built.snapshot.data


def foreign_links(document: pikepdf.Pdf) -> Iterator[str]:
    """Addresses a click in the file would open, other than those of rich text, which is https or mailto."""
    for page in document.pages:
        for note in page.get("/Annots", []):
            target = str(note.get("/A", {}).get("/URI", ""))
            if target and not target.startswith(("https://", "mailto:")):
                yield target


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_projects_with_the_corpus_in_every_text_are_proved_and_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = cycle(TEXTS.values())
    whole = edition(50)
    whole = rewrite(whole, lambda path, _text: next(texts)[: COLUMN.get(path.rpartition(".")[2], 300)])
    started = time.perf_counter()
    withheld = proof.prove_edition(whole, now=clock.now())
    proved = time.perf_counter()
    with translation.override("fr"):
        html = pack_service.html_of(compose(whole, language="fr", withheld=withheld))
    assert harm(html) == []
    printed = pdf.render(html, identifier="corpus", static_root=STATIC)
    done = time.perf_counter()
    with pikepdf.open(io.BytesIO(printed.data)) as document:
        assert document.Root.MarkInfo.Marked
        assert not document.attachments
        with document.open_outline() as outline:
            assert len(outline.root) == 8 + 24
    count = sum(len(piece.texts) for piece in fragments(whole, ()))
    with capsys.disabled():
        sys.stdout.write(
            f"\nhostile pack: {count} texts of 50 projects, proof {proved - started:.1f} s, "
            f"print {done - proved:.1f} s, "
            f"{printed.pages} pages, peak {printed.peak_kb / 1024:.0f} MB, withheld {len(withheld)} "
        )
    assert done - started < PACK_SECONDS
    assert printed.peak_kb < PACK_PEAK_MB * 1024


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_text_that_kills_the_renderer_is_found_and_the_pack_comes_out() -> None:
    whole = edition(14, silent=0, top=4)
    heavy = replace(whole.projects[1].status, message="mot " * 1_500_000)
    rows = (whole.projects[0], replace(whole.projects[1], status=heavy), *whole.projects[2:])
    whole = replace(whole, projects=rows)
    withheld = proof.prove_edition(whole, now=clock.now())
    assert withheld == {"P-002": ("status.message",)}
    with translation.override("fr"):
        html = pack_service.html_of(compose(whole, language="fr", withheld=withheld))
    printed = pdf.render(html, identifier="heavy", static_root=STATIC)
    with pikepdf.open(io.BytesIO(printed.data)) as document:
        assert document.Root.MarkInfo.Marked
        with document.open_outline() as outline:
            assert len(outline.root) == 8 + 4


@pytest.mark.django_db
def test_the_headers_of_a_mail_are_ours_whatever_a_name_says() -> None:
    user = build().users["pso"]
    for number, text in enumerate(TEXTS.values()):
        row = mail_service.queue_mail(
            key=f"corpus:{number}", purpose=Purpose.ALERT, to=user, subject=text, text=text, html=f"<p>{number}</p>"
        )
        enclosure = Enclosure(text, b"x", "application/pdf")
        sent = mime(
            Letter(
                message_id=row.message_id,
                sender="cadran@example.org",
                address="pso@example.org",
                name=text[:300],
                subject=text,
                text=text[:2000],
                html=row.html,
                language="fr",
                written_at=clock.now(),
                enclosures=(enclosure,),
            )
        ).as_bytes()
        read = BytesParser(policy=policy.SMTP).parsebytes(sent)
        assert read.get_all("Subject", []) == [read["Subject"]]
        assert (read["Bcc"], read["Set-Cookie"]) == (None, None)
        assert [one.addr_spec for one in read["To"].addresses] == ["pso@example.org"]
        assert not {"\r", "\n"} & set(f"{row.subject}{read['Subject']}{[part.get_filename() for part in read.walk()]}")
