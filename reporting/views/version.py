"""The version of the portfolio as one request sees it: every audited act raises it by one."""

from django.http import HttpRequest

from people.services import audit


def portfolio_version(request: HttpRequest) -> int:
    """Number of the last act, read with the account of the request or once after it."""
    number: int | None = getattr(request, "_portfolio_version", None)
    if number is None:
        number = getattr(request.user, "last_act", None) or audit.head().number
        request._portfolio_version = number  # type: ignore[attr-defined]
    return number
