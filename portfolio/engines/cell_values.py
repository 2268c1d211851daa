"""One cell to one value: numbers and dates under a stated format, exactly or not at all.

A cell that is not a number or a date keeps its text; nothing is rounded away
before the cent, nothing passes through binary floating point.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from portfolio.engines.tabular import Cell

CENT = Decimal("0.01")
LONGEST_FIGURE = 40

DATE_FORMATS = {
    "yyyy-mm-dd": r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
    "dd/mm/yyyy": r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})",
    "mm/dd/yyyy": r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})",
    "dd.mm.yyyy": r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
    "dd-mm-yyyy": r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})",
    "yyyy/mm/dd": r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
    "dd.mm.yy": r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{2})",
    "dd/mm/yy": r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{2})",
}
FIRST_YEAR, LAST_YEAR = 1970, 2100


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How figures are written: decimal mark, thousands mark, currency signs that may stand in front.

    `also_decimal` is a second decimal mark the source is known to slip into; a
    figure read through it is right but always reported.
    """

    decimal: str = "."
    group: str = ""
    signs: tuple[str, ...] = ()
    also_decimal: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """`value` is null when the text is kept; `suspect` when the text looks like a misread figure."""

    value: Decimal | date | None
    text: str
    suspect: bool = False
    unusual: bool = False

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.text


def text_of(cell: Cell) -> str:
    """The cell as the source wrote it, as far as the file format kept it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def parse_number(cell: Cell, form: NumberFormat) -> Parsed:
    text = text_of(cell).strip()
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return Parsed(Decimal(cell), text)
    if not text or len(text) > LONGEST_FIGURE or not isinstance(cell, str):
        return Parsed(None, text)
    value = _figure(text, form.decimal, form.group, form.signs)
    if value is None and form.also_decimal:
        value = _figure(text, form.also_decimal, "", form.signs)
        return Parsed(value, text, unusual=value is not None, suspect=value is None and _is_figure_like(text))
    return Parsed(value, text, suspect=value is None and _is_figure_like(text))


def _figure(text: str, decimal: str, group: str, signs: tuple[str, ...]) -> Decimal | None:
    for sign in signs:
        text = text.replace(sign, "", 1).strip()
    text = text.replace("\u2212", "-").replace("\u202f", "\u00a0").replace("\u00a0", " ")
    mark = " " if group == "\u00a0" else group
    whole = rf"(?:\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+|\d+)" if mark else r"\d+"
    pattern = rf"(?P<sign>[+-]?) ?(?P<whole>{whole})(?:{re.escape(decimal)}(?P<part>\d+))?"
    found = re.fullmatch(pattern, text, re.ASCII)
    if found is None:
        return None
    digits = found["whole"].replace(mark, "") if mark else found["whole"]
    return Decimal(f"{found['sign']}{digits}.{found['part'] or 0}")


def _is_figure_like(text: str) -> bool:
    return bool(re.search(r"\d", text)) and not re.search(r"[^\W\d_]", text)


def parse_date(cell: Cell, form: str) -> Parsed:
    text = text_of(cell).strip()
    if isinstance(cell, datetime):
        return _dated(cell.date(), text)
    if isinstance(cell, date):
        return _dated(cell, text)
    if not text or not isinstance(cell, str):
        return Parsed(None, text, suspect=bool(text))
    found = re.fullmatch(DATE_FORMATS[form], text, re.ASCII)
    if found is None:
        return Parsed(None, text, suspect=_is_figure_like(text))
    year = int(found["y"])
    if len(found["y"]) == 2:
        year += 1900 if year >= FIRST_YEAR % 100 else 2000
    try:
        return _dated(date(year, int(found["m"]), int(found["d"])), text)
    except ValueError:
        return Parsed(None, text, suspect=True)


def _dated(value: date, text: str) -> Parsed:
    in_range = FIRST_YEAR <= value.year <= LAST_YEAR
    return Parsed(value if in_range else None, text, suspect=not in_range)


def to_cents(value: Decimal, unit: Decimal) -> Decimal:
    """The amount in currency units to the cent; `unit` is what one source unit stands for."""
    return (value * unit).quantize(CENT, rounding=ROUND_HALF_UP)
