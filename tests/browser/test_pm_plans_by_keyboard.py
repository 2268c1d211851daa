"""A project manager plans thirty activities without a pointer, reshapes them, and reads what came of it."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from people.enums import Role
from portfolio.models import Activity
from tests.browser.conftest import SignIn
from tests.browser.keyboard import reach
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
COUNT = 30


@pytest.fixture
def desk(live_server: LiveServer, sign_in: SignIn) -> Page:
    user = user_with(Role.PM, username="planner")
    ProjectFactory(code="PRJ-1", manager=user.person, start=date(2026, 11, 23))
    page = sign_in("planner").new_page()
    page.goto(f"{live_server.url}/projects/PRJ-1/plan/edit/")
    return page


def test_thirty_activities_are_planned_by_keyboard_alone(desk: Page) -> None:
    for number in range(1, COUNT + 1):
        expect(desk.locator("[name=name]")).to_be_focused()
        desk.keyboard.type(f"Activité {number}")
        desk.keyboard.press("Tab")
        desk.keyboard.press("Control+A")
        desk.keyboard.type("2j")
        desk.keyboard.press("Tab")
        desk.keyboard.type(f"{number - 1}FS" if 1 < number < COUNT else "")
        desk.keyboard.press("Enter")
        expect(desk.locator("tbody tr")).to_have_count(number)
    assert Activity.objects.filter(is_critical=True).count() == COUNT - 1
    reach(desk, "input[type=radio]", limit=120)
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowDown")
    reach(desk, "button[value=indent]")
    desk.keyboard.press("Enter")
    expect(desk.locator("tbody tr.is-summary")).to_have_count(1)
    reach(desk, "button[value=undo]", limit=120)
    desk.keyboard.press("Enter")
    expect(desk.locator("tbody tr.is-summary")).to_have_count(0)
    for address in ("plan/edit/", "plan/", "plan/baseline/", "plan/changes/"):
        desk.goto(desk.url.partition("plan/")[0] + address)
        found = Axe().run(desk)
        assert found.violations_count == 0, found.generate_report()
