"""Formats as JSON: read strictly from a file somebody wrote, written exactly for the record of a run."""

import json
import re
from collections.abc import Mapping as MappingABC
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn, cast

from portfolio.engines.cell_values import DATE_FORMATS, NumberFormat
from portfolio.engines.source_fields import DATES, NUMBERS, Field
from portfolio.engines.tabular import DELIMITERS, ENCODINGS, HeaderOptions, TextOptions, normalise_label
from portfolio.enums import LifeCycle
from portfolio.services.importers.mapping import Column, Mapping, Phase, Variant
from portfolio.services.importers.presets import PRESETS
from portfolio.services.importers.refusals import ImportRefusedError

MAX_MAPPING_SIZE = 256 * 1024
IMPORTED_STATES = ("idea", "mandate", "preparation", "initiation", "stage", "closing", "closed")
_READING = frozenset({"format", "encoding", "delimiter", "sheet", "header_line", "invalid_bytes"})
_HEADINGS = frozenset({"repeated_headers", "blank_headers", "columns", "phases", "default_life_cycle", "renamed"})
_TOP = _READING | _HEADINGS | {"source", "label", "edition", "currency", "exchange_rate"}
_FIGURES = frozenset({"decimal", "also_decimal", "group", "signs", "unit"})
_COLUMN = _FIGURES | {"header", "field", "date_format", "unreadable"}


def load_mapping(name_or_file: str) -> Mapping:
    """A preset by its name, else the JSON file at that path."""
    if name_or_file in PRESETS:
        return PRESETS[name_or_file]
    path = Path(name_or_file)
    if not path.is_file():
        raise ImportRefusedError("unknown_mapping", name=name_or_file, known=sorted(PRESETS))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ImportRefusedError("bad_mapping", problem=error.strerror or "OSError") from error
    return mapping_from_bytes(data)


def mapping_from_bytes(data: bytes) -> Mapping:
    if len(data) > MAX_MAPPING_SIZE:
        _refuse(f"> {MAX_MAPPING_SIZE // 1024} ko")
    try:
        raw = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ImportRefusedError("bad_mapping", problem="JSON") from error
    return mapping_from_json(raw)


def mapping_from_json(raw: object) -> Mapping:
    """The mapping a JSON object describes; any key, type or value out of place is refused by its name."""
    top = _object(raw, "")
    if "extends" in top:
        return _extended(top)
    _only(top, _TOP, "")
    kind = _choice(top, "format", ("csv", "xlsx"), "")
    columns = tuple(_column(item, f"columns[{index}]") for index, item in enumerate(_list(top, "columns", "")))
    _check_columns(columns)
    source = _text(top, "source", "", default="")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", source):
        _refuse("source : [a-z0-9-]{1,40}")
    variant = Variant(
        name=source,
        kind=cast("Any", kind),
        signature=tuple(column.header for column in columns),
        columns=columns,
        text=_text_options(top) if kind == "csv" else TextOptions(),
        sheet=_text(top, "sheet", "", default=""),
        header_line=_line(top),
        header=HeaderOptions(
            repeated=cast("Any", _choice(top, "repeated_headers", ("refuse", "number"), "", "refuse")),
            blank=cast("Any", _choice(top, "blank_headers", ("refuse", "number"), "", "refuse")),
        ),
        edition=_day(top),
    )
    return Mapping(
        name=source,
        source=source,
        label=_text(top, "label", "", default=source),
        variants=(variant,),
        phases=_phases(top),
        default_life_cycle=LifeCycle(_choice(top, "default_life_cycle", IMPORTED_STATES, "", "mandate")),
        currency=_text(top, "currency", "", default="EUR"),
        exchange_rate=_decimal(top, "exchange_rate", "", default=Decimal(1)),
        renamed=_renamed(top),
    )


def mapping_as_json(mapping: Mapping, variant: Variant) -> dict[str, Any]:
    """One variant as the JSON object `mapping_from_json` reads."""
    raw: dict[str, Any] = {
        "source": mapping.source,
        "label": mapping.label,
        "format": variant.kind,
        "header_line": variant.header_line,
        "repeated_headers": variant.header.repeated,
        "blank_headers": variant.header.blank,
        "currency": mapping.currency,
        "exchange_rate": str(mapping.exchange_rate),
        "default_life_cycle": str(mapping.default_life_cycle),
        "columns": [_column_as_json(column) for column in variant.columns],
        "phases": {
            label: {"life_cycle": str(phase.life_cycle), **({"stage": phase.stage} if phase.stage else {})}
            for label, phase in mapping.phases.items()
        },
    }
    if mapping.renamed:
        raw["renamed"] = dict(mapping.renamed)
    if variant.kind == "csv":
        raw |= {
            "encoding": variant.text.encoding,
            "delimiter": variant.text.delimiter,
            "invalid_bytes": variant.text.invalid_bytes,
        }
    elif variant.sheet:
        raw["sheet"] = variant.sheet
    if variant.edition:
        raw["edition"] = variant.edition.isoformat()
    return raw


def _column_as_json(column: Column) -> dict[str, Any]:
    raw: dict[str, Any] = {"header": column.header, "field": str(column.feeds)}
    if column.feeds in DATES:
        raw |= {"date_format": column.date_format, "unreadable": column.unreadable}
    if column.feeds in NUMBERS:
        form = column.number
        raw |= {"decimal": form.decimal, "unit": str(column.unit), "unreadable": column.unreadable}
        raw |= {"group": form.group} if form.group else {}
        raw |= {"signs": list(form.signs)} if form.signs else {}
        raw |= {"also_decimal": form.also_decimal} if form.also_decimal else {}
    return raw


def _extended(top: MappingABC[str, Any]) -> Mapping:
    """A preset whose amounts are converted at a stated rate."""
    _only(top, frozenset({"extends", "exchange_rate"}), "")
    base = PRESETS[_choice(top, "extends", tuple(PRESETS), "")]
    return replace(base, exchange_rate=_decimal(top, "exchange_rate", "", default=base.exchange_rate))


def _column(raw: object, where: str) -> Column:
    item = _object(raw, where)
    _only(item, _COLUMN, where)
    feeds = Field(_choice(item, "field", tuple(map(str, Field)), where))
    header = normalise_label(_text(item, "header", where))
    if not header:
        _refuse(f"{where}.header")
    date_format = _choice(item, "date_format", tuple(DATE_FORMATS), where) if feeds in DATES else ""
    return Column(
        header=header,
        feeds=feeds,
        date_format=date_format,
        number=_number_format(item, where) if feeds in NUMBERS else NumberFormat(),
        unit=_decimal(item, "unit", where, default=Decimal(1)),
        unreadable=cast(
            "Any", _choice(item, "unreadable", ("keep", "keep_words", "refuse"), where, default="keep_words")
        ),
    )


def _number_format(item: MappingABC[str, Any], where: str) -> NumberFormat:
    decimal = _choice(item, "decimal", (".", ","), where)
    group = _choice(item, "group", ("", " ", ".", ",", "'", "’", "\u00a0", "\u202f"), where, default="")
    also = _choice(item, "also_decimal", ("", ".", ","), where, default="")
    signs = _list(item, "signs", where, default=[])
    if group == decimal or also == decimal or (group and also):
        _refuse(f"{where}.group")
    if not all(isinstance(sign, str) and 0 < len(sign) <= 5 for sign in signs):
        _refuse(f"{where}.signs")
    return NumberFormat(decimal, "\u00a0" if group in (" ", "\u202f") else group, tuple(signs), also)


def _check_columns(columns: tuple[Column, ...]) -> None:
    fed = [column.feeds for column in columns]
    doubled = sorted({str(feeds) for feeds in fed if fed.count(feeds) > 1})
    headers = [column.header for column in columns]
    if doubled or len(set(headers)) < len(headers):
        _refuse(f"columns : {', '.join(doubled) or 'header'}")
    if Field.NAME not in fed:
        _refuse("columns : name")
    if Field.DURATION_YEARS in fed and (Field.END in fed or Field.START not in fed):
        _refuse("columns : duration_years")


def _text_options(top: MappingABC[str, Any]) -> TextOptions:
    return TextOptions(
        encoding=_choice(top, "encoding", ENCODINGS, ""),
        delimiter=_choice(top, "delimiter", DELIMITERS, ""),
        invalid_bytes=cast("Any", _choice(top, "invalid_bytes", ("refuse", "replace"), "", default="refuse")),
    )


def _phases(top: MappingABC[str, Any]) -> dict[str, Phase]:
    phases: dict[str, Phase] = {}
    for label, raw in _object(top.get("phases", {}), "phases").items():
        where = f"phases.{label[:40]}"
        item = _object(raw, where)
        _only(item, frozenset({"life_cycle", "stage"}), where)
        stage = item.get("stage")
        if stage is not None and (not isinstance(stage, int) or isinstance(stage, bool) or not 1 <= stage <= 20):
            _refuse(f"{where}.stage")
        phases[label] = Phase(LifeCycle(_choice(item, "life_cycle", IMPORTED_STATES, where)), stage)
    return phases


def _renamed(top: MappingABC[str, Any]) -> dict[str, str]:
    names = _object(top.get("renamed", {}), "renamed")
    return {new: _text(names, new, "renamed") for new in names}


def _line(top: MappingABC[str, Any]) -> int:
    line = top.get("header_line", 1)
    if not isinstance(line, int) or isinstance(line, bool) or not 1 <= line <= 200:
        _refuse("header_line : 1-200")
    return line


def _day(top: MappingABC[str, Any]) -> date | None:
    text = _text(top, "edition", "", default="")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        _refuse("edition : yyyy-mm-dd")


def _object(raw: object, where: str) -> MappingABC[str, Any]:
    if not isinstance(raw, dict):
        _refuse(where or "{}")
    return cast("MappingABC[str, Any]", raw)


def _list(item: MappingABC[str, Any], key: str, where: str, default: list[Any] | None = None) -> list[Any]:
    value = item.get(key, default)
    if not isinstance(value, list) or len(value) > 200:
        _refuse(_path(where, key))
    return value


def _text(item: MappingABC[str, Any], key: str, where: str, default: str | None = None) -> str:
    value = item.get(key, default)
    if not isinstance(value, str) or len(value) > 500:
        _refuse(_path(where, key))
    return value


def _choice(
    item: MappingABC[str, Any], key: str, allowed: tuple[str, ...], where: str, default: str | None = None
) -> str:
    value = item.get(key, default)
    if value not in allowed:
        _refuse(f"{_path(where, key)} : {' | '.join(repr(choice) for choice in allowed)}")
    return cast("str", value)


def _decimal(item: MappingABC[str, Any], key: str, where: str, default: Decimal) -> Decimal:
    raw = item.get(key, default)
    try:
        value = Decimal(str(raw)) if isinstance(raw, str | int | Decimal) and not isinstance(raw, bool) else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or not Decimal("0.000001") <= value <= Decimal(1_000_000_000):
        _refuse(_path(where, key))
    return value


def _only(item: MappingABC[str, Any], allowed: frozenset[str], where: str) -> None:
    unknown = sorted(str(key) for key in item if key not in allowed)
    if unknown:
        _refuse(_path(where, unknown[0][:60]))


def _path(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _refuse(problem: str) -> NoReturn:
    raise ImportRefusedError("bad_mapping", problem=problem)
