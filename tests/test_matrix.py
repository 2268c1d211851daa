"""The permission matrix: every address x every role x own, foreign, restricted, missing and crossed object.

An address that the table does not list fails the build, and so does a listed one that no longer exists. Each answer is
searched for the private texts (canaries) that the role may not read.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.throttling import SimpleRateThrottle

from people.management.inventory import addresses
from tests.matrix.canaries import MAY_MEET, READERS, may_meet, met, other_places
from tests.matrix.rows import ANONYMOUS, ROLES, Row
from tests.matrix.table import PUBLIC, TABLE, calls
from tests.matrix.world import World, build

OPTIONAL = frozenset({"openid_connect_login", "openid_connect_callback"})
UNTRIED = frozenset({"HEAD", "OPTIONS"})
# Pages of allauth answer PUT and DELETE as they answer POST: the same view, the same rights.
ACCOUNT_PAGES = ("account_", "mfa_", "socialaccount_", "openid_connect_")


@pytest.fixture(autouse=True)
def without_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": None, "user": None})
    monkeypatch.setattr(settings, "ACCOUNT_RATE_LIMITS", False)


def patterns(
    resolver: URLResolver, namespace: str = "", parameters: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], URLPattern]]:
    """Every address: its full name, its parameters, its pattern."""
    for entry in resolver.url_patterns:
        own = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, inner, parameters + own)
        else:
            yield f"{namespace}{entry.name}", parameters + own, entry


PARAMETERS = {name: parameters for name, parameters, _entry in patterns(get_resolver())}
NAMES = frozenset(PARAMETERS)


def address(row: Row, world: World, kind: str) -> str:
    if kind == "-":
        return reverse(row.name)
    names = PARAMETERS[row.name]
    renamed = {name: row.rename.get(name, name) for name in names}
    values = world.arguments(kind, tuple(renamed.values()))
    return reverse(row.name, kwargs={name: values[word] for name, word in renamed.items()})


def send(client: Client, method: str, url: str, row: Row, **headers: str) -> HttpResponse:
    """One request whose writes are undone."""
    is_api = url.startswith("/api/")
    body: dict[str, Any] = {"content_type": "application/json", "data": {}} if is_api else {"data": dict(row.data)}
    with transaction.atomic():
        response: HttpResponse = getattr(client, method.lower())(
            url, **({} if method == "GET" else body), headers=headers
        )
        if response.streaming:
            b"".join(response)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return response


def outcome(response: HttpResponse) -> str:
    status, place = response.status_code, response.get("Location", "")
    if status == 401 or (status in (302, 303) and place.startswith("/accounts/login/?next=")):
        return "login"
    if response.get("HX-Redirect", "").startswith("/accounts/login/"):
        return "login"
    if status in (200, 201, 204, 302, 303, 304, 400, 409, 422):
        return "ok"
    return "404" if status == 410 else str(status)


def client_of(world: World, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != ANONYMOUS:
        client.force_login(world.users[role], backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_table_lists_every_address_and_no_other() -> None:
    listed = {row.name for row in TABLE} | PUBLIC
    assert NAMES - listed == set(), "write who may use these addresses into tests/matrix/table.py"
    assert listed - NAMES - OPTIONAL == set(), "these addresses are gone: take them out of tests/matrix/table.py"


def test_table_lists_every_method() -> None:
    told: dict[str, set[str]] = {}
    for row in TABLE:
        told.setdefault(row.name, set()).update(row.methods.split())
    missing = {}
    for one in addresses():
        if one.name in told and not one.name.startswith(ACCOUNT_PAGES):
            undecorated = one.methods == ("GET", "HEAD", "POST")
            wanted = set(one.methods) - UNTRIED - ({"POST"} if undecorated and told[one.name] == {"GET"} else set())
            if wanted != told[one.name]:
                missing[one.name] = sorted(wanted ^ told[one.name])
    assert missing == {}


def test_inventory_names_every_address() -> None:
    assert {one.name for one in addresses()} == NAMES


@dataclass
class Crawl:
    """What one account was answered."""

    client: Client
    role: str
    wrong: list[str] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    canaries: set[tuple[str, str]] = field(default_factory=set)

    def ask(self, row: Row, method: str, url: str, expected: str | None = None, **headers: str) -> HttpResponse:
        response = send(self.client, method, url, row, **headers)
        self.tried[row.name] += 1
        where = f"{'fragment' if headers else method} {url} ({row.name})"
        if expected is not None and (found := outcome(response)) != expected:
            self.wrong.append(f"{where}: {found}, not {expected}")
        if method == "GET":
            seen = met(response, url)
            self.canaries |= seen
            self.wrong += [f"{where}: shows {one}" for one in seen if not may_meet(self.role, one, row.name)]
        return response


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", [*ROLES, ANONYMOUS])
def test_role_reaches_what_the_table_says_and_reads_nothing_else(role: str, capsys: pytest.CaptureFixture[str]) -> None:
    world = build()
    crawl = Crawl(client_of(world, role), role)
    refused: set[tuple[str, str]] = set()
    for row, method, kind in calls():
        url, expected = address(row, world, kind), row.expected(role, kind)
        response = crawl.ask(row, method, url, expected)
        if method != "GET" or url.startswith("/api/"):
            continue
        is_first = expected != "ok" and (row.name, expected) not in refused
        refused.add((row.name, expected))
        if is_first or "HX-Request" in response.get("Vary", ""):
            crawl.ask(row, method, url, expected, hx_request="true")
    rows = {row.name: row for row in TABLE}
    for name, url in other_places():
        crawl.ask(rows[name], "GET", url)
    with capsys.disabled():
        sys.stdout.write(
            f"\nmatrix: {role}: {len(crawl.tried)} addresses, {crawl.tried.total()} requests, "
            f"meets {len(crawl.canaries)} of {len(MAY_MEET)} private texts "
        )
    assert not crawl.wrong, "\n".join(crawl.wrong)
    assert bool(crawl.canaries) == (role in READERS), "the crawl itself must see something"


def test_matrix_says_how_much_it_covers(capsys: pytest.CaptureFixture[str]) -> None:
    combinations = sum(1 for _ in calls())
    kinds = {kind for _row, _method, kind in calls()} - {"-"}
    with capsys.disabled():
        sys.stdout.write(
            f"\nmatrix: {len({row.name for row in TABLE} | PUBLIC)} addresses x {len(ROLES) + 1} identities x "
            f"{len(kinds)} kinds of object: {combinations * (len(ROLES) + 1)} expectations "
        )
    assert combinations > len(TABLE)


@pytest.mark.django_db
def test_public_addresses_tell_nothing_of_the_portfolio() -> None:
    build()
    for name in sorted(PUBLIC - OPTIONAL):
        if PARAMETERS.get(name):
            continue
        response = Client().get(reverse(name))
        assert response.status_code in (200, 302, 401, 405), name
        assert b"CNRY" not in response.content, name
