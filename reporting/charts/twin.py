"""The data twin of a chart: what « voir les données » shows as a table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataTable:
    """Headings and rows of text, already formatted for the reader's language."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
