"""A passkey is added and then logs in, alone, in a real browser under the strict content policy."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Page, expect, sync_playwright

from people.enums import Role
from tests.factories.people import PASSWORD, user_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = os.environ.get("CADRAN_CHROMIUM", "/usr/bin/chromium")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page whose browser has an authenticator that answers by itself."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        options: dict[str, Any] = {"executable_path": CHROMIUM} if os.path.exists(CHROMIUM) else {}
        browser = playwright.chromium.launch(args=["--no-sandbox"], **options)
        context = browser.new_context(locale="fr-BE")
        page = context.new_page()
        keys = context.new_cdp_session(page)
        keys.send("WebAuthn.enable")
        settings = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        keys.send("WebAuthn.addVirtualAuthenticator", {"options": settings})
        yield page
        browser.close()
        connections.close_all()  # the ones of the browser's event loop: nobody else would


def test_passkey_is_added_and_logs_in_alone(page: Page, live_server: Any) -> None:
    user = user_with(Role.PM)
    home = live_server.url
    page.goto(home + reverse("account_login"))
    page.fill("#id_login", user.username)
    page.fill("#id_password", PASSWORD)
    page.click(".entrance-form form button")
    page.goto(home + reverse("mfa_add_webauthn"))
    page.fill("#id_password", PASSWORD)
    page.click("main form button[type=submit]")
    page.fill("#id_name", "Portable")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    page.context.clear_cookies()
    page.goto(home + reverse("account_login"))
    page.click("#passkey_login")
    page.wait_for_url(lambda address: "login" not in address)
    page.goto(home + reverse("people:account"))
    expect(page.locator("h1")).to_have_text(user.full_name)
