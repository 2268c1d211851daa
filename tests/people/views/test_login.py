"""Log-in: tells nothing about who exists, delays the guesser only, and asks a second factor of those who decide."""

import math
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from people.enums import Role
from people.models import AuditEntry, User
from people.services.login_delay import wait_after
from tests.factories.people import PASSWORD, UserFactory, user_with

pytestmark = pytest.mark.django_db


def log_in(login: str, password: str = PASSWORD, client: Client | None = None, **extra: str) -> object:
    return (client or Client()).post(reverse("account_login"), {"login": login, "password": password}, **extra)


@pytest.mark.parametrize("typed", ["claire", "CLAIRE", "claire@example.org", "Claire@Example.org"])
def test_log_in_by_user_name_or_address(typed: str) -> None:
    UserFactory(username="claire")
    response = log_in(typed)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert AuditEntry.objects.get().verb == "session.opened"


def test_log_in_page_is_french_and_has_no_sign_up() -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert "Se connecter" in page
    assert "signup" not in page
    assert Client().post(reverse("account_signup"), {"username": "x"}).status_code in (200, 302)
    assert not User.objects.exists()


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil", "javascript:alert(1)"])
def test_log_in_never_leads_elsewhere(target: str) -> None:
    UserFactory(username="claire")
    response = Client().post(reverse("account_login"), {"login": "claire", "password": PASSWORD, "next": target})
    assert response["Location"] == "/"


def test_session_id_is_replaced_at_log_in() -> None:
    UserFactory(username="claire")
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    log_in("claire", client=client)
    assert client.session.session_key != before


def test_unknown_wrong_and_closed_get_the_same_words() -> None:
    UserFactory(username="claire")
    UserFactory(username="parti", is_active=False)
    answers = [log_in(*pair) for pair in (("claire", "faux"), ("personne", "faux"), ("parti", "faux"))]
    texts = {re.findall(r'role="alert".*?</div>', answer.content.decode(), re.DOTALL)[0] for answer in answers}
    assert {answer.status_code for answer in answers} == {200}
    assert len(texts) == 1


@pytest.mark.slow
def test_unknown_wrong_and_closed_take_the_same_time(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # type: ignore[attr-defined]
    settings.AXES_ENABLED = False  # type: ignore[attr-defined]
    UserFactory(username="claire")
    UserFactory(username="parti", is_active=False)
    least = dict.fromkeys(["claire", "personne", "parti", "nul@example.org"], math.inf)
    client = Client()
    for _turn in range(20):
        for name, seconds in least.items():
            least[name] = min(seconds, _processor_time(client, name))
        if max(least.values()) / min(least.values()) < 1.2:
            return
    pytest.fail(f"the least time of twenty attempts differs: {least}")


def _processor_time(client: Client, name: str) -> float:
    """What a refusal costs this thread: hashing shows. Load only ever adds, so the least of many is the true cost."""
    started = time.thread_time()
    log_in(name, "faux", client)
    return time.thread_time() - started


def test_password_reset_says_the_same_for_known_and_unknown() -> None:
    UserFactory(username="claire")
    pages = []
    for email in ("claire@example.org", "personne@example.org"):
        response = Client().post(reverse("account_reset_password"), {"email": email}, follow=True)
        html = re.sub(r'csrf[\w-]*"[^>]*|name="once"[^>]*|nonce="[^"]*"', "", response.content.decode())
        pages.append((response.status_code, html))
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [["claire@example.org"]]


@pytest.mark.slow
def test_password_reset_takes_the_same_time_for_known_and_unknown() -> None:
    UserFactory(username="claire")
    Client().post(reverse("account_reset_password"), {"email": "premier@example.org"})
    least = dict.fromkeys(["claire@example.org", "personne@example.org"], math.inf)
    for _turn in range(5):
        for email, seconds in least.items():
            started = time.perf_counter()
            Client().post(reverse("account_reset_password"), {"email": email})
            least[email] = min(seconds, time.perf_counter() - started)
        if max(least.values()) / min(least.values()) < 1.1:
            return
    pytest.fail(f"the least time of five requests differs: {least}")


def test_password_is_set_by_the_mailed_link() -> None:
    user = UserFactory(username="claire")
    client = Client()
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(re.escape(settings.BASE_URL) + r"(/\S+)", mail.outbox[0].body)
    assert link
    form = client.get(link[1], follow=True)
    new = {"password1": "une autre phrase secrète", "password2": "une autre phrase secrète"}
    assert client.post(form.request["PATH_INFO"], new).status_code == 302
    assert log_in("claire", "une autre phrase secrète").status_code == 302


def test_guesser_waits_and_the_owner_does_not() -> None:
    UserFactory(username="director")
    attacker = {"REMOTE_ADDR": "203.0.113.9"}
    codes = [log_in("director", f"faux {number}", **attacker).status_code for number in range(7)]
    assert codes[:4] == [200] * 4
    assert codes[5:] == [429, 429]
    assert log_in("director@example.org", **attacker).status_code == 429
    assert log_in("director").status_code == 302


def test_wait_grows_and_ends() -> None:
    assert [wait_after(count).total_seconds() for count in (5, 10, 20, 500)] == [60, 300, 900, 900]


def test_open_session_of_the_owner_survives_an_attack() -> None:
    UserFactory(username="director")
    client = Client()
    log_in("director", client=client)
    for number in range(8):
        log_in("director", f"faux {number}", REMOTE_ADDR="203.0.113.9")
    assert client.get(reverse("people:account")).status_code == 200


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def required(self, settings: object) -> None:
        settings.MFA_REQUIRED_FOR_DECISION_MAKERS = True  # type: ignore[attr-defined]

    @pytest.mark.parametrize("role", Role)
    def test_is_required_of_those_who_decide(self, role: Role) -> None:
        user = user_with(role)
        client = Client()
        log_in(user.username, client=client)
        response = client.get(reverse("people:account"))
        deciding = role in {
            Role.DIRECTOR,
            Role.CODIR,
            Role.INVESTMENT_COMMITTEE,
            Role.SECRETARY,
            Role.PSO,
            Role.ADMINISTRATOR,
        }
        assert response.status_code == (303 if deciding else 200)
        if deciding:
            assert response["Location"] == reverse("mfa_activate_totp")
            again = client.get(reverse("mfa_activate_totp"))
            assert again["Location"].startswith(reverse("account_reauthenticate"))
            assert client.post(again["Location"], {"password": PASSWORD}).status_code == 302
            assert client.get(reverse("mfa_activate_totp")).status_code == 200

    def test_is_asked_at_log_in_once_set(self) -> None:
        user = user_with(Role.DIRECTOR)
        secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, secret)
        client = Client()
        response = log_in(user.username, client=client)
        assert response["Location"] == reverse("mfa_authenticate")
        assert client.get(reverse("people:account")).status_code == 302
        code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
        assert client.get(reverse("people:account")).status_code == 200

    def test_last_one_of_a_decision_maker_cannot_be_removed(self) -> None:
        user = user_with(Role.DIRECTOR)
        totp.TOTP.activate(user, totp.generate_totp_secret())
        client = Client()
        client.force_login(user, backend="people.services.login_backend.AccountBackend")
        client.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(user=user, type="totp").exists()

    def test_is_not_required_in_the_demo(self, settings: object) -> None:
        settings.MFA_REQUIRED_FOR_DECISION_MAKERS = False  # type: ignore[attr-defined]
        client = Client()
        log_in(user_with(Role.DIRECTOR).username, client=client)
        assert client.get(reverse("people:account")).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_list_webauthn",
        "socialaccount_connections",
    ],
)
def test_pages_of_the_account_wear_our_look(name: str) -> None:
    client = Client()
    log_in(user_with(Role.PM).username, client=client)
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert '<a class="brand"' in response.content.decode()


def test_inline_scripts_carry_the_nonce() -> None:
    page = Client().get(reverse("account_login")).content.decode()
    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts
    assert [one for one in scripts if "nonce=" not in one and "application/json" not in one] == []
