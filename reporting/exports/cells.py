"""Text that a spreadsheet will open: it stays text, whatever it looks like.

A cell that begins with one of these signs is a formula to a spreadsheet (trust case 17). CSV knows
no types, so the sign is kept behind an apostrophe; XLSX stores a string and its quote prefix.
"""

from __future__ import annotations

import re

LIMIT = 32_767
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without signs that a workbook cannot hold, its lines ended alike, at most as long as a cell."""
    return _FORBIDDEN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))[:LIMIT]


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would read the text as a formula or a command."""
    return text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)


def inert(text: str) -> str:
    """The text as a CSV cell: behind an apostrophe where it would be a formula."""
    kept = clean(text)
    return f"'{kept}"[:LIMIT] if is_formula(kept) else kept
