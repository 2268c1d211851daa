"""Error answers: no internals, a sentence and the reference number that the log lines carry."""

from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import exception_handler

log = structlog.get_logger("cadran.error")


def error_page(request: HttpRequest, status: int) -> HttpResponse:
    """The page `templates/errors/<status>.html` with its reference number."""
    reference = getattr(request, "request_id", "")
    template = loader.get_template(f"errors/{status}.html")
    return HttpResponse(template.render({"reference": reference}, request), status=status)


def bad_request(request: HttpRequest, _exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, _exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("csrf.refused", reason=reason)
    return error_page(request, 403)


def not_found(request: HttpRequest, _exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def conflict(request: HttpRequest) -> HttpResponse:
    return error_page(request, 409)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def api_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF errors as `{"error": {"code", "message", "details"}}`, with the reference number."""
    response = exception_handler(error, context)
    if response is None:
        return None
    details = response.data
    code = getattr(error, "default_code", "error")
    message = details.get("detail", _("La demande est refusée.")) if isinstance(details, dict) else str(details)
    request = context.get("request")
    response.data = {
        "error": {
            "code": code,
            "message": str(message),
            "details": details,
            "reference": getattr(getattr(request, "_request", request), "request_id", ""),
        }
    }
    return response
