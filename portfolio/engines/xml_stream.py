"""XML read as a stream of records, with the harm a file can do bounded beforehand.

No document type, hence no entity of one's own and nothing fetched; depth, number of elements and length of a text
have limits; memory holds one record at a time. Whoever reads may pass `tick`, called every few thousand elements, to
stop on time or memory of their own. See docs/schedules.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import NoReturn
from xml.parsers import expat

from portfolio.engines.schedule_file import ScheduleRefusedError

MAX_DEPTH = 32
MAX_ELEMENTS = 1_500_000
MAX_TEXT = 50_000
MAX_ATTRIBUTES = 100
CHUNK = 65_536
TICK_EVERY = 4_096
_HEAD = 4_096


@dataclass(slots=True)
class Node:
    """An element: texts of its leaves by name, and its branches."""

    name: str
    line: int
    texts: dict[str, str] = field(default_factory=dict)
    branches: dict[str, list[Node]] = field(default_factory=dict)

    def branch(self, name: str) -> Node | None:
        found = self.branches.get(name)
        return found[0] if found else None

    def within(self, section: str, name: str) -> list[Node]:
        """The elements of this name inside a section: `<WeekDays><WeekDay/>...`."""
        holder = self.branch(section)
        return holder.branches.get(name, []) if holder else []


@dataclass(frozen=True, slots=True)
class Root:
    name: str
    namespace: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Sections whose children are records, with how many of each are allowed, and elements never looked into."""

    records: Mapping[tuple[str, str], int]
    ignored: frozenset[str]


def root_of(data: bytes) -> Root:
    """The outermost element, read no further than its own tag."""
    found: list[Root] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if not found:
            namespace, _, name = tag.rpartition("}")
            found.append(Root(name, namespace, dict(attributes)))

    parser = _parser()
    parser.StartElementHandler = start
    for position in range(0, len(data), _HEAD):
        _feed(parser, data[position : position + _HEAD], data, is_last=position + _HEAD >= len(data))
        if found:
            return found[0]
    raise ScheduleRefusedError("empty")


def check_xml(data: bytes, tick: Callable[[], None] = lambda: None) -> None:
    """Refuses a document that breaks a limit or a rule of XML, without keeping any of it."""
    nothing = Plan(records={}, ignored=frozenset({root_of(data).name}))
    for _record in RecordStream(data, nothing, tick):
        pass


class RecordStream:
    """The records of one document in their order; `head` and `not_read` are complete once all were taken."""

    def __init__(self, data: bytes, plan: Plan, tick: Callable[[], None] = lambda: None) -> None:
        self.head = Node("", 1)
        self.not_read: Counter[str] = Counter()
        self._data = data
        self._plan = plan
        self._tick = tick
        self._ready: list[Node] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._stack: list[Node] = []
        self._text: list[str] = []
        self._length = 0
        self._depth = 0
        self._elements = 0
        self._ignored_from = 0
        self._parser = _parser()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def __iter__(self) -> Iterator[Node]:
        for position in range(0, len(self._data), CHUNK):
            _feed(self._parser, self._data[position : position + CHUNK], self._data)
            yield from self._ready
            self._ready.clear()
        _feed(self._parser, b"", self._data, is_last=True)
        yield from self._ready
        self._ready.clear()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count(attributes)
        if self._ignored_from:
            return
        name = intern(tag.rpartition("}")[2])
        if name in self._plan.ignored:
            self._ignored_from = self._depth
            self.not_read[name] += 1
            return
        if self._depth == 3:
            self._count_record(name)
        self._text, self._length = [], 0
        self._stack.append(Node(name, self._parser.CurrentLineNumber))

    def _count(self, attributes: dict[str, str]) -> None:
        self._elements += 1
        line = self._parser.CurrentLineNumber
        if self._elements % TICK_EVERY == 0:
            self._tick()
        if self._elements > MAX_ELEMENTS:
            raise ScheduleRefusedError("too_many_elements", line=line, limit=MAX_ELEMENTS)
        if self._depth > MAX_DEPTH:
            raise ScheduleRefusedError("too_deep", line=line, limit=MAX_DEPTH)
        if len(attributes) > MAX_ATTRIBUTES:
            raise ScheduleRefusedError("too_many_elements", line=line, limit=MAX_ATTRIBUTES)

    def _count_record(self, name: str) -> None:
        kind = (self._stack[-1].name, name)
        self._counts[kind] += 1
        limit = self._plan.records.get(kind)
        if limit is not None and self._counts[kind] > limit:
            line = self._parser.CurrentLineNumber
            raise ScheduleRefusedError("too_many_records", line=line, kind=name, limit=limit)

    def _characters(self, text: str) -> None:
        if self._ignored_from:
            return
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise ScheduleRefusedError("text_too_long", line=self._parser.CurrentLineNumber, limit=MAX_TEXT)
        self._text.append(text)

    def _end(self, _tag: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if self._ignored_from:
            if depth == self._ignored_from:
                self._ignored_from = 0
            return
        node = self._stack.pop()
        if not self._stack:
            self.head = node
            return
        parent = self._stack[-1]
        if depth == 3 and (parent.name, node.name) in self._plan.records:
            self._ready.append(node)
        elif node.texts or node.branches:
            parent.branches.setdefault(node.name, []).append(node)
        else:
            parent.texts.setdefault(node.name, "".join(self._text))
        self._text, self._length = [], 0


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(None, "}")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def refuse(*_declaration: object) -> NoReturn:
        raise ScheduleRefusedError("xml_document_type", line=parser.CurrentLineNumber)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _feed(parser: expat.XMLParserType, chunk: bytes, data: bytes, *, is_last: bool = False) -> None:
    try:
        parser.Parse(chunk, is_last)
    except expat.ExpatError as error:
        raise _broken(error, parser.ErrorByteIndex, data) from error
    except (LookupError, ValueError) as error:
        known = ["utf-8", "utf-16", "iso-8859-1", "windows-1252"]
        raise ScheduleRefusedError("unknown_encoding", line=1, encoding=_declared(data), known=known) from error


def _broken(error: expat.ExpatError, position: int, data: bytes) -> ScheduleRefusedError:
    """A byte that its encoding does not know is told apart from a tag out of place, and from a file cut short."""
    text = expat.ErrorString(error.code)
    if text in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN):
        return ScheduleRefusedError("xml_cut_short", line=error.lineno)
    if text == expat.errors.XML_ERROR_INVALID_TOKEN and 0 <= position < len(data) and data[position] >= 0x80:
        return ScheduleRefusedError(
            "bad_encoding", line=error.lineno, byte=f"0x{data[position]:02X}", declared=_declared(data)
        )
    return ScheduleRefusedError("xml_broken", line=error.lineno, column=error.offset + 1, problem=text)


def _declared(data: bytes) -> str:
    first = data[:200].partition(b"?>")[0]
    _, found, rest = first.partition(b"encoding=")
    return rest[1:].split(rest[:1])[0].decode("ascii", "replace") if found and rest else "UTF-8"
