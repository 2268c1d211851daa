"""Bare WeasyPrint: HTML on standard input to a tagged PDF on standard output, nothing else done."""

import sys
from pathlib import Path

from reporting.services.pdf import write_pdf

if __name__ == "__main__":
    data, _pages = write_pdf(sys.stdin.read(), identifier="bench", static_root=Path(sys.argv[1]))
    sys.stdout.buffer.write(data)
