"""Bare WeasyPrint: HTML on standard input; on standard output pages and peak memory in kB, then the tagged PDF.

`bare STATIC_ROOT` is WeasyPrint as anybody would call it; with a second word it prints as Cadran does: without the
garbage collector, on the base stylesheet of the pack.
"""

import gc
import os
import resource
import sys
from pathlib import Path

from reporting.services.pdf import ASSETS, VARIANT, asset_fetcher, write_pdf


def plain(html: str, static_root: Path) -> tuple[bytes, int]:
    """The tagged PDF and its pages by WeasyPrint alone, with the same stylesheet and fonts of the pack."""
    from weasyprint import HTML

    document = HTML(string=html, base_url=ASSETS, url_fetcher=asset_fetcher(static_root)).render(pdf_variant=VARIANT)
    return document.write_pdf(pdf_variant=VARIANT), len(document.pages)


if __name__ == "__main__":
    if sys.argv[2:]:
        gc.disable()
        data, pages = write_pdf(sys.stdin.read(), identifier="bench", static_root=Path(sys.argv[1]))
    else:
        data, pages = plain(sys.stdin.read(), Path(sys.argv[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.buffer.write(f"{pages} {peak}\n".encode() + data)
    sys.stdout.buffer.flush()
    os._exit(0)
