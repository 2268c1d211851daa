"""Canary crawl: what a role may not see appears on no page, no answer of the API, no export, no pack and no search."""

from __future__ import annotations

import io
import re
import sys
import zipfile

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from rest_framework.throttling import SimpleRateThrottle

from tests.matrix.rows import RESTRICTED, ROLES, roles
from tests.matrix.table import calls
from tests.matrix.world import World, build
from tests.test_matrix import address, client_of, send

CANARY = re.compile(r"CNRY-(own|foreign|hidden)-([a-z]+(?:-[a-z]+)?)")
READERS = roles("pm pgm pso head dir codir ic sec fin aud")
NOBODY: frozenset[str] = frozenset()

# Who may meet which text. `own` is the project of `pm` in the programme of `pgm`; `foreign` is a top-24 project.
SHEET = ("name", "purpose", "milestone", "stage", "measure", "activity")
OPEN_WEEK = roles("pm pgm pso head dir aud")
MAY_MEET: dict[tuple[str, str], frozenset[str]] = {
    **{(kind, what): READERS for kind in ("own", "foreign") for what in SHEET},
    **{("hidden", what): RESTRICTED for what in SHEET},
    ("own", "risk"): roles("pm pgm pso head dir aud"),
    ("foreign", "risk"): roles("pm pgm pso head dir codir aud"),
    ("hidden", "risk"): roles("pso head dir aud"),
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


@pytest.fixture(autouse=True)
def without_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": None, "user": None})


def text_of(response: HttpResponse) -> str:
    """Everything a reader can get out of the answer, a workbook unpacked."""
    raw = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b"".join(book.read(name) for name in book.namelist())
    return raw.decode("utf-8", "replace")


def pages(world: World) -> list[tuple[str, str]]:
    """(name, address) of every GET of the table, every search and every view of the register."""
    found = [(row.name, address(row, world, kind)) for row, method, kind in calls() if method == "GET"]
    found += [("reporting:search", f"{reverse('reporting:search')}?q={text}") for text in SEARCHES]
    found += [("portfolio:register", reverse("portfolio:register") + query) for query in QUERIES]
    found += [("reporting:export", f"{reverse('reporting:export', args=[kind])}?closed=1") for kind in ("csv", "xlsx")]
    found += [("portfolio_api:projects", f"{reverse('portfolio_api:projects')}?closed=true&q=CNRY")]
    return found


def meets(client: Client, world: World, *, fragment: bool) -> dict[tuple[str, str], set[str]]:
    """Which canaries the account meets, and where."""
    from tests.matrix.table import TABLE

    rows = {row.name: row for row in TABLE}
    met: dict[tuple[str, str], set[str]] = {}
    headers = {"hx_request": "true"} if fragment else {}
    for name, url in pages(world):
        if fragment and url.startswith("/api/"):
            continue
        # What the reader typed himself comes back to him in the search field.
        typed = url.rpartition("q=")[2].partition("&")[0] if "q=" in url else ""
        text = text_of(send(client, "GET", url, rows[name], **headers))
        for kind, what in CANARY.findall(text):
            if typed and f"CNRY-{kind}-{what}" == typed:
                continue
            met.setdefault((kind, what), set()).add(f"{name} {url}")
    return met


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_role_meets_no_canary_of_what_it_may_not_see(role: str, capsys: pytest.CaptureFixture[str]) -> None:
    world = build()
    client = client_of(world, role)
    whole, fragments = meets(client, world, fragment=False), meets(client, world, fragment=True)
    leaks = {
        f"{kind} {what}": sorted(places)
        for met in (whole, fragments)
        for (kind, what), found in met.items()
        if role not in MAY_MEET[kind, what]
        and (places := {place for place in found if not (what != "draft" and place.startswith(PACK))})
    }
    with capsys.disabled():
        sys.stdout.write(
            f"\ncanaries: {role}: {len(pages(world))} addresses, meets {len(whole)} of {len(MAY_MEET)} texts "
        )
    assert leaks == {}
    assert bool(whole) == (role in READERS), "the crawl itself must see something"
