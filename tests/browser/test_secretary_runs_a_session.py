"""The secretary runs a session of twelve decisions by keyboard; the minutes are ready when it closes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect

from config import clock
from governance.models import Decision, DecisionRequest, Sitting
from governance.services.agenda import add_item
from governance.services.session import publish
from people.enums import Role
from people.models import User
from people.services import jobs
from tests.browser.keyboard import reach
from tests.browser.person import Person
from tests.factories.governance import (
    BodyFactory,
    DecisionRequestFactory,
    MandateFactory,
    SeatFactory,
    SittingFactory,
)
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ITEMS, SECONDS_EACH, MINUTES = 12, 4, 10


@pytest.fixture
def table() -> tuple[User, User, Sitting]:
    """A committee of five, convened on twelve requests."""
    with transaction.atomic():
        secretary, chair = user_with(Role.SECRETARY), user_with(Role.CODIR)
        body = BodyFactory(code="CODIR", kind="executive", level=7)
        MandateFactory(body=body)
        SeatFactory(body=body, person=chair.person, role="chair")
        for _ in range(4):
            SeatFactory(body=body, person=user_with(Role.CODIR).person)
        sitting = SittingFactory(body=body)
        for number in range(1, ITEMS + 1):
            request: DecisionRequest = DecisionRequestFactory(
                body=body,
                project=ProjectFactory(sponsor=None),
                number=f"2026-CODIR-D{number:03d}",
                question=f"Faut-il poursuivre le projet {number} ?",
                owner=None,
            )
            add_item(sitting=sitting, by=secretary, kind="decision", request=request)
        publish(sitting=sitting, by=secretary, now=clock.now())
    return secretary, chair, sitting


def test_twelve_items_and_their_minutes_by_keyboard(
    live_server: Any, chromium: Browser, table: tuple[User, User, Sitting]
) -> None:
    secretary, chair, sitting = table
    desk = Person(chromium, live_server.url, secretary)
    page = desk.open(sitting.get_absolute_url())

    def strike(key: str) -> None:
        with page.expect_navigation():
            desk.press(key)

    reach(page, "form[action$='/open/'] button")
    strike("Enter")
    for seat in range(5):
        reach(page, f"li:nth-child({seat + 1}) > label > input[name=present]")
        if not page.locator("input[name=present]").nth(seat).is_checked():
            desk.press("Space")
    strike("Control+Enter")
    for number in range(1, ITEMS + 1):
        expect(page.locator("h2", has_text=f"le projet {number} ?").first).to_be_visible()
        for key in ("Alt+v", "Alt+c", "Alt+v", "Alt+d"):
            strike(key)
        expect(page.locator("#id_text")).to_be_focused()
        page.keyboard.type(f"Le projet {number} se poursuit.")
        strike("Control+Enter")
        if number < ITEMS:
            strike("Alt+j")
    reach(page, "form[action$='/adjourn/'] button")
    strike("Enter")
    head = Person(chromium, live_server.url, chair)
    head.open(sitting.get_absolute_url())
    reach(head.page, "form[action$='/approve/'] button")
    with head.page.expect_navigation():
        head.press("Enter")
    page.reload()
    reach(page, "form[action$='/close/'] button")
    strike("Enter")
    while (run := jobs.claim()) is not None:
        jobs.execute(run)
    page.goto(f"{live_server.url}{sitting.get_absolute_url()}minutes/")
    reach(page, "a[href$='.pdf'], a[href*='/pdf']")
    with page.expect_download() as download:
        desk.press("Enter")
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert Decision.objects.filter(item__sitting=sitting).count() == ITEMS
    assert (desk.activations + head.activations) * SECONDS_EACH <= MINUTES * 60
    assert desk.faults == head.faults == []
