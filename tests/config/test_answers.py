"""What every answer carries: headers, ids, limits of the session, errors without internals."""

import errno
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config import clock
from config.web import errors
from config.web.middleware import RequestIdMiddleware
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture
def user_client(client: Client) -> Client:
    client.force_login(UserFactory())
    return client


def test_headers_of_the_login_page(client: Client) -> None:
    response = client.get(reverse("account_login"))
    assert response.status_code == 200
    policy = {part.strip() for part in response["Content-Security-Policy"].split(";")}
    (scripts,) = policy - POLICY
    nonce = re.fullmatch(r"script-src 'nonce-([\w+/=-]{20,})'", scripts)
    assert nonce is not None
    assert f'nonce="{nonce[1]}"' in response.content.decode()
    assert policy > POLICY
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "camera=()" in response["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{12}", response["X-Request-ID"])


def test_nonce_differs_from_page_to_page(client: Client) -> None:
    first, second = (client.get(reverse("account_login"))["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_csrf_cookie_is_not_for_scripts(client: Client) -> None:
    cookie = client.get(reverse("account_login")).cookies["csrftoken"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


def test_page_without_session_goes_to_login_and_comes_back(client: Client) -> None:
    response = client.get(reverse("people:account"))
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={reverse('people:account')}"


def test_fragment_without_session_moves_the_whole_page_to_login(client: Client) -> None:
    response = client.get(reverse("people:account"), headers={"HX-Request": "true"})
    assert response["HX-Redirect"].startswith(reverse("account_login"))
    assert response.status_code == 200


def test_api_without_session_is_401_in_json(client: Client) -> None:
    response = client.get(reverse("schema"))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"
    assert response.json()["error"]["reference"] == response["X-Request-ID"]


def test_session_ends_after_30_idle_minutes(client: Client) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client.force_login(UserFactory())
        assert client.get(reverse("people:account")).status_code == 200
        traveller.shift(timedelta(minutes=29))
        assert client.get(reverse("people:account")).status_code == 200
        traveller.shift(timedelta(minutes=31))
        assert client.get(reverse("people:account")).status_code == 302


def test_session_ends_after_12_hours_of_work(client: Client) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client.force_login(UserFactory())
        for _ in range(36):
            assert client.get(reverse("people:account")).status_code == 200
            traveller.shift(timedelta(minutes=20))
        traveller.shift(timedelta(minutes=1))
        assert client.get(reverse("people:account")).status_code == 302


def test_log_out_empties_the_browser(user_client: Client) -> None:
    response = user_client.post(reverse("account_logout"))
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert user_client.get(reverse("people:account")).status_code == 302


def test_foreign_host_is_refused(client: Client) -> None:
    response = client.get(reverse("account_login"), headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil" not in response.content.decode()


def test_post_without_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert response["X-Request-ID"] in response.content.decode()


def test_unknown_page_is_404_with_its_reference(user_client: Client) -> None:
    response = user_client.get("/no-such-page/")
    assert response.status_code == 404
    assert response["X-Request-ID"] in response.content.decode()
    assert "Page introuvable" in response.content.decode()


def test_unknown_api_address_is_404_in_json(client: Client) -> None:
    response = client.get("/api/v1/no-such-thing/")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_more_than_1000_fields_is_413(user_client: Client) -> None:
    response = user_client.post(reverse("account_login"), {f"f{n}": "" for n in range(1001)})
    assert response.status_code == 413


def answer(view: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    return RequestIdMiddleware(view)(RequestFactory().get("/"))


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (OperationalError("connection refused"), 503, "La base de données ne répond pas."),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "Espace insuffisant"),
        (ValueError("internal detail"), 500, "Erreur de l’application"),
    ],
)
def test_server_error_says_what_to_do_and_nothing_internal(error: Exception, status: int, sentence: str) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        try:
            raise error
        except Exception:
            return errors.server_error(request)

    response = answer(view)
    text = response.content.decode()
    assert response.status_code == status
    assert sentence in text
    assert response["X-Request-ID"] in text
    assert "internal detail" not in text
    assert "refused" not in text
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)


def test_forbidden_page_says_which_right_is_missing(user_client: Client) -> None:
    request = RequestFactory().get("/")
    request.user = UserFactory()
    request.session = user_client.session
    request.LANGUAGE_CODE = "fr"  # type: ignore[attr-defined]
    response = errors.forbidden(request, PermissionDenied("Geler une semaine"))
    assert "Geler une semaine" in response.content.decode()


def test_each_request_is_one_json_line(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import logging

    (handler,) = logging.getLogger().handlers[:1]
    assert isinstance(handler, logging.StreamHandler)
    output = io.StringIO()
    monkeypatch.setattr(handler, "stream", output)
    response = client.get(reverse("people:account"))
    lines: list[dict[str, Any]] = [json.loads(line) for line in output.getvalue().splitlines()]
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["request_id"] == response["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "people:account", 302)
    assert line["timestamp"].endswith("Z")


def test_healthz_asks_nothing_of_the_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get(reverse("healthz")).json() == {"status": "ok"}


def test_readyz_when_all_is_applied(client: Client) -> None:
    response = client.get(reverse("readyz"))
    assert (response.status_code, response.json()["migrations"]) == (200, True)


def test_readyz_with_a_pending_migration_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.health.MigrationExecutor.migration_plan", lambda *_: [("people", False)])
    response = client.get(reverse("readyz"))
    assert (response.status_code, response.json()["migrations"]) == (503, False)


def test_readyz_without_database_is_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("config.health.connection.ensure_connection", away)
    response = client.get(reverse("readyz"))
    assert (response.status_code, response.json()["database"]) == (503, False)


def test_a_page_without_database_names_its_reference(user_client: Client) -> None:
    def away(*_: object) -> None:
        raise OperationalError("connection refused")

    user_client.raise_request_exception = False
    with connection.execute_wrapper(away):
        response = user_client.get("/")
    assert response.status_code == 503
    assert response["X-Request-ID"] in response.content.decode()


def test_https_answers_promise_to_stay_https(client: Client, settings: LazySettings) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    response = client.get(reverse("healthz"), secure=True)
    assert response["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
