"""Error answers: no internals, a sentence and the reference number that the log lines carry."""

import errno
import sys
from http import HTTPStatus
from typing import Any

import structlog
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

log = structlog.get_logger("cadran.error")

# These pages ask nothing of the database or the session: they must come out when both are down.
_BARE = frozenset({400, 413, 429, 500, 503, 507})
_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
# What Django itself raises has no code of its own.
_API_CODES = {403: "permission_denied", 404: "not_found"}


def error_page(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    """The page `templates/errors/<status>.html` with its reference number; JSON under /api/."""
    reference = reference_of(request)
    if request.path.startswith("/api/"):
        phrase = HTTPStatus(status).phrase
        body = {
            "code": phrase.lower().replace(" ", "_"),
            "message": sentence or phrase,
            "details": {},
            "reference": reference,
        }
        return JsonResponse({"error": body}, status=status)
    template = loader.get_template(f"errors/{status}.html")
    page = template.render({"reference": reference, "sentence": sentence}, None if status in _BARE else request)
    return HttpResponse(page, status=status)


def reference_of(request: HttpRequest) -> str:
    """The number that a user reads out and the logs carry."""
    return str(getattr(request, "request_id", ""))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    log.warning("request.refused", error=type(exception).__name__)
    return error_page(request, 413 if isinstance(exception, _TOO_MUCH) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403, str(exception or ""))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Who lost his cookies logs in and comes back to his page; anybody else's post is refused."""
    log.warning("csrf.refused", reason=reason)
    if not request.user.is_authenticated and not request.path.startswith(("/api/", "/accounts/")):
        return redirect_to_login(request.path)
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def conflict(request: HttpRequest) -> HttpResponse:
    return error_page(request, 409)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database is away, 507 when the disk is full, 500 for what nobody foresaw."""
    error = sys.exc_info()[1]
    log.error("request.failed", exc_info=error)
    if isinstance(error, (OperationalError, InterfaceError)):
        response = error_page(request, 503)
        response["Retry-After"] = "5"
        return response
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return error_page(request, 507 if full else 500)


def api_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF errors as `{"error": {"code", "message", "details", "reference"}}`."""
    response = exception_handler(error, context)
    if response is None:
        return None
    request: Request | None = context.get("request")
    data = response.data
    message = data.get("detail") if isinstance(data, dict) else None
    fields = data if isinstance(data, dict) else {"non_field_errors": data}
    response.data = {
        "error": {
            "code": getattr(error, "default_code", _API_CODES.get(response.status_code, "error")),
            "message": str(message or _("La demande est refusée.")),
            "details": getattr(error, "details", {} if message else fields),
            "reference": reference_of(request._request) if request else "",
        }
    }
    return response
