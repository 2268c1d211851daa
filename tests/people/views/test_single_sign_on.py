"""Single sign-on over the real protocol, against a provider of our own on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.models import AuditEntry, User
from tests.factories.people import user_with
from tests.identity_provider import Provider, identity_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with identity_provider() as running:
        settings.SOCIALACCOUNT_PROVIDERS = running.settings
        yield running


def go_through(client: Client) -> Any:
    """From the button of the log-in page to the answer on the way back."""
    page = client.get(reverse("account_login")).content.decode()
    target = reverse("openid_connect_login", kwargs={"provider_id": "sso"})
    assert f'action="{target}?process=login"' in page
    assert "Continuer avec Annuaire" in page
    away = client.post(target, {"process": "login"})
    assert away.status_code == 302
    back = requests.get(away.url, allow_redirects=False, timeout=5).headers["Location"]
    return client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def logged_in(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def test_it_opens_the_account_of_that_verified_address(provider: Provider) -> None:
    pm, client = user_with(Role.PM), Client()
    provider.email = pm.email.upper()
    answer = go_through(client)
    assert (answer.status_code, logged_in(client)) == (302, str(pm.pk))
    assert AuditEntry.objects.filter(verb="session.opened", actor_id=pm.pk).count() == 1
    assert provider.traded[0]["redirect_uri"].endswith("/accounts/oidc/sso/login/callback/")
    again = Client()
    go_through(again)
    assert logged_in(again) == str(pm.pk)
    assert SocialAccount.objects.get().user == pm


@pytest.mark.parametrize("what", ["unknown", "unverified", "left"])
def test_nobody_else_gets_in_and_no_account_is_made(provider: Provider, what: str) -> None:
    pm, client = user_with(Role.PM), Client()
    provider.email = "inconnue@example.org" if what == "unknown" else pm.email
    provider.email_verified = what != "unverified"
    if what == "left":
        User.objects.filter(pk=pm.pk).update(is_active=False)
    before = User.objects.count()
    answer = go_through(client)
    if answer.status_code == 302:
        answer = client.get(answer.url)
    assert logged_in(client) == ""
    assert 'lang="fr"' in answer.content.decode()
    assert ("Aucun accès à Cadran" in answer.content.decode()) == (what != "left")
    assert User.objects.count() == before


def test_a_refusal_there_leads_back_to_the_log_in_page(provider: Provider) -> None:
    provider.refuses, client = True, Client()
    answer = go_through(client)
    answer = client.get(answer.url) if answer.status_code == 302 else answer
    page = answer.content.decode()
    assert "Connexion abandonnée" in page
    assert reverse("account_login") in page


def test_a_token_made_for_another_client_is_refused(provider: Provider) -> None:
    pm, client = user_with(Role.PM), Client()
    provider.email, provider.audience = pm.email, "un autre produit"
    page = go_through(client).content.decode()
    assert "La connexion n’a pas abouti" in page
    assert logged_in(client) == ""


def test_an_answer_nobody_asked_for_and_a_code_used_twice_are_refused(provider: Provider) -> None:
    pm, client = user_with(Role.PM), Client()
    provider.email = pm.email
    callback = reverse("openid_connect_callback", kwargs={"provider_id": "sso"})
    stray = client.get(callback, {"code": "code-1", "state": "inventé"})
    assert "La connexion n’a pas abouti" in stray.content.decode()
    away = client.post(reverse("openid_connect_login", kwargs={"provider_id": "sso"}), {"process": "login"})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(away.url).query).items()}
    assert asked["code_challenge_method"] == "S256"
    back = urlsplit(provider.authorize(asked))
    client.get(f"{back.path}?{back.query}")
    twice = Client().get(f"{back.path}?{back.query}")
    assert "La connexion n’a pas abouti" in twice.content.decode()


def test_a_provider_that_is_down_is_said_and_the_password_still_works(provider: Provider, settings: Any) -> None:
    down = {**provider.settings["openid_connect"]["APPS"][0], "settings": {"server_url": "http://127.0.0.1:9"}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [down]}}
    client = Client(raise_request_exception=False)
    assert client.get(reverse("account_login")).status_code == 200
    answer = client.post(reverse("openid_connect_login", kwargs={"provider_id": "sso"}), {"process": "login"})
    assert answer.status_code == 503
    assert "mot de passe" in answer.content.decode()
