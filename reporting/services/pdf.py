"""HTML to a tagged PDF, in a child process that can reach nothing but the files of the pack.

The only home of WeasyPrint. Run as a script (`pdf.py STATIC_ROOT IDENTIFIER`, HTML on standard input)
it is the child: no Django, limits on time, memory and output, no garbage collector, and a fetcher
that serves bundled assets by name and refuses every other address. Run as `pdf.py STATIC_ROOT --try`, it
only tries the documents it is given (`reporting.services.trial`).
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASSETS = "https://assets.cadran.invalid/"
"""Where the pack says its files are: a name that never resolves, and that nothing ever asks."""
VARIANT = "pdf/ua-1"
CPU_SECONDS = 60
WALL_SECONDS = 110
HEARTBEAT_SECONDS = 5
ADDRESS_SPACE = 1 << 30
OUTPUT_BYTES = 50 << 20
TRIAL_CPU_SECONDS = 10
TRIALS_A_CHILD = 60
TRY = "--try"
BASE_SHEET = "css/pack_base.css"
_TYPES = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_SCREEN_ONLY = re.compile(r'(<(?:svg|title)\b[^<>]*?) id="[^"<>]*"(?: role="img" aria-labelledby="[^"<>]*")?')
"""Names of charts, for a screen reader; on paper each would cost a style of its own."""
_FOLDERS = ("css", "fonts", "img/glyphs")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class RenderError(Exception):
    """The child could not make the PDF; the message is its last words."""


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    data: bytes
    pages: int
    peak_kb: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def asset_path(url: str, root: Path) -> Path:
    """The bundled file that `cadran:static/<name>` names; ValueError for anything else."""
    name = url.removeprefix(ASSETS)
    path = Path(name)
    if name == url or path.is_absolute() or ".." in path.parts or path.suffix not in _TYPES:
        raise ValueError(f"not a bundled asset: {url}")
    if path.parent.as_posix() not in _FOLDERS:
        raise ValueError(f"not a bundled asset: {url}")
    found = root / path
    if found.is_symlink() or not found.is_file():
        raise ValueError(f"not a bundled asset: {url}")
    return found


def render(
    html: str,
    *,
    identifier: str,
    static_root: Path,
    variant: str = VARIANT,
    heartbeat: Callable[[], None] = lambda: None,
) -> RenderedPdf:
    """The PDF of a whole page of HTML, PDF/UA-1 unless told; the same HTML and identifier give the same bytes.

    `heartbeat` is called every few seconds while the child works; what it raises stops the child.
    """
    with start_child(static_root, identifier, variant) as child:
        try:
            output, complaint = _talk(child, printable(html).encode(), heartbeat)
        except BaseException:
            child.kill()
            raise
    if child.returncode != 0:
        last = complaint.decode(errors="replace").strip().splitlines()[-3:]
        raise RenderError(" / ".join(last) or f"the renderer stopped with {child.returncode}")
    head, _, data = output.partition(b"\n")
    pages, peak = head.split()
    return RenderedPdf(data=data, pages=int(pages), peak_kb=int(peak))


def start_child(
    static_root: Path, order: str, variant: str = VARIANT, complaints: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """This file as a program: `order` is the identifier of a document to print, or TRY."""
    program = [sys.executable, "-P", "-s", "-X", "utf8", str(Path(__file__).resolve())]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and file, no shell
        [*program, str(static_root), order, variant], stdin=pipe, stdout=pipe, stderr=complaints, env=_environment()
    )


def printable(html: str) -> str:
    """The page without the signs no page can hold: controls, half characters, changes of direction."""
    return _UNPRINTABLE.sub("\ufffd", html)


def _talk(child: subprocess.Popen[bytes], html: bytes, heartbeat: Callable[[], None]) -> tuple[bytes, bytes]:
    deadline = time.monotonic() + WALL_SECONDS
    waiting: bytes | None = html
    while True:
        try:
            return child.communicate(waiting, timeout=HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired as error:
            waiting = None
            if time.monotonic() > deadline:
                raise RenderError(f"no PDF after {WALL_SECONDS} s") from error
            heartbeat()


def _environment() -> dict[str, str]:
    """Nothing of ours reaches the child: no secret, no database address; one heap, as it has one busy thread."""
    home = os.environ.get("HOME", "/")
    return {"PATH": os.defpath, "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "HOME": home, "MALLOC_ARENA_MAX": "1"}


def write_pdf(html: str, *, identifier: str, static_root: Path, variant: str = VARIANT) -> tuple[bytes, int]:
    """The PDF and its number of pages, in this process."""
    page = _page_class(static_root)(
        string=_SCREEN_ONLY.sub(r"\1", html), base_url=ASSETS, url_fetcher=asset_fetcher(static_root)
    )
    document = page.render(pdf_variant=variant)
    data: bytes = document.write_pdf(pdf_variant=variant, pdf_identifier=identifier.encode())
    return data, len(document.pages)


def write_plain(html: str, *, static_root: Path) -> tuple[bytes, int]:
    """The same by WeasyPrint as it comes, to measure against."""
    from weasyprint import HTML

    document = HTML(string=html, base_url=ASSETS, url_fetcher=asset_fetcher(static_root)).render(pdf_variant=VARIANT)
    data: bytes = document.write_pdf(pdf_variant=VARIANT)
    return data, len(document.pages)


def _page_class(root: Path) -> Any:
    """WeasyPrint's page on our own base stylesheet.

    The one it brings gives every element six pseudo-elements of footnotes and markers, each with a style of its own:
    a seventh of the time of a pack and a third of its memory.
    """
    from weasyprint import CSS, HTML
    from weasyprint.html import UA_COUNTER_STYLE

    base = CSS(string=(root / BASE_SHEET).read_text(), counter_style=UA_COUNTER_STYLE)

    class Page(HTML):  # type: ignore[misc]
        def _ua_stylesheets(self, _forms: bool = False) -> list[Any]:
            return [base]

    return Page


def asset_fetcher(root: Path) -> Any:
    """A WeasyPrint fetcher that never opens a connection and reads only bundled files."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            path = asset_path(url, root)
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _TYPES[path.suffix]})

    return AssetFetcher(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)


def _limit(cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _peak_kb() -> int:
    """Most memory this program has held; `ru_maxrss` would also count the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _try(static_root: Path) -> None:
    """Print each document of a JSON list into nothing; a line for each says how that went."""
    for html in json.load(sys.stdin.buffer):
        started, cause = time.process_time(), ""
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (min(int(started) + 1 + TRIAL_CPU_SECONDS, hard), hard))
        try:
            write_pdf(html, identifier=TRY, static_root=static_root)
        except BaseException as error:
            cause = f"{type(error).__name__}: {error}"
        sys.stdout.write(json.dumps([cause[:300], round(time.process_time() - started, 3), _peak_kb()]) + "\n")
        sys.stdout.flush()


def _child() -> None:
    root, identifier, variant = sys.argv[1:4]
    static_root = Path(root)
    if identifier == TRY:
        _limit(TRIALS_A_CHILD * TRIAL_CPU_SECONDS)
        _try(static_root)
        os._exit(0)
    _limit(CPU_SECONDS)
    gc.disable()
    html = sys.stdin.buffer.read().decode()
    data, pages = write_pdf(html, identifier=identifier, static_root=static_root, variant=variant)
    peak = _peak_kb()
    sys.stdout.buffer.write(f"{pages} {peak}\n".encode())
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    _child()
