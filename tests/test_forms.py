"""Every form of every page, sent back as a browser sends it: whoever is shown a form may send it.

A form that answers 400 lost what was typed; 403 or 404, and the page offered what its reader may not do; 5xx speaks for
itself. A 422 names the field, a 409 the conflict.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from people.enums import Role
from tests.matrix.table import calls
from tests.matrix.world import build
from tests.test_matrix import address, send, without_throttle  # noqa: F401 -- a fixture

FINE = frozenset({200, 201, 204, 302, 303, 409, 422})
ROLES = (Role.PM, Role.PROGRAMME_MANAGER, Role.PSO, Role.DIRECTOR, Role.SECRETARY, Role.ADMINISTRATOR)
OF_THEIR_OWN = (Role.PM, Role.PROGRAMME_MANAGER)
# Logging out ends the journey, and pages of allauth are its own.
LEFT_OUT = ("account_", "mfa_", "socialaccount_")
Sending = tuple[str, dict[str, list[str]]]


def sendings(page: bytes, url: str) -> Iterator[Sending]:
    """Address and fields of each way to send each form of the page: one per button, as it stands."""
    for form in lxml.html.fromstring(page).forms:
        if (form.get("method") or "get").lower() != "post":
            continue
        fields: dict[str, list[str]] = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        for button in form.xpath(".//button[not(@type) or @type='submit']") or [None]:
            target = (button.get("formaction") if button is not None else None) or form.get("action") or url
            extra = {button.get("name"): [button.get("value", "")]} if button is not None and button.get("name") else {}
            yield urljoin(url, target), {**fields, **extra}


def left_out(target: str) -> bool:
    try:
        return (resolve(urlsplit(target).path).view_name or "").startswith(LEFT_OUT)
    except Resolver404:
        return False


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_whoever_is_shown_a_form_may_send_it(role: Role, capsys: pytest.CaptureFixture[str]) -> None:
    world = build()
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(world.users[role.value], backend=settings.AUTHENTICATION_BACKENDS[-1])
    wrong, tried = set(), set()
    opened: set[str] = set()
    for row, method, kind in calls():
        if method != "GET" or row.name.startswith(LEFT_OUT) or row.expected(role.value, kind) != "ok":
            continue
        # Who has the same rights on every project is shown the same forms on each.
        if role not in OF_THEIR_OWN and row.name in opened:
            continue
        opened.add(row.name)
        url = address(row, world, kind)
        page = send(client, "GET", url, row)
        if not page.get("Content-Type", "").startswith("text/html") or not getattr(page, "content", b""):
            continue
        for target, fields in sendings(page.content, url):
            if (row.name, target) in tried or left_out(target):
                continue
            tried.add((row.name, target))
            with transaction.atomic():
                answer = client.post(target, fields)
                transaction.set_rollback(True)
            if answer.status_code not in FINE:
                wrong.add(f"{url} ({row.name}) -> POST {target}: {answer.status_code}")
    with capsys.disabled():
        sys.stdout.write(f"\nforms: {role.value}: {len(tried)} sent ")
    assert tried
    assert not wrong, "\n".join(sorted(wrong))
