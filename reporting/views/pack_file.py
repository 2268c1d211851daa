"""Files of packs: the copy of who is logged in, and the personal link of a mail."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from config import clock
from config.web.errors import error_page
from config.web.rate import is_over
from people.models import User
from people.permissions.decorators import public
from reporting.enums import DownloadChannel
from reporting.models import PackRendition
from reporting.selectors.edition import may_read, rendition_of
from reporting.selectors.pack_recipients import recipient_of
from reporting.services.pack_copy import Copy, FileMissingError, hand_over

LINK_CALLS, LINK_SECONDS = 30, 60


def hand_over_file(rendition: PackRendition, user: User, channel: DownloadChannel) -> HttpResponse:
    """The copy as a download; 404 where the file is not the one that was printed."""
    try:
        copy = hand_over(rendition=rendition, by=user, channel=channel, now=clock.now())
    except FileMissingError as error:
        raise Http404 from error
    return _answer(copy)


@public
@require_safe
def personal_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """The recipient's own copy, in one activation from his mail; every other token is one and the same 404.

    Whoever holds the link holds this file, and nothing else: no session begins. The account must still be open and
    still read this pack.
    """
    if is_over(request, scope="pack_link", limit=LINK_CALLS, seconds=LINK_SECONDS):
        return error_page(request, 429)
    recipient = recipient_of(token, clock.now())
    if recipient is None or not may_read(recipient.user, recipient.pack):
        return _private(error_page(request, 404))
    rendition = rendition_of(recipient.pack, recipient.language)
    if request.method == "HEAD":
        return _private(HttpResponse(content_type="application/pdf"))
    return _private(hand_over_file(rendition, recipient.user, DownloadChannel.LINK))


def _answer(copy: Copy) -> HttpResponse:
    response = HttpResponse(copy.data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, copy.name) or ""
    response["Cache-Control"] = "no-store"
    response["X-Original-SHA256"] = copy.original_sha256
    return response


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
