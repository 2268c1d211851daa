"""One view, two answers: the whole page, or only its fragment when htmx asks."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


def wants_fragment(request: HttpRequest) -> bool:
    """True for an htmx swap; a boosted link or a history restore wants the page."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest,
    page_template: str,
    fragment_template: str,
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """The page, or its fragment when htmx asks; caches are told that they differ."""
    template = fragment_template if wants_fragment(request) else page_template
    response = render(request, template, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def saved(
    request: HttpRequest,
    url: str,
    fragment_template: str | None = None,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """After a write: the new fragment when htmx asked and there is one, else off to `url`."""
    if not wants_fragment(request):
        return see_other(url)
    if fragment_template is None:
        return HttpResponseClientRedirect(url)
    response = render(request, fragment_template, dict(context or {}))
    patch_vary_headers(response, ["HX-Request"])
    return response


def see_other(url: str) -> HttpResponseRedirect:
    """303: read the result elsewhere, so a reload never writes again."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
