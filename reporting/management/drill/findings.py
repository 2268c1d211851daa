"""What a drill found: counted rows, and the invariants it tried, as a table and in one JSON file for all drills."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant: what must hold, what was seen."""

    name: str
    seen: str
    ok: bool


@dataclass(slots=True)
class Findings:
    """Figures by row and column, in the order they came, and the checks."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)

    def row(self, name: str, **values: Any) -> None:
        self.rows.setdefault(name, {}).update(values)

    def count(self, row: str, column: str, more: int = 1) -> None:
        cells = self.rows.setdefault(row, {})
        cells[column] = cells.get(column, 0) + more

    def expect(self, name: str, seen: Any, wanted: Any) -> None:
        """The invariant `seen == wanted`."""
        self.checks.append(Check(name, f"{seen}" if seen == wanted else f"{seen}, not {wanted}", seen == wanted))

    def expect_at_most(self, name: str, seen: float, most: float) -> None:
        self.checks.append(Check(name, f"{seen:g} (at most {most:g})", seen <= most))

    @property
    def broken(self) -> list[Check]:
        return [check for check in self.checks if not check.ok]

    def merge(self, other: Findings) -> None:
        """Add another round of the same drill: numbers add up, a check holds if it held in every round."""
        for name, cells in other.rows.items():
            for column, value in cells.items():
                if isinstance(value, int) and not isinstance(value, bool):
                    self.count(name, column, value)
                else:
                    self.row(name, **{column: value})
        for check in other.checks:
            before = next((one for one in self.checks if one.name == check.name), None)
            if before is None:
                self.checks.append(check)
            elif before.ok:
                self.checks[self.checks.index(before)] = check

    def table(self) -> Iterator[str]:
        yield from _grid(self.rows)
        width = max((len(check.name) for check in self.checks), default=0)
        for check in self.checks:
            yield f"{'ok    ' if check.ok else 'BROKEN'}  {check.name:<{width}}  {check.seen}"

    def as_json(self) -> dict[str, Any]:
        checks = [{"name": one.name, "seen": one.seen, "ok": one.ok} for one in self.checks]
        return {"rows": self.rows, "checks": checks}


def from_json(found: Mapping[str, Any]) -> Findings:
    rows = {name: dict(cells) for name, cells in found["rows"].items()}
    return Findings(rows, [Check(**one) for one in found["checks"]])


def write(path: Path, drill: str, findings: Findings) -> None:
    """Put the drill's figures beside those of the others; the old file, or the new one."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({**known, drill: findings.as_json()}, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def _grid(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    columns = list(dict.fromkeys(column for cells in rows.values() for column in cells))
    lines = [["", *columns]]
    lines += [[name, *(_cell(cells.get(column, "")) for column in columns)] for name, cells in rows.items()]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns) + 1)]
    for line in lines:
        yield "  ".join(_aligned(line, widths)).rstrip()


def _aligned(line: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    yield line[0].ljust(widths[0])
    for text, width in zip(line[1:], widths[1:], strict=True):
        yield text.rjust(width)


def _cell(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
