"""Frozen dataclasses to canonical JSON and back, without loss.

Canonical: sorted keys, no spaces, UTF-8, no floating point. Decimal is written as its plain text,
a date as ISO 8601, an instant as ISO 8601 in UTC. Equal values give equal bytes and one SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]
T = TypeVar("T")


def plain(value: object) -> Plain:
    """The JSON form of a value made of dataclasses, tuples, mappings, dates, Decimal, text and int."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _names(type(value))}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"no canonical form for {type(value).__name__}")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))


def canonical_bytes(data: Plain) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def data_hash(data: Plain) -> str:
    return hashlib.sha256(canonical_bytes(data)).hexdigest()


def restore(kind: type[T], data: Any) -> T:
    """The value of dataclass `kind` that `plain` wrote; a missing field takes its default."""
    restored: T = _reader(cast(Any, kind))(data)
    return restored


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    simple = _SIMPLE.get(kind)
    if simple is not None:
        return simple
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = _reader(next(item for item in arguments if item is not type(None)))
        return lambda data: None if data is None else inner(data)
    if origin is tuple:
        member = _reader(arguments[0])
        return lambda data: tuple(map(member, data))
    if origin is Mapping:
        worth = _reader(arguments[1])
        return lambda data: {key: worth(item) for key, item in data.items()}
    if not is_dataclass(kind):
        raise TypeError(f"no reader for {kind}")
    return _dataclass_reader(kind)


def _dataclass_reader(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {item.name: _reader(hints[item.name]) for item in fields(kind)}
    return lambda data: kind(**{name: readers[name](item) for name, item in data.items() if name in readers})


def _same(data: Any) -> Any:
    return data


_SIMPLE: dict[Any, Callable[[Any], Any]] = {
    str: _same,
    int: _same,
    bool: _same,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}
