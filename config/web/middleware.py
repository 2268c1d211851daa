"""What every request goes through: an id, a session with limits, a log-in, the reader's language, safe headers."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequired
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect

from config import clock
from config.web.errors import error_page

GetResponse = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("cadran.request")


class RequestIdMiddleware:
    """Gives each request an id: on its log lines, its answer and its error page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        self._report(request, response, round((time.perf_counter() - started) * 1000))
        return response

    @staticmethod
    def _report(request: HttpRequest, response: HttpResponse, milliseconds: int) -> None:
        match = request.resolver_match
        user = getattr(request, "_cached_user", None)  # asking for `user` would ask a database that may be away
        entry = {
            "method": request.method,
            "route": match.view_name if match else None,
            "status": response.status_code,
            "ms": milliseconds,
            "user": getattr(user, "pk", None),
        }
        denied = response.status_code in (401, 403, 404, 429)
        log.info("request.denied" if denied else "request", **entry)


class StorableAddressMiddleware:
    """Refuses an address with a NUL, which no text of the database can hold."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return error_page(request, 400)
        return self.get_response(request)


class ResponseHeadersMiddleware:
    """Pages are never kept by a cache; a log-out empties what the browser kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        match = request.resolver_match
        if match and match.view_name == "account_logout" and request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class SessionLimitsMiddleware:
    """Ends a session after its idle or its absolute limit; the next page then asks to log in."""

    _STARTED, _SEEN, _GRAIN = "session_started", "session_seen", 60

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        session, instant = request.session, int(clock.now().timestamp())
        started = session.setdefault(self._STARTED, instant)
        seen = session.setdefault(self._SEEN, instant)
        if instant - seen > settings.SESSION_IDLE_SECONDS or instant - started > settings.SESSION_ABSOLUTE_SECONDS:
            logout(request)
        elif instant - seen >= self._GRAIN:
            session[self._SEEN] = instant


class UserLanguageMiddleware:
    """A user reads in the language of the account unless another was chosen in this browser."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "")
        if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class LoginRequiredMiddleware(DjangoLoginRequired):
    """Every URL asks for a log-in but the ones named in PUBLIC_URL_NAMES; the API refuses by itself."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if request.user.is_authenticated or (match and match.view_name in settings.PUBLIC_URL_NAMES):
            return None
        if request.path.startswith("/api/") and not getattr(view_func, "login_required", True):
            return None
        htmx = getattr(request, "htmx", None)
        if htmx:
            page = htmx.current_url_abs_path or request.get_full_path()
            login = redirect_to_login(page, self.get_login_url(view_func), self.get_redirect_field_name(view_func))
            return HttpResponseClientRedirect(login.url)
        return self.handle_no_permission(request, view_func)
