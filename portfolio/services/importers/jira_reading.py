"""Where issues come from: a file somebody has, or Jira itself; both give bytes, read under the same limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portfolio.engines.jira_csv import read_jira_csv
from portfolio.engines.jira_dates import DayOrder
from portfolio.engines.jira_item import JiraFile, JiraRefusedError
from portfolio.engines.jira_json import read_jira_json
from portfolio.engines.tabular import TableRefusedError
from portfolio.services.importers.reading import other_type
from portfolio.services.importers.refusals import MAX_FILE_SIZE, ImportRefusedError, refusal
from portfolio.services.importers.workbook import is_workbook

EXPECTED = "CSV, JSON"


@dataclass(frozen=True, slots=True)
class Document:
    """What a source gives: the bytes, what to call them, and whether they are all there is of the backlog."""

    name: str
    data: bytes
    is_complete: bool = False


class IssueSource(Protocol):
    """The port to issues: a deposited file, or a server that speaks Jira's REST API."""

    def document(self) -> Document:
        """The issues as bytes; raises ImportRefusedError with what was wrong."""


def read_jira(data: bytes, *, today: date, order: DayOrder | None = None) -> JiraFile:
    """The issues of a CSV export or of an answer of the search, or `ImportRefusedError` with the reason."""
    if len(data) > MAX_FILE_SIZE:
        raise ImportRefusedError("file_too_big", limit=MAX_FILE_SIZE // 1024 // 1024)
    if not data.strip():
        raise ImportRefusedError("empty")
    if is_workbook(data) or other_type(data):
        shown = other_type(data) or "XLSX"
        raise ImportRefusedError("wrong_type", shown=shown, expected=EXPECTED)
    try:
        return _reader(data, today, order)()
    except (JiraRefusedError, TableRefusedError) as error:
        raise refusal(error) from error


def _reader(data: bytes, today: date, order: DayOrder | None) -> Callable[[], JiraFile]:
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return lambda: read_jira_json(data, today=today)
    return lambda: read_jira_csv(data, today=today, order=order)
