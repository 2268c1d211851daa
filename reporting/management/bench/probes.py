"""What is measured inside a process on one database of the run; each probe answers plain values."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from config import clock
from people.models import User
from portfolio.models import Project, ReportingCycle, StatusReport
from portfolio.selectors.reporting_cycle import cycles
from reporting.engines.edition import PackChoices
from reporting.management.bench.pages import filled, pages_of
from reporting.selectors.cut import collect
from reporting.services.freeze import freeze_cycle

Values: TypeAlias = dict[str, Any]
_TRANSACTION_WORDS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def people() -> Values:
    """Who asks for the pages, with a session each, and the project and week they ask for."""
    cycle = open_cycle()
    report = StatusReport.objects.filter(
        cycle=cycle, project__manager__user__isnull=False, project__is_top=True
    ).order_by("project__code")
    chosen = report.select_related("project__manager__user").first()
    if chosen is None or chosen.project.manager is None or chosen.project.manager.user is None:
        raise LookupError("nobody has reported this week in the demo portfolio")
    readers = {
        "director": User.objects.get(username="director"),
        "office": User.objects.get(username="pso1"),
        "manager": chosen.project.manager.user,
    }
    return {
        "week": cycle.slug,
        "project": chosen.project.code,
        "cookies": {name: cookie_of(user) for name, user in readers.items()},
    }


def client_of(user: User) -> Client:
    """A browser inside this process, logged in."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def cookie_of(user: User) -> str:
    client = client_of(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def open_cycle() -> ReportingCycle:
    return cycles().filter(frozen_at__isnull=True).latest("iso_year", "iso_week")


def statements() -> Values:
    """SQL statements of each request, session and person included, with nothing kept from an earlier one."""
    found = people()
    counts: dict[str, int] = {}
    for name, (reader, address) in pages_of(found["project"], found["week"]).items():
        client = _client(found["cookies"][reader])
        client.get(address)
        cache.clear()
        with counted() as seen:
            answer = client.get(address)
        _check(answer.status_code, 200, address)
        counts[name] = len(seen)
    counts["status_save"] = _statements_of_save(found)
    return {"counts": counts, "projects": Project.objects.count()}


def _statements_of_save(found: Mapping[str, Any]) -> int:
    client = _client(found["cookies"]["manager"])
    address = reverse("portfolio:status", args=[found["project"], found["week"]])
    for number in range(2):
        fields = filled(client.get(address).content.decode(), number)
        with counted() as seen:
            answer = client.post(address, dict(fields))
        _check(answer.status_code, 303, address)
    return len(seen)


def _client(cookie: str) -> Client:
    client = Client(headers={"host": "127.0.0.1"})
    name, _equals, value = cookie.partition("=")
    client.cookies[name] = value
    return client


def _check(status: int, expected: int, address: str) -> None:
    if status != expected:
        raise AssertionError(f"{address}: {status}, not {expected}")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Statements sent in the block; those that only mark a transaction are left out."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        if not statement.startswith(_TRANSACTION_WORDS):
            seen.append(statement)
        return execute(statement, parameters, many, context)

    with connection.execute_wrapper(note):
        yield seen


def freeze() -> Values:
    """Seconds to freeze the open week, everything read once before."""
    cycle = open_cycle()
    collect(cycle, as_of=clock.now(), choices=PackChoices())
    started = time.perf_counter()
    snapshot = freeze_cycle(cycle, None, clock.now())
    return {"seconds": time.perf_counter() - started, "projects": len(snapshot.data["projects"])}
