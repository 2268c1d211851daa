"""The main pages of a portfolio spoiled with the hostile corpus: no dialog, no CSP report, no foreign request."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from config import clock
from portfolio.services.standing import refresh_standing
from tests.browser.conftest import SignIn
from tests.hostile.world import spoil
from tests.matrix.table import calls
from tests.matrix.world import World, build
from tests.test_matrix import address

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
READERS = {"pso": ("-", "own", "foreign", "frozen", "draft"), "pm": ("own",), "auditor": ("-",)}
FILES = ("pdf", "csv", "xlsx", "export", "schema")


def _watched(page: Page, server: str) -> list[str]:
    """What must not happen while the page is open, as it happens."""
    seen: list[str] = []
    page.on("dialog", lambda dialog: (seen.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda line: seen.append(line.text) if "Content Security" in line.text else None)
    page.on("request", lambda sent: seen.append(f"request: {sent.url}") if _is_foreign(sent.url, server) else None)
    return seen


def _is_foreign(url: str, server: str) -> bool:
    return not url.startswith((server, "data:", "blob:", "about:"))


def _paths(world: World, role: str, kinds: tuple[str, ...]) -> list[str]:
    found = dict.fromkeys(
        address(row, world, kind)
        for row, method, kind in calls()
        if method == "GET" and kind in kinds and row.expected(role, kind) == "ok"
    )
    return [path for path in found if not path.startswith("/api/") and not any(word in path for word in FILES)]


def test_hostile_texts_run_nothing_and_reach_nobody(live_server: Any, sign_in: SignIn) -> None:
    world = build()
    spoil()
    refresh_standing(None, now=clock.now())
    wrong, visited = [], 0
    for role, kinds in READERS.items():
        context = sign_in(world.users[role].username)
        page = context.new_page()
        seen = _watched(page, live_server.url)
        for path in _paths(world, role, kinds):
            answer = page.goto(live_server.url + path)
            visited += 1
            if answer is None or answer.status >= 500:
                wrong.append(f"{role} {path}: no page")
            wrong += [f"{role} {path}: {item}" for item in seen]
            seen.clear()
        context.close()
    assert visited > 60
    assert wrong == []
