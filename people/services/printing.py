"""The port through which any app prints HTML to a tagged PDF; the app that owns the printer registers it at start-up.

Printed files lie under PACKS_ROOT, named by their own hash: the same page printed twice is one file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF."""

    data: bytes
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


READABLE, ARCHIVAL = "pdf/ua-1", "pdf/a-2a"
"""What a document is for; both are tagged."""

Render = Callable[[str, str, str, Callable[[], None]], Printed]
"""HTML, the identifier of the document, what it is for, and what to call every few seconds while it is printed."""


@dataclass(frozen=True, slots=True)
class Printer:
    """`assets` is where a page says that its style sheets and fonts are."""

    assets: str
    render: Render


class NoPrinterError(RuntimeError):
    """No app of this installation prints."""


_printers: list[Printer] = []


def register_printer(printer: Printer) -> None:
    """Called once at start-up; the last registration wins."""
    _printers[:] = [printer]


def printer() -> Printer:
    if not _printers:
        raise NoPrinterError
    return _printers[0]


def quiet() -> None:
    """A print that nobody watches."""


def print_pdf(html: str, *, identifier: str, variant: str = READABLE, heartbeat: Callable[[], None] = quiet) -> Printed:
    """The tagged PDF of a page; the same page and identifier give the same bytes."""
    return printer().render(html, identifier, variant, heartbeat)


def store(printed: Printed) -> str:
    """Keep the file; its name below PACKS_ROOT."""
    root = Path(settings.PACKS_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    path = root / f"{printed.sha256}.pdf"
    if not path.exists():
        write_whole(path, printed.data)
    return path.name


def read_whole(name: str, sha256: str) -> bytes | None:
    """The file of that name, or None where it is missing or no longer what was printed."""
    path = Path(settings.PACKS_ROOT) / Path(name).name
    data = path.read_bytes() if path.is_file() else b""
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def write_whole(path: Path, data: bytes) -> None:
    """The file with all its bytes, or no file: never half of one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".pack-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o640)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
