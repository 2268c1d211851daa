"""URLs of the server that `bin/bench` starts: the product's own and, beside them, the floors of its pages."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path, resolve

Statement: TypeAlias = tuple[str, Any]
_statements: dict[str, list[Statement]] = {}


def hello(_request: HttpRequest) -> HttpResponse:
    """The least a page costs: every middleware and nothing else."""
    return HttpResponse("hello")


def uncached(request: HttpRequest, page: str) -> HttpResponseBase:
    """The page as if nobody had asked for it since the portfolio changed."""
    cache.clear()
    return _page(request, page)


def sql(request: HttpRequest, page: str) -> HttpResponse:
    """The statements of that page, sent and read again, with nothing made of their answers."""
    key = request.get_full_path()
    if key not in _statements:
        _statements[key] = _statements_of(request, page)
    with connection.cursor() as cursor:
        for statement, parameters in _statements[key]:
            cursor.execute(statement, parameters)
            if cursor.description:
                cursor.fetchall()
    return HttpResponse(str(len(_statements[key])))


def _statements_of(request: HttpRequest, page: str) -> list[Statement]:
    seen: list[Statement] = []

    def note(execute: Callable[..., Any], statement: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        seen.append((statement, parameters))
        return execute(statement, parameters, many, context)

    cache.clear()
    with connection.execute_wrapper(note):
        _page(request, page)
    return seen


def _page(request: HttpRequest, page: str) -> HttpResponseBase:
    match = resolve(f"/{page}")
    request.path = request.path_info = f"/{page}"
    request.resolver_match = match
    answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    return answer


urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/hello", hello, name="bench_hello"),
    re_path(r"^bench/uncached/(?P<page>.*)$", uncached, name="bench_uncached"),
    re_path(r"^bench/sql/(?P<page>.*)$", sql, name="bench_sql"),
    path("", include("config.urls")),
]
handler400 = "config.web.errors.bad_request"
handler403 = "config.web.errors.forbidden"
handler404 = "config.web.errors.not_found"
handler500 = "config.web.errors.server_error"
