"""Bare WeasyPrint: HTML on standard input; on standard output pages and peak memory in kB, then the tagged PDF.

`bare STATIC_ROOT` is WeasyPrint as anybody would call it; with a second word it prints as Cadran does: without the
garbage collector, on the base stylesheet of the pack.
"""

import gc
import os
import resource
import sys
from pathlib import Path

from reporting.services.pdf import write_pdf, write_plain

if __name__ == "__main__":
    if sys.argv[2:]:
        gc.disable()
        data, pages = write_pdf(sys.stdin.read(), identifier="bench", static_root=Path(sys.argv[1]))
    else:
        data, pages = write_plain(sys.stdin.read(), static_root=Path(sys.argv[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.buffer.write(f"{pages} {peak}\n".encode() + data)
    sys.stdout.buffer.flush()
    os._exit(0)
