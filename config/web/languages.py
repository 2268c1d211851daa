"""Which language a text is in, and how a page says so where that is not its own (WCAG 3.1.2).

People write in the organisation's language unless a column says otherwise. Names exist in French
and perhaps in the reader's language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_QUOTED = re.compile(r"(?<=«\u00a0)[^«»]+(?=\u00a0»)|(?<=« )[^«»]+(?= »)|(?<=“)[^“”]+(?=”)")


class Worded(str):
    """A text that knows the language it is in."""

    language: str

    def __new__(cls, text: str, language: str) -> Worded:
        worded = super().__new__(cls, text)
        worded.language = language
        return worded


def own_language() -> str:
    """The language of the organisation: what people write in, and every name is known in."""
    return settings.LANGUAGE_CODE


def page_language() -> str:
    return (get_language() or own_language())[:2]


def own_words(text: str) -> Worded:
    """Something people wrote."""
    return Worded(text, own_language())


def in_reach(french: str | None, translated: str | None) -> Worded:
    """A name in the reader's language where it has one, else in French."""
    return Worded(translated, page_language()) if translated else Worded(french or "", "fr")


def name_in_reach(names: Mapping[str, Any], prefix: str = "") -> Worded:
    """The name among `name_fr` and its translations."""
    return in_reach(names[f"{prefix}name_fr"], names.get(f"{prefix}name_{page_language()}"))


def language_apart(text: object) -> str | None:
    """The language of a `Worded` text where the page is in another one."""
    language = getattr(text, "language", "")
    return None if language in ("", page_language()) else language


def lang_attribute(language: str) -> SafeString:
    """` lang="fr"` where the page is in another language; nothing for an empty or the same one."""
    if language in ("", page_language()):
        return SafeString("")
    return format_html(' lang="{}"', language)


def spoken(text: str) -> SafeString:
    """The text as HTML, which says its language where it is not the page's."""
    language = language_apart(text)
    return format_html('<span lang="{}">{}</span>', language, text) if language else conditional_escape(text)


def quotations(text: str) -> SafeString:
    """A sentence of the application whose quoted parts are what people wrote."""
    attribute = lang_attribute(own_language())
    escaped = str(format_html("{}", text))
    if not attribute:
        return mark_safe(escaped)  # noqa: S308
    return mark_safe(_QUOTED.sub(lambda found: f"<span{attribute}>{found[0]}</span>", escaped))  # noqa: S308
