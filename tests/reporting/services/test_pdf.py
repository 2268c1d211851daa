"""The printed pack: tagged, named, bookmarked, reproducible, and unable to fetch anything."""

import io
import socket
import threading
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from reporting.engines.edition import PackChoices
from reporting.packs.codir import compose
from reporting.services import pdf
from reporting.services.pack import html_of
from tests.factories.reporting import edition, unreported

STATIC = Path(settings.BASE_DIR) / "static"
PEAK_MB = 300


def printed(whole, language: str = "fr") -> pdf.RenderedPdf:
    return pdf.render(html_of(compose(whole, language=language)), identifier="test", static_root=STATIC)


def walk(element, found: list) -> list:
    """Every structure element below, in reading order."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found.append(kid)
            walk(kid, found)
    return found


@pytest.fixture(scope="module")
def pack() -> pdf.RenderedPdf:
    from django.utils import translation

    with translation.override("fr"):
        return printed(edition(50))


def test_the_pack_is_tagged_titled_and_in_its_language(pack: pdf.RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(pack.data)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo.Title) == "Pack CODIR, semaine 47 de 2026"
        assert b"pdfuaid" in document.Root.Metadata.read_bytes()


def test_every_figure_has_an_alternative_text(pack: pdf.RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(pack.data)) as document:
        elements = walk(document.Root.StructTreeRoot, [])
        kinds = {str(element.S) for element in elements}
        figures = [element for element in elements if element.S == "/Figure"]
        assert len(figures) > 100
        assert all(str(figure.get("/Alt", "")).strip() for figure in figures)
        assert {"/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/L", "/P", "/Figure"} <= kinds


def test_every_page_is_bookmarked_and_its_pages_are_all_counted(pack: pdf.RenderedPdf) -> None:
    with pikepdf.open(io.BytesIO(pack.data)) as document:
        assert len(document.pages) == pack.pages
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert len(titles) == 8 + 24
        assert titles[0].startswith("Semaine 47")
        assert titles[8].startswith("A1 · ")


def test_no_page_overflows_onto_a_second_one(pack: pdf.RenderedPdf) -> None:
    assert pack.pages == 8 + 24


def test_two_builds_give_the_same_bytes_and_stay_within_memory(pack: pdf.RenderedPdf) -> None:
    again = printed(edition(50))
    assert again.data == pack.data
    assert again.peak_kb < PEAK_MB * 1024


def test_another_identifier_or_fact_gives_other_bytes() -> None:
    small = edition(4, silent=1, top=2)
    assert printed(small).data != printed(replace(small, choices=PackChoices(director_message="Autre"))).data


def test_an_imported_portfolio_prints_in_dutch() -> None:
    made = printed(unreported(61), "nl")
    with pikepdf.open(io.BytesIO(made.data)) as document:
        assert str(document.Root.Lang) == "nl"


class Listener:
    """A loopback server that counts who calls."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.calls = 0
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\n\r\n")
            connection.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/x"


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="attachment" href="{url}">',
        '<img src="{url}" alt="x">',
        '<link rel="stylesheet" href="{url}">',
        '<div style="background:url({url})">x</div>',
        '<object data="{url}">x</object>',
        '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{url}" width="9" height="9"/></svg>',
    ],
)
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_renderer_reaches_neither_network_nor_disk(element: str, scheme: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-CONTENT")
    listener = Listener()
    url = listener.url if scheme == "http" else secret.as_uri()
    page = f'<!doctype html><html lang="fr"><head><title>t</title></head><body><p>x</p>{element.format(url=url)}'
    try:
        made = pdf.render(page, identifier="x", static_root=STATIC)
        with pikepdf.open(io.BytesIO(made.data)) as document:
            assert not document.attachments
        assert b"SECRET-CONTENT" not in made.data
    except pdf.RenderError:
        pass
    finally:
        listener.socket.close()
    assert listener.calls == 0


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://assets.cadran.invalid/../../etc/passwd",
        "https://assets.cadran.invalid/css/../../manage.py",
        "https://assets.cadran.invalid//etc/passwd",
        "https://assets.cadran.invalid/js/app.js",
        "https://assets.cadran.invalid.evil.example/css/pack_print.css",
        "data:text/css,x",
        "css/pack_print.css",
    ],
)
def test_only_bundled_assets_have_a_path(url: str) -> None:
    with pytest.raises(ValueError, match="not a bundled asset"):
        pdf.asset_path(url, STATIC)


def test_the_stylesheet_and_its_files_are_bundled() -> None:
    for name in ("css/pack_print.css", "fonts/registre-sans-400.woff2", "img/glyphs/red.svg"):
        assert pdf.asset_path(f"{pdf.ASSETS}{name}", STATIC) == STATIC / name


def test_a_hostile_page_kills_only_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WALL_SECONDS", 3)
    monkeypatch.setattr(pdf, "HEARTBEAT_SECONDS", 1)
    beats: list[int] = []
    page = "<!doctype html><html lang=fr><title>x</title><table><tr><td colspan=1000000>x</td></tr></table>"
    with pytest.raises(pdf.RenderError):
        pdf.render(page, identifier="x", static_root=STATIC, heartbeat=lambda: beats.append(1))
    assert beats


def test_what_the_heartbeat_raises_stops_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "HEARTBEAT_SECONDS", 0.05)

    def lost() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        pdf.render("<p>x</p>" * 2000, identifier="x", static_root=STATIC, heartbeat=lost)
