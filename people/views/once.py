"""A form sent twice is one act: a double click, the back button and a retry after a timeout get the first answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect

from config.web.htmx import see_other
from people.models import User
from people.services import idempotency
from people.services.idempotency import Answer

FIELD = "once"
_TOKEN = re.compile(r"[0-9a-f]{32}")
_SECRETS = frozenset({"csrfmiddlewaretoken"})
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class _Refused(Exception):  # noqa: N818 -- named as what happened
    """The view refused the form: its page is shown and nothing it may have written is kept."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


class OnceMiddleware:
    """Last in the list: runs the view of a form that carries a key, once per key and content.

    The view and the note of its answer are one transaction: an answer of 400 or more undoes what the view wrote,
    unless it says otherwise (`keeps_what_it_wrote`).
    Background requests of a page (autosave, live preview) carry the key of their form and are left alone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        token = _token(request, view)
        if not token or not isinstance(request.user, User):
            return None
        digest = idempotency.request_hash("POST", request.get_full_path(), _content(request))
        first: list[HttpResponseBase] = []

        def act() -> Answer:
            response = view(request, *args, **kwargs)
            if response.status_code >= 400 and not getattr(response, "keeps_what_it_wrote", False):
                raise _Refused(response)
            first.append(response)
            return _noted(response)

        key = f"form:{token}:{digest[:32]}"
        try:
            answer = idempotency.run_once(user=request.user, key=key, request_hash=digest, action=act)
        except _Refused as refused:
            return refused.response
        return first[0] if first else _again(answer)


def repeatable(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view that may run for every request: it writes nothing, or the same again."""
    view.repeatable = True  # type: ignore[attr-defined]
    return view


def keeps_what_it_wrote(response: HttpResponse) -> HttpResponse:
    """Mark a refusal whose view has put aside what was typed."""
    response.keeps_what_it_wrote = True  # type: ignore[attr-defined]
    return response


def _token(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> str:
    if request.method != "POST" or request.path.startswith("/api/") or getattr(view, "repeatable", False):
        return ""
    token = request.POST.get(FIELD, "")
    return token if _TOKEN.fullmatch(token) else ""


def _content(request: HttpRequest) -> bytes:
    fields = sorted((name, value) for name, values in request.POST.lists() if name not in _SECRETS for value in values)
    files = sorted((name, str(file.name), file.size) for name in request.FILES for file in request.FILES.getlist(name))
    return json.dumps([fields, files], ensure_ascii=False, default=str).encode(errors="surrogatepass")


def _noted(response: HttpResponseBase) -> Answer:
    """What is needed to give the same answer again; a file is made again instead."""
    if not isinstance(response, HttpResponse):
        return Answer(response.status_code, kept=False)
    if isinstance(response, HttpResponseClientRedirect):
        return Answer(200, body={"htmx": True}, location=response.url)
    location = response.headers.get("Location", "")
    return Answer(response.status_code, body=None if location else {"html": response.text}, location=location)


def _again(answer: Answer) -> HttpResponseBase:
    body = answer.body or {}
    if answer.location:
        return HttpResponseClientRedirect(answer.location) if body.get("htmx") else see_other(answer.location)
    return HttpResponse(body.get("html", ""), status=answer.status)
