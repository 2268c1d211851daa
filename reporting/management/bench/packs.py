"""The pack: against bare WeasyPrint of the same HTML, how it grows with its pages, and what memory it takes."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from config import clock
from portfolio.models import ReportingCycle
from portfolio.selectors.reporting_cycle import cycles
from reporting.engines.edition import Edition
from reporting.models import Snapshot
from reporting.packs.codir import Document, compose
from reporting.sections import project_sheet
from reporting.sections.base import Page
from reporting.services.pack import build_pack, edition_of, html_of

LANGUAGE = "fr"
SHEETS = 24
WEEKS = 2
SMALL, LARGE = 60, 240
STATIC = Path(settings.BASE_DIR) / "static"


def end_to_end() -> dict[str, Any]:
    """Seconds of whole packs and of bare WeasyPrint on the same HTML, in turn, all on one processor."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rounds = [_round(cycle) for cycle in cycles()[:WEEKS]]
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"rounds": rounds, "parent_mb": ours / 1024}


def _round(cycle: ReportingCycle) -> dict[str, float]:
    started = time.perf_counter()
    built = build_pack(cycle=cycle, language=LANGUAGE, by=None, now=clock.now())
    whole = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    document = compose(edition_of(built.snapshot), language=LANGUAGE, data_hash=built.snapshot.data_hash)
    html = html_of(document)
    started = time.perf_counter()
    _bare(html)
    bare = time.perf_counter() - started
    return {"whole": whole, "bare": bare, "pages": built.rendition.pages, "child_mb": peak}


def _bare(html: str, *words: str) -> tuple[int, float]:
    """WeasyPrint in a fresh process, with the same tags, styles and fonts: pages, and its peak memory in MB."""
    command = [sys.executable, "-m", "reporting.management.bench.bare", str(STATIC), *words]
    done = subprocess.run(  # noqa: S603 -- our own interpreter and module
        command, input=html.encode(), cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True
    )
    pages, peak = done.stdout.split(b"\n", 1)[0].split()
    return int(pages), int(peak) / 1024


def growth() -> dict[str, Any]:
    """Seconds of a pack of about 60 and of about 240 pages, rendered as Cadran does but without its memory limit."""
    snapshot = Snapshot.objects.latest("cycle__iso_year", "cycle__iso_week")
    edition = edition_of(snapshot)
    return {str(pages): _printed(edition, pages) for pages in (SMALL, LARGE)}


def _printed(edition: Edition, pages: int) -> dict[str, float]:
    document = compose(edition, language=LANGUAGE)
    missing = pages - len(document.pages)
    sheets = list(islice(_sheets(edition), missing))
    html = html_of(_with(document, sheets))
    started = time.perf_counter()
    printed, peak = _bare(html, "no-gc")
    return {"seconds": time.perf_counter() - started, "pages": printed, "child_mb": peak}


def _with(document: Document, sheets: list[Page]) -> Document:
    numbered = [replace(page, bookmark=page.bookmark or page.title) for page in sheets]
    return replace(document, pages=(*document.pages, *numbered))


def _sheets(edition: Edition) -> Iterator[Page]:
    """A sheet for every project that has none in the pack."""
    others = [project for project in edition.projects if not project.is_top]
    with translation.override(LANGUAGE):
        for position, project in enumerate(others, start=SHEETS + 1):
            yield project_sheet.build(project, position, edition, LANGUAGE)
