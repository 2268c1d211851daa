"""The director sees which projects need him without a click, and acts in one; by pointer and by keyboard."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LAPTOP = {"width": 1280, "height": 720}


@pytest.fixture(autouse=True)
def portfolio() -> None:
    call_command("seed_demo", weeks=4, verbosity=0, stdout=io.StringIO())


def focused_row(page: Page) -> int:
    """Which row of the list holds the focus, from 0; -1 outside."""
    place: int = page.evaluate(
        "() => [...document.querySelectorAll('.triage [data-row]')]"
        ".findIndex(row => row.contains(document.activeElement))"
    )
    return place


def test_five_projects_without_a_click_then_one_click_to_act(live_server: Any, sign_in: SignIn) -> None:
    context = sign_in("director", viewport=LAPTOP)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(live_server.url + reverse("reporting:dashboard"))

    expect(page.locator("h1")).to_contain_text("votre intervention")
    rows = page.locator(".triage [data-row]")
    expect(rows).to_have_count(5)
    fifth = rows.nth(4).bounding_box()
    assert fifth is not None
    assert fifth["y"] + fifth["height"] <= LAPTOP["height"], "the fifth row lies below the fold"
    for number in range(5):
        row = rows.nth(number)
        assert all(row.locator("td, th").nth(place).inner_text().strip() for place in (2, 3, 4, 5, 6, 7))
    exposures = [
        int("".join(sign for sign in text if sign.isdigit())) for text in page.locator(".exposure").all_inner_texts()
    ]
    assert exposures == sorted(exposures, reverse=True)

    before = page.url
    rows.first.locator(".act a").click()
    page.wait_for_url("**/requests/**")
    assert page.url != before
    assert faults == []
    context.close()


def test_keys_walk_the_rows_open_one_and_act(live_server: Any, sign_in: SignIn) -> None:
    context = sign_in("director", viewport=LAPTOP)
    page = context.new_page()
    page.goto(live_server.url + reverse("reporting:dashboard"))

    page.locator(".triage [data-row] a").first.focus()
    assert focused_row(page) == 0
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused_row(page) == 2
    page.keyboard.press("k")
    assert focused_row(page) == 1
    code = page.locator(".triage [data-row]").nth(1).locator(".meta b").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/projects/{code}/")

    page.goto(live_server.url + reverse("reporting:dashboard"))
    page.locator(".triage [data-row] a").first.focus()
    page.keyboard.press("a")
    page.wait_for_url("**/requests/**")
    context.close()


def test_search_takes_the_focus_and_finds_while_typing(live_server: Any, sign_in: SignIn) -> None:
    context = sign_in("director", viewport=LAPTOP)
    page = context.new_page()
    page.goto(live_server.url + reverse("reporting:dashboard"))

    page.keyboard.press("Control+k")
    page.keyboard.type("ecoles")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=ecoles")
    expect(page.locator("#found")).to_contain_text("Réseau des écoles")

    page.locator("#find").fill("rien de tel")
    expect(page.locator("#found h1")).to_contain_text("Rien ne répond")
    expect(page.locator("#found-count")).to_contain_text("Rien ne répond")
    page.wait_for_url("**/search/?q=rien%20de%20tel")
    context.close()


def test_whole_page_without_scripts(live_server: Any, sign_in: SignIn) -> None:
    context = sign_in("director", viewport=LAPTOP, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + reverse("reporting:dashboard"))

    page.locator("noscript a, .lazy a").first.click()

    expect(page.locator("main h2")).to_have_count(5)
    context.close()
