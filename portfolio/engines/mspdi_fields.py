"""The values of one MSPDI element; what cannot be kept as it stands is written down, never guessed away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from portfolio.engines.mspdi_values import (
    CENTS,
    FORMATS,
    OutOfRangeError,
    parse_clock,
    parse_instant,
    parse_minutes,
    parse_number,
    plain,
    span_of,
    time_of,
)
from portfolio.engines.schedule_file import ScheduleRefusedError, Skipped, Span, Warned
from portfolio.engines.tabular import without_unsafe
from portfolio.engines.xml_stream import Node

V = TypeVar("V")
SHOWN = 300
MAX_DOUBTS = 2_000
LONGEST_NAME = 255
LONGEST_UID = 2**31 - 1
HUNDRED = 100
_BREAKS = re.compile(r"[\t\n\r\x85\u2028\u2029]+")


@dataclass(slots=True)
class Doubts:
    """What was left out or changed on the way; after `MAX_DOUBTS` of a kind the file is not a plan but noise."""

    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def warn(self, row: int, column: str, value: str, kept_as: str = "") -> None:
        if len(self.warnings) >= MAX_DOUBTS:
            raise ScheduleRefusedError("too_many_doubts", line=row, limit=MAX_DOUBTS)
        self.warnings.append(Warned(row, column, without_unsafe(value)[:SHOWN], kept_as))

    def skip(self, row: int, kind: str, key: object, reason: str) -> None:
        self.skipped.append(Skipped(row, kind, str(key), reason))


@dataclass(frozen=True, slots=True)
class Fields:
    node: Node
    doubts: Doubts

    def text(self, name: str, longest: int = LONGEST_NAME) -> str:
        """One line, without control characters; a longer text is cut and reported."""
        raw = self.node.texts.get(name, "")
        if not raw or raw.isspace():
            return ""
        found = without_unsafe(_BREAKS.sub(" ", raw))
        if len(found) > longest:
            self.doubts.warn(self.node.line, name, found, f"{longest} signs")
        return found[:longest]

    def paragraphs(self, name: str) -> str:
        return without_unsafe(self.node.texts.get(name, "").replace("\r\n", "\n").replace("\r", "\n")).strip()

    def uid(self, name: str = "UID") -> int | None:
        found = self.integer(name)
        return found if found is not None and found >= 0 else None

    def integer(self, name: str) -> int | None:
        found = self._value(name, parse_number)
        if found is None:
            return None
        if found != found.to_integral_value() or abs(found) > LONGEST_UID:
            self.doubts.warn(self.node.line, name, str(found))
            return None
        return int(found)

    def number(self, name: str) -> Decimal | None:
        return self._value(name, parse_number)

    def money(self, name: str) -> Decimal | None:
        found = self._value(name, parse_number)
        return None if found is None else plain(found / CENTS)

    def minutes(self, name: str) -> Decimal | None:
        return self._value(name, parse_minutes)

    def tenths(self, name: str) -> Decimal | None:
        """A figure in tenths of a minute as minutes."""
        found = self._value(name, parse_number)
        return None if found is None else plain(found / 10)

    def percent(self, name: str) -> int:
        found = self._value(name, parse_number)
        if found is None:
            return 0
        kept = min(HUNDRED, max(0, int(found.to_integral_value(ROUND_HALF_UP))))
        if kept != found:
            self.doubts.warn(self.node.line, name, str(found), str(kept))
        return kept

    def flag(self, name: str, default: bool = False) -> bool:
        raw = self.node.texts.get(name, "").strip().casefold()
        if raw in ("1", "true"):
            return True
        if raw in ("0", "false"):
            return False
        if raw:
            self.doubts.warn(self.node.line, name, raw, str(default))
        return default

    def instant(self, name: str) -> datetime | None:
        found = self._value(name, parse_instant)
        if found is not None and self.node.texts[name].strip()[19:].lstrip(".0123456789"):
            self.doubts.warn(self.node.line, name, self.node.texts[name].strip(), found.isoformat())
        return found

    def clock(self, name: str, default: time) -> time:
        found = self._value(name, parse_clock)
        return default if found is None else time_of(found)

    def span(self, name: str, format_name: str) -> Span | None:
        found = self.minutes(name)
        return None if found is None else span_of(found, self.code(format_name))

    def lag(self, name: str, format_name: str) -> Span:
        """Tenths of a minute; a percentage stands as such."""
        amount = self.number(name) or Decimal(0)
        unit, elapsed = FORMATS.get(self.code(format_name) or 7, FORMATS[7])
        span = Span(amount, unit, elapsed)
        return span if span.is_percent else Span(plain(amount / 10), unit, elapsed)

    def code(self, name: str) -> int | None:
        raw = self.node.texts.get(name, "").strip()
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else None

    def choice(self, name: str, meanings: Mapping[int, V], default: V) -> V:
        code = self.integer(name)
        if code is None:
            return default
        if code not in meanings:
            self.doubts.warn(self.node.line, name, str(code), str(default))
        return meanings.get(code, default)

    def _value(self, name: str, parse: Callable[[str], V]) -> V | None:
        raw = self.node.texts.get(name, "").strip()
        if not raw or raw == "NA":
            return None
        try:
            return parse(raw)
        except OutOfRangeError as error:
            raise ScheduleRefusedError("date_out_of_range", line=self.node.line, column=name, value=raw[:40]) from error
        except (ValueError, ArithmeticError):
            self.doubts.warn(self.node.line, name, raw)
            return None
