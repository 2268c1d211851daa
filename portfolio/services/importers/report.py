"""The import report of contract.md: what each source row became, and the totals to check it by."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portfolio.engines.source_fields import MONEY, Field
from portfolio.services.importers.reading import Reading
from portfolio.services.importers.records import Extraction, Record

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A difference on an authorised project that was not written: a decision has to."""

    row: int
    code: str
    field: str
    old: str
    new: str

    def as_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ImportReport:
    file: str
    sha256: str
    reading: Reading
    extraction: Extraction
    counts: Counts
    absent: tuple[str, ...]
    as_of: date
    waiting: tuple[Waiting, ...] = ()
    run_id: int | None = None

    @property
    def changes_something(self) -> bool:
        return bool(self.counts.created or self.counts.updated)

    def as_json(self) -> dict[str, Any]:
        """The contract's report; rows = created + updated + unchanged + skipped."""
        return {
            "file": self.file,
            "format": self.reading.mapping.name,
            "variant": self.reading.variant.name,
            "as_of": self.as_of.isoformat(),
            "rows": self.extraction.rows,
            "created": self.counts.created,
            "updated": self.counts.updated,
            "unchanged": self.counts.unchanged,
            "skipped": [item.as_json() for item in self.extraction.skipped],
            "warnings": [item.as_json() for item in self.extraction.warnings],
            "totals": totals(self.reading, self.extraction.records),
            "blank_rows_after_the_last": self.reading.table.blank_tail,
            "absent_from_file": list(self.absent),
            "awaiting_decision": [item.as_json() for item in self.waiting],
            "hash": self.sha256,
        }


def totals(reading: Reading, records: tuple[Record, ...]) -> dict[str, Any]:
    """Sums to the cent per amount, how many rows state it, dates and phases covered."""
    found: dict[str, Any] = {
        "projects": len(records),
        "currency": reading.mapping.currency,
        "exchange_rate": str(reading.mapping.exchange_rate),
    }
    fed = {column.feeds for column in reading.variant.columns}
    for feeds in sorted(MONEY & fed):
        amounts = [amount for record in records if (amount := record.money[feeds]) is not None]
        found[str(feeds)] = str(sum(amounts, NOTHING))
        found[f"{feeds}_known"] = len(amounts)
        found[f"{feeds}_unknown"] = len(records) - len(amounts)
    starts = [record.start for record in records if record.start]
    ends = [record.end for record in records if record.end]
    found |= {
        "with_start": len(starts),
        "with_end": len(ends),
        "first_start": min(starts).isoformat() if starts else None,
        "last_end": max(ends).isoformat() if ends else None,
    }
    if Field.PHASE in fed:
        found["phases"] = dict(sorted(Counter(record.phase for record in records).items()))
    if Field.AXIS_CODE in fed:
        found["axes"] = dict(sorted(Counter(record.axis_code for record in records).items()))
    return found
