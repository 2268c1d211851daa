"""Two secretaries write on one text at once: lines changed by one side only are taken, both additions are kept.

Three-way merge by lines. None where both changed the same lines differently: then a person chooses. docs/governance.md.
"""

from __future__ import annotations

from difflib import SequenceMatcher


def merged(base: str, theirs: str, mine: str) -> str | None:
    """The text with the changes of both sides; theirs first where both added at the same place."""
    lines = base.splitlines()
    changes = sorted([*_changes(lines, theirs, 0), *_changes(lines, mine, 1)])
    result: list[str] = []
    at = 0
    last: tuple[int, int, list[str]] | None = None
    for start, end, _side, text in changes:
        if last is not None and _clash(last, (start, end, text)):
            return None
        if last is not None and last == (start, end, text):
            continue
        result += lines[at:start] + text
        at, last = max(at, end), (start, end, text)
    return "\n".join(result + lines[at:])


def _changes(lines: list[str], text: str, side: int) -> list[tuple[int, int, int, list[str]]]:
    """(first line, line after the last, side, new lines) of each run that differs from the base."""
    other = text.splitlines()
    codes = SequenceMatcher(None, lines, other, autojunk=False).get_opcodes()
    return [(i1, i2, side, other[j1:j2]) for tag, i1, i2, j1, j2 in codes if tag != "equal"]


def _clash(one: tuple[int, int, list[str]], two: tuple[int, int, list[str]]) -> bool:
    """Whether two runs touch the same lines without being the same change; two additions never do."""
    if one == two:
        return False
    added = one[0] == one[1] and two[0] == two[1]
    return not added and two[0] < one[1]
