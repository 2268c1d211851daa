"""Canaries: a word in every private text of the small world, who may meet it, and where else it is looked for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from django.http import HttpResponse
from django.urls import reverse

from tests.matrix.rows import RESTRICTED, roles

CANARY = re.compile(r"CNRY-(own|foreign|hidden)-([a-z]+(?:-[a-z]+)?)")
READERS = roles("pm pgm pso head dir codir ic sec fin aud")
NOBODY: frozenset[str] = frozenset()

# Who may meet which text. `own` is the project of `pm` in the programme of `pgm`; `foreign` is a top-24 project.
SHEET = ("name", "purpose", "milestone", "stage", "measure", "package", "product", "activity", "group", "review")
OPEN_WEEK = roles("pm pgm pso head dir aud")
MAY_MEET: dict[tuple[str, str], frozenset[str]] = {
    **{(kind, what): READERS for kind in ("own", "foreign") for what in SHEET},
    **{("hidden", what): RESTRICTED for what in SHEET},
    ("own", "risk"): roles("pm pgm pso head dir aud"),
    ("foreign", "risk"): roles("pm pgm pso head dir codir aud"),
    ("hidden", "risk"): roles("pso head dir aud"),
    ("own", "change"): roles("pm pgm pso head dir aud"),
    ("foreign", "change"): roles("pm pgm pso head dir codir aud"),
    ("hidden", "change"): roles("pso head dir aud"),
    ("own", "source"): roles("pm pgm pso head dir codir fin aud"),
    ("foreign", "source"): roles("pso head dir codir fin aud"),
    ("hidden", "source"): roles("pso head dir codir fin aud"),
    ("own", "message-open"): OPEN_WEEK,
    ("foreign", "message-open"): OPEN_WEEK - roles("pgm"),
    ("hidden", "message-open"): OPEN_WEEK & RESTRICTED,
    ("own", "message-past"): OPEN_WEEK | roles("codir fin"),
    ("foreign", "message-past"): (OPEN_WEEK | roles("codir fin")) - roles("pgm"),
    ("hidden", "message-past"): (OPEN_WEEK | roles("codir fin")) & RESTRICTED,
    ("own", "reason"): OPEN_WEEK | roles("codir fin"),
    ("foreign", "reason"): (OPEN_WEEK | roles("codir fin")) - roles("pgm"),
    ("hidden", "reason"): (OPEN_WEEK | roles("codir fin")) & RESTRICTED,
    **{(kind, "draft"): NOBODY for kind in ("own", "foreign", "hidden")},
    ("own", "question"): READERS,
    ("foreign", "question"): READERS - roles("pm pgm"),
    ("hidden", "question"): RESTRICTED,
}
# A frozen pack is one document: whoever may read it reads all of it.
PACK = ("reporting:pack", "reporting:pack_online")
# The history of every row is what the auditor is there for; drafts are kept from him all the same.
SEARCHES = ("CNRY", "CNRY-hidden", "P-HIDDEN", "2026-B-HIDDEN")
QUERIES = ("", "?q=CNRY-hidden-name", "?closed=1", "?sort=-exposure&group=axis", "?preset=top")


def text_of(response: HttpResponse) -> str:
    """Everything a reader can get out of the answer, a workbook unpacked."""
    raw = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b"".join(book.read(name) for name in book.namelist())
    return raw.decode("utf-8", "replace")


def other_places() -> Iterator[tuple[str, str]]:
    """(name, address) of the searches, views and exports that the table has no line for."""
    yield from (("reporting:search", f"{reverse('reporting:search')}?q={text}") for text in SEARCHES)
    yield from (("portfolio:register", reverse("portfolio:register") + query) for query in QUERIES)
    yield from (
        ("reporting:export", f"{reverse('reporting:export', args=[kind])}?closed=1") for kind in ("csv", "xlsx")
    )
    yield ("portfolio_api:projects", f"{reverse('portfolio_api:projects')}?closed=true&q=CNRY")


def met(response: HttpResponse, url: str) -> set[tuple[str, str]]:
    """The canaries in an answer; what the reader typed himself comes back to him in the search field."""
    typed = url.rpartition("q=")[2].partition("&")[0] if "q=" in url else ""
    return {(kind, what) for kind, what in CANARY.findall(text_of(response)) if f"CNRY-{kind}-{what}" != typed}


def may_meet(role: str, canary: tuple[str, str], name: str) -> bool:
    return role in MAY_MEET.get(canary, NOBODY) or (canary[1] != "draft" and name.startswith(PACK))
