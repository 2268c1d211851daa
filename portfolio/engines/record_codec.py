"""Frozen records to plain JSON and back: what equals its default is left out, so small records stay small.

Knows decimals, dates, times, enumerations, tuples and records inside records. `decoded(type, encoded(record)) ==
record` for every record whose fields are annotated with these.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

R = TypeVar("R")
Reader = Callable[[Any], Any]


def encoded(record: object) -> dict[str, Any]:
    """The fields that differ from their defaults, as JSON can hold them."""
    kind: Any = type(record)
    return {
        name: _plain(value) for name, default in _defaults(kind).items() if (value := getattr(record, name)) != default
    }


def decoded(kind: type[R], raw: Mapping[str, Any]) -> R:
    """The record; a field that `kind` does not know is an error."""
    known: Any = kind
    readers = _readers(known)
    return kind(**{name: readers[name](value) for name, value in raw.items()})


@cache
def _defaults(kind: Any) -> dict[str, object]:
    return {item.name: _default(item) for item in dataclasses.fields(kind)}


def _default(item: dataclasses.Field[Any]) -> object:
    if item.default_factory is not dataclasses.MISSING:
        return item.default_factory()
    return item.default


@cache
def _readers(kind: Any) -> dict[str, Reader]:
    hints = get_type_hints(kind)
    return {item.name: _reader(hints[item.name]) for item in dataclasses.fields(kind)}


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return encoded(value) if dataclasses.is_dataclass(value) else value


def _reader(hint: Any) -> Reader:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        read = _reader(next(one for one in inner if one is not NoneType))
        return lambda raw: None if raw is None else read(raw)
    if origin is tuple:
        if inner[-1] is Ellipsis:
            each = _reader(inner[0])
            return lambda raw: tuple(each(item) for item in raw)
        readers = [_reader(one) for one in inner]
        return lambda raw: tuple(read(item) for read, item in zip(readers, raw, strict=True))
    if dataclasses.is_dataclass(hint):
        return partial(_decoded, hint)
    if issubclass(hint, date | datetime | time):
        return partial(_parsed, hint)
    return hint if issubclass(hint, Enum | Decimal) else _as_it_is


def _decoded(kind: Any, raw: Any) -> Any:
    return decoded(kind, raw)


def _parsed(kind: Any, raw: Any) -> Any:
    return kind.fromisoformat(raw)


def _as_it_is(raw: Any) -> Any:
    return raw
