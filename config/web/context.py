"""The context processor behind `base.html`."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from config.web.dateline import dateline
from config.web.nav import links
from config.web.preferences import THEMES, theme_of


def shell(request: HttpRequest) -> dict[str, Any]:
    """Answer what the frame of every page needs; nothing is computed until a template asks."""
    return {"shell": Shell(request)}


class Shell:
    """The frame of one request; each part is made once, and only for the templates that show it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def nav(self) -> list[Any]:
        return list(links(self._request))

    @cached_property
    def dateline(self) -> Any:
        return dateline(self._request)

    @property
    def theme(self) -> str:
        return theme_of(self._request)

    @property
    def themes(self) -> tuple[tuple[str, Any], ...]:
        return THEMES

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    @property
    def idle_seconds(self) -> int:
        return int(settings.SESSION_IDLE_SECONDS)

    @property
    def single_keys(self) -> bool:
        """False when the user switched the one-letter shortcuts off."""
        return bool(getattr(self._request.user, "single_key_shortcuts", True))

    @property
    def rows(self) -> str:
        """The density of tables the user reads with."""
        return "compact" if getattr(self._request.user, "compact_rows", False) else "regular"

    @cached_property
    def initials(self) -> str:
        """The user's initials, for the disc of the user menu."""
        words = str(self._request.user).replace("-", " ").split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def unread(self) -> int:
        """How many notifications wait for the user; read with his account."""
        return int(getattr(self._request.user, "unread_notes", 0))

    @property
    def search_query(self) -> str:
        """What was searched for, on the page of results only."""
        return self._request.GET.get("q", "") if self._request.path == self._url("reporting:search") else ""

    def _url(self, name: str) -> str:
        try:
            return reverse(name)
        except NoReverseMatch:
            return ""

    @cached_property
    def urls(self) -> dict[str, str]:
        """Addresses of pages other apps bring; empty where the page is not installed."""
        names = {
            "home": "reporting:dashboard",
            "search": "reporting:search",
            "help": "help",
            "accessibility": "accessibility",
            "account": "people:account",
            "inbox": "people:inbox",
            "sessions": "people:sessions",
            "security": "mfa_index",
            "logout": "account_logout",
            "login": "account_login",
        }
        return {key: self._url(name) for key, name in names.items()}
