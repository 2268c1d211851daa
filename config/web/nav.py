"""The entries of the main navigation, contributed by each app in `AppConfig.ready()`.

This module imports no app: `people` gives the function that decides who may follow what.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Text = str | Promise
Checker = Callable[[HttpRequest, str], bool]


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A place in the navigation; `permission` is "" where every signed-in user may go."""

    label: Text
    url_name: str
    permission: str
    order: int


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry as one request sees it."""

    label: Text
    url: str
    current: bool


_entries: dict[str, NavEntry] = {}
_checkers: list[Checker] = []


def register(*, label: Text, url_name: str, permission: str = "", order: int = 100) -> None:
    """Add an entry; registering the same URL name again replaces it."""
    _entries[url_name] = NavEntry(label=label, url_name=url_name, permission=permission, order=order)


def set_checker(checker: Checker) -> None:
    """Say how to know whether the user of a request holds a permission."""
    _checkers[:] = [checker]


def _may(request: HttpRequest, permission: str) -> bool:
    if not permission:
        return True
    return bool(_checkers) and _checkers[0](request, permission)


def links(request: HttpRequest) -> list[NavLink]:
    """Answer what the user may follow, in order, with the place of this page marked."""
    if not request.user.is_authenticated:
        return []
    allowed: list[tuple[NavEntry, str]] = []
    for entry in sorted(_entries.values(), key=lambda one: one.order):
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        if _may(request, entry.permission):
            allowed.append((entry, url))
    current = max((url for _, url in allowed if _covers(url, request.path)), key=len, default="")
    current = current or _only_one_of_its_app(allowed, request)
    return [NavLink(label=entry.label, url=url, current=url == current) for entry, url in allowed]


def _only_one_of_its_app(allowed: list[tuple[NavEntry, str]], request: HttpRequest) -> str:
    """The entry of the app this page belongs to, where the app has a single one."""
    app = request.resolver_match.namespace if request.resolver_match else ""
    own = [url for entry, url in allowed if app and entry.url_name.startswith(f"{app}:")]
    return own[0] if len(own) == 1 else ""


def _covers(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
