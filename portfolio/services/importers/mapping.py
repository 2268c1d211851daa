"""What a format declares: how its files are read, and which column feeds which field.

A mapping is a closed description. Its variants are the editions one series
went through; a file belongs to a variant when it carries every heading of that
variant, and to none otherwise.
"""

from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from portfolio.engines.cell_values import NumberFormat
from portfolio.engines.source_fields import Field
from portfolio.engines.tabular import HeaderOptions, TextOptions, identity, normalise_label
from portfolio.enums import LifeCycle

Kind = Literal["csv", "xlsx"]
Unreadable = Literal["keep", "keep_words", "refuse"]


@dataclass(frozen=True, slots=True)
class Column:
    """One source column. `unreadable` says what becomes of a cell that is not a figure or a date.

    `keep` keeps any text; `keep_words` keeps sentences but refuses what looks
    like a figure in another format (a sign that the wrong format was chosen);
    `refuse` refuses both.
    """

    header: str
    feeds: Field
    date_format: str = ""
    number: NumberFormat = field(default_factory=NumberFormat)
    unit: Decimal = Decimal(1)
    unreadable: Unreadable = "keep_words"


@dataclass(frozen=True, slots=True)
class Variant:
    """One edition of a series; `edition` is the date its facts are valid at."""

    name: str
    kind: Kind
    signature: tuple[str, ...]
    columns: tuple[Column, ...]
    text: TextOptions = field(default_factory=TextOptions)
    sheet: str = ""
    header_line: int = 1
    header: HeaderOptions = field(default_factory=HeaderOptions)
    edition: date | None = None

    def missing(self, header: tuple[str, ...]) -> list[str]:
        return [name for name in self.signature if name not in header]

    def column(self, wanted: Field) -> Column | None:
        return next((column for column in self.columns if column.feeds is wanted), None)


@dataclass(frozen=True, slots=True)
class Phase:
    """Where a phase of the source stands in our life cycle, and as which stage number."""

    life_cycle: LifeCycle
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """`renamed` states, later name to earlier name, which projects changed name between editions."""

    name: str
    source: str
    label: str
    variants: tuple[Variant, ...]
    transposed_labels: tuple[str, ...] = ()
    phases: MappingABC[str, Phase] = field(default_factory=dict)
    default_life_cycle: LifeCycle = LifeCycle.STAGE
    axis_names: MappingABC[str, str] = field(default_factory=dict)
    renamed: MappingABC[str, str] = field(default_factory=dict)
    currency: str = "EUR"
    exchange_rate: Decimal = Decimal(1)

    def canonical(self, key: str) -> str:
        """The key of the name a project had in the oldest edition, where a rename is declared."""
        return {identity(new): identity(old) for new, old in self.renamed.items()}.get(key, key)

    @property
    def labels(self) -> tuple[str, ...]:
        """Beginnings of every heading this format knows: what a transposed file shows downwards."""
        named = {normalise_label(name) for variant in self.variants for name in variant.signature}
        return tuple(sorted(named | set(self.transposed_labels)))
