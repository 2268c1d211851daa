"""Reads the worked tables of docs/formulas, so that the page and the tests cannot differ."""

from pathlib import Path

FORMULAS = Path(__file__).resolve().parent.parent / "docs" / "formulas"


def worked(page: str, heading: str) -> list[dict[str, str | None]]:
    """The rows of the table under `### Worked: heading` (or `### Worked`); "-" is None."""
    title = f"### Worked: {heading}" if heading else "### Worked"
    lines = (FORMULAS / f"{page}.md").read_text(encoding="utf-8").splitlines()
    start = lines.index(title)
    table = []
    for line in lines[start + 1 :]:
        if line.startswith("|"):
            table.append([cell.strip() for cell in line.strip("|").split("|")])
        elif table:
            break
    head, _rule, *rows = table
    return [{key: None if cell == "-" else cell for key, cell in zip(head, row, strict=True)} for row in rows]
