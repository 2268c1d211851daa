"""The PSO works the register by keyboard: walk, choose, edit and cancel, filter, open the statuses, assign."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config import clock
from people.enums import Role
from portfolio.services.standing import refresh_standing
from tests.browser.conftest import SignIn
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def register(live_server: LiveServer, sign_in: SignIn) -> Page:
    for rank, code in enumerate(("A-1", "B-2", "C-3"), 1):
        ProjectFactory(code=code, priority_rank=rank, life_cycle="preparation")
    refresh_standing(None, now=clock.now())
    user_with(Role.PSO, username="office")
    page = sign_in("office").new_page()
    page.goto(f"{live_server.url}/projects/")
    page.locator("#row-A-1 a[data-open]").focus()
    return page


def test_keys_walk_choose_edit_and_cancel(register: Page) -> None:
    bar = register.locator("#register-selection")
    expect(bar).to_be_hidden()
    register.keyboard.press("KeyX")
    register.keyboard.press("KeyJ")
    register.keyboard.press("KeyX")
    expect(bar.locator("[data-picked]")).to_have_text("2")
    register.keyboard.press("KeyE")
    expect(register.locator("#row-B-2 [name=priority_rank]")).to_be_focused()
    register.keyboard.press("Escape")
    expect(register.locator("#row-B-2 a[data-open]")).to_be_focused()
    expect(register.locator("#row-B-2 form")).to_have_count(0)


def test_keys_filter_and_open_the_statuses_of_the_row(register: Page) -> None:
    register.keyboard.press("KeyF")
    expect(register.locator("#register-axis")).to_be_focused()
    register.keyboard.press("Escape")
    register.locator("#row-C-3 a[data-open]").focus()
    register.keyboard.press("KeyS")
    register.wait_for_url("**/projects/C-3/status/")


def test_all_rows_chosen_reach_the_page_that_assigns_them(register: Page) -> None:
    register.keyboard.press("KeyX")
    register.locator("[data-pick-all] input").check()
    expect(register.locator("[data-picked]")).to_have_text("3")
    register.get_by_role("button", name="Attribuer les projets").click()
    expect(register.locator("h1")).to_have_text("Attribuer 3 projets")
