"""How allauth behaves here: no sign-up, mail that never betrays who exists, preferences kept with the session."""

from threading import Thread
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from requests import RequestException, Response, Session

from people.enums import Channel
from people.models import User
from people.services import audit

log = structlog.get_logger("cadran.login")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an administrator; whoever asks learns nothing about which ones exist."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Out of the request in a web process, so that neither its time nor a failing mail server tells anything."""
        with translation.override(getattr(context.get("user"), "language", None) or translation.get_language()):
            message = self.render_mail(template_prefix, email, context)
        if settings.PROCESS == "web":
            Thread(target=_deliver, args=(message,)).start()
        else:
            _deliver(message)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the configured address alone: no header of the request may name the host of a mailed link."""
        path = reverse(
            "account_reset_password_from_key", kwargs=dict(zip(("uidb36", "key"), key.split("-", 1), strict=True))
        )
        return f"{settings.BASE_URL}{path}"

    def format_email_subject(self, subject: str) -> str:
        return subject

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        request.session["device"] = request.headers.get("User-Agent", "")[:200]
        audit.record(by=user, verb="session.opened", channel=Channel.WEB)
        if isinstance(response, HttpResponse):
            remember_preferences(request, response)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("login.failed", account=str(credentials.get("login", ""))[:80])


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on opens the accounts that exist here, and creates none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", status=403))

    def get_requests_session(self) -> Session:
        """One that answers for a provider who is down or slow; passwords and passkeys work on."""
        session: Session = super().get_requests_session()
        ask = session.request

        def asked(*args: Any, **options: Any) -> Response:
            try:
                return ask(*args, **options)
            except RequestException as error:
                log.warning("login.provider_away", error=type(error).__name__)
                page = render(self.request, "socialaccount/unavailable.html", status=503)
                raise ImmediateHttpResponse(page) from error

        session.request = asked  # type: ignore[method-assign]
        return session


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """A decision maker keeps at least one second factor once it is required of him."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not settings.MFA_REQUIRED_FOR_DECISION_MAKERS or not authenticator.user.is_decision_maker:
            return True
        real = authenticator.user.authenticator_set.exclude(type=Authenticator.Type.RECOVERY_CODES)
        return bool(real.exclude(pk=authenticator.pk).exists())


def remember_preferences(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let this browser follow the account: its theme and its language, from this answer on."""
    user = request.user
    if not isinstance(user, User):
        return response
    request.session["theme"] = user.theme
    translation.activate(user.language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


def _deliver(message: Any) -> None:
    try:
        message.send()
    except OSError:
        log.exception("mail.not_sent", subject=message.subject)
    finally:
        if settings.PROCESS == "web":
            connection.close()
