"""Single sign-on in Chromium: the form may lead on to the provider, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from config.web import policies
from people.enums import Role
from tests.factories.people import user_with
from tests.identity_provider import identity_provider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_press_on_the_log_in_page_opens_the_own_work(chromium: Browser, live_server: Any, settings: Any) -> None:
    director = user_with(Role.DIRECTOR)
    with identity_provider() as provider:
        provider.email = director.email
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings
        settings.CONTENT_SECURITY_POLICY = policies.content_security(provider.address)
        page = chromium.new_context(locale="fr-BE").new_page()
        messages: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.goto(live_server.url)
        page.get_by_role("button", name="Continuer avec Annuaire").press("Enter")
        page.wait_for_selector(".masthead")
        assert page.url.startswith(live_server.url)
        assert len(provider.traded) == 1
        assert messages == []
        page.context.close()
