"""Source rows to project records: values under the declared formats, and every doubt written down."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from portfolio.engines.cell_values import Parsed, parse_date, parse_number, text_of, to_cents
from portfolio.engines.source_fields import DATES, MONEY, NUMBERS, Field
from portfolio.engines.tabular import Cell, Row, identity
from portfolio.enums import LifeCycle
from portfolio.services.importers.mapping import Column, Phase
from portfolio.services.importers.reading import Reading
from portfolio.services.importers.refusals import ImportRefusedError

DAYS_PER_YEAR = 365
LONGEST_DURATION = Decimal(60)
MOST_MONEY = Decimal(10) ** 12
LONGEST_NAME = 160
LONGEST_AXIS = 160
LONGEST_AXIS_CODE = 20
LONGEST_PURPOSE = 8_000
LONGEST_KEY = 200
LONGEST_LINK = 500
SHOWN = 300
KEPT_AS_TEXT = "text"


@dataclass(frozen=True, slots=True)
class Warned:
    """A cell whose text was kept instead of becoming a value, or whose value needs a look."""

    row: int
    column: str
    value: str
    kept_as: str

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "value": self.value, "kept_as": self.kept_as}


@dataclass(frozen=True, slots=True)
class Skipped:
    row: int
    reason: str

    def as_json(self) -> dict[str, object]:
        return {"row": self.row, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Record:
    """One project as the source states it; null where the source states nothing usable."""

    row: int
    key: str
    number: str
    name: str
    purpose: str
    axis_code: str
    axis_name: str
    start: date | None
    end: date | None
    life_cycle: LifeCycle
    phase: str
    stage: int | None
    money: dict[Field, Decimal | None]
    link: str
    source_values: dict[str, str]

    @property
    def stage_name(self) -> str:
        """The running stage the source names; empty before the first and once closed."""
        return self.phase if self.stage else ""

    @property
    def cost(self) -> Decimal | None:
        return self.money.get(Field.COST)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column turned out to hold: `texts` were kept as text, `blanks` were empty."""

    column: str
    feeds: str
    values: int
    texts: int
    blanks: int


@dataclass(frozen=True, slots=True)
class Extraction:
    records: tuple[Record, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[Warned, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def rows(self) -> int:
        return len(self.records) + len(self.skipped)


@dataclass(slots=True)
class _Notes:
    """What is gathered while reading: bad cells refuse the file, warnings do not."""

    bad: list[dict[str, object]] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    counts: dict[str, Counter[str]] = field(default_factory=dict)

    def warn(self, row: int, column: str, value: str, kept_as: str = KEPT_AS_TEXT) -> None:
        self.warnings.append(Warned(row, column, value[:SHOWN], kept_as))

    def refuse(self, row: int, column: str, value: str) -> None:
        self.bad.append({"row": row, "column": column, "value": value[:SHOWN]})

    def count(self, column: str, outcome: str) -> None:
        self.counts.setdefault(column, Counter())[outcome] += 1


def extract(reading: Reading) -> Extraction:
    """Every row as a record or skipped with its reason; refused with all bad cells if any is."""
    notes = _Notes()
    for item in reading.table.replacements:
        notes.warn(item.row, item.column, item.value, item.kept_as)
    records, skipped = [], []
    reader = _RowReader(reading, notes)
    for row in reading.table.rows:
        if row.is_blank:
            skipped.append(Skipped(row.number, _("ligne vide")))
        elif not reader.text(row, Field.NAME):
            skipped.append(Skipped(row.number, _("aucun nom de projet")))
        else:
            records.append(reader.record(row))
    if notes.bad:
        raise ImportRefusedError("bad_cells", line=notes.bad[0]["row"], total=len(notes.bad), cells=notes.bad[:200])
    _refuse_duplicates(records)
    if not records:
        raise ImportRefusedError("no_rows", line=reading.table.header_row)
    warnings = tuple(sorted(notes.warnings, key=lambda item: item.row))
    return Extraction(tuple(records), tuple(skipped), warnings, _verdicts(reading, notes))


def _refuse_duplicates(records: list[Record]) -> None:
    lines: dict[str, list[int]] = {}
    for record in records:
        lines.setdefault(record.key, []).append(record.row)
    doubled = sorted(line for rows in lines.values() if len(rows) > 1 for line in rows)
    if doubled:
        raise ImportRefusedError("duplicate_rows", line=doubled[0], lines=doubled[:200])


def _verdicts(reading: Reading, notes: _Notes) -> tuple[Verdict, ...]:
    fed = {column.header: str(column.feeds) for column in reading.variant.columns}
    return tuple(
        Verdict(name, fed.get(name, ""), counts["value"], counts["text"], counts["blank"])
        for name, counts in ((name, notes.counts.get(name, Counter())) for name in reading.table.header)
    )


class _RowReader:
    """Reads one row after another under one variant."""

    def __init__(self, reading: Reading, notes: _Notes) -> None:
        self.mapping = reading.mapping
        self.header = reading.table.header
        self.notes = notes
        self.columns = {column.feeds: column for column in reading.variant.columns}
        self.position = {name: index for index, name in enumerate(self.header)}
        self.phases = {identity(label): phase for label, phase in self.mapping.phases.items()}

    def cell(self, row: Row, column: Column) -> Cell:
        return row.cells[self.position[column.header]]

    def text(self, row: Row, feeds: Field) -> str:
        column = self.columns.get(feeds)
        return " ".join(text_of(self.cell(row, column)).split()) if column else ""

    def record(self, row: Row) -> Record:
        self._count_plain(row)
        start = self._date(row, Field.START)
        end = self._end(row, start)
        phase = self._phase(row, end)
        code = self._limited(row, Field.AXIS_CODE, LONGEST_AXIS_CODE)
        name = self._limited(row, Field.NAME, LONGEST_NAME)
        return Record(
            row=row.number,
            key=identity(name)[:LONGEST_KEY],
            number=self.text(row, Field.NUMBER),
            name=name,
            purpose=self._purpose(row),
            axis_code=code,
            axis_name=self._limited(row, Field.AXIS_NAME, LONGEST_AXIS)
            or self.mapping.axis_names.get(code.upper(), code),
            start=start,
            end=end,
            life_cycle=phase.life_cycle,
            phase=self.text(row, Field.PHASE),
            stage=phase.stage,
            money={feeds: self._money(row, feeds) for feeds in MONEY if feeds in self.columns},
            link=self._link(row),
            source_values={
                name: value for name, value in zip(self.header, map(text_of, row.cells), strict=True) if value.strip()
            },
        )

    def _count_plain(self, row: Row) -> None:
        typed = {self.columns[feeds].header for feeds in DATES | NUMBERS if feeds in self.columns}
        for name, cell in zip(self.header, row.cells, strict=True):
            if name not in typed:
                self.notes.count(name, "text" if text_of(cell).strip() else "blank")

    def _parsed(self, row: Row, feeds: Field, parse: Callable[[Cell, Column], Parsed]) -> Parsed:
        column = self.columns[feeds]
        parsed = parse(self.cell(row, column), column)
        self.notes.count(column.header, "blank" if parsed.is_blank else "text" if parsed.value is None else "value")
        if parsed.value is None and parsed.text:
            refused = column.unreadable == "refuse" or (parsed.suspect and column.unreadable == "keep_words")
            note = self.notes.refuse if refused else self.notes.warn
            note(row.number, column.header, parsed.text)
        elif parsed.unusual:
            self.notes.warn(row.number, column.header, parsed.text, str(parsed.value))
        return parsed

    def _date(self, row: Row, feeds: Field) -> date | None:
        if feeds not in self.columns:
            return None
        value = self._parsed(row, feeds, lambda cell, column: parse_date(cell, column.date_format)).value
        return value if isinstance(value, date) else None

    def _number(self, row: Row, feeds: Field) -> Decimal | None:
        if feeds not in self.columns:
            return None
        value = self._parsed(row, feeds, lambda cell, column: parse_number(cell, column.number)).value
        return value if isinstance(value, Decimal) else None

    def _money(self, row: Row, feeds: Field) -> Decimal | None:
        column, value = self.columns[feeds], self._number(row, feeds)
        if value is None:
            return None
        if not 0 <= value < MOST_MONEY or not 0 <= value * column.unit * self.mapping.exchange_rate < MOST_MONEY:
            self.notes.refuse(row.number, column.header, str(value))
            return None
        return to_cents(value, column.unit * self.mapping.exchange_rate)

    def _end(self, row: Row, start: date | None) -> date | None:
        """The stated end, or start + planned duration; a year counts 365 days, the panorama's own convention."""
        if Field.END in self.columns:
            end = self._date(row, Field.END)
            if end and start and end < start:
                self.notes.warn(row.number, self.columns[Field.END].header, end.isoformat())
                return None
            return end
        years = self._number(row, Field.DURATION_YEARS)
        if years is None or start is None:
            return None
        if not 0 <= years <= LONGEST_DURATION:
            self.notes.refuse(row.number, self.columns[Field.DURATION_YEARS].header, str(years))
            return None
        days = (years * DAYS_PER_YEAR).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return start + timedelta(days=int(days))

    def _phase(self, row: Row, end: date | None) -> Phase:
        text = self.text(row, Field.PHASE)
        known = self.phases.get(identity(text))
        if text and known is None:
            self.notes.warn(row.number, self.columns[Field.PHASE].header, text)
        if known and known.life_cycle == LifeCycle.CLOSED and end is None:
            self.notes.warn(row.number, self.columns[Field.PHASE].header, text, str(LifeCycle.CLOSING))
            return Phase(LifeCycle.CLOSING)
        return known or Phase(self.mapping.default_life_cycle)

    def _limited(self, row: Row, feeds: Field, limit: int) -> str:
        text = self.text(row, feeds)
        if len(text) > limit:
            self.notes.refuse(row.number, self.columns[feeds].header, text)
        return text

    def _purpose(self, row: Row) -> str:
        column = self.columns.get(Field.PURPOSE)
        text = text_of(self.cell(row, column)).replace("\r\n", "\n").replace("\r", "\n").strip() if column else ""
        if column and len(text) > LONGEST_PURPOSE:
            shortened = _("les %(limit)s premiers signes") % {"limit": LONGEST_PURPOSE}
            self.notes.warn(row.number, column.header, text, shortened)
        return text[:LONGEST_PURPOSE]

    def _link(self, row: Row) -> str:
        text = self.text(row, Field.LINK)
        if not text:
            return ""
        link = next((part for part in text.split() if _is_web_address(part)), "")
        if link != text:
            self.notes.warn(row.number, self.columns[Field.LINK].header, text, link or KEPT_AS_TEXT)
        return link


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and len(text) <= LONGEST_LINK
