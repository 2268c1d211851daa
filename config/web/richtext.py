"""Rich text that people write: a little Markdown in, very little HTML out.

Paragraphs, emphasis, lists and links, nothing else; the only attribute is an `href` that starts
with https:// or mailto:. A text longer than the limit is cut, one nested deeper than ten levels
is shown as plain paragraphs. Safe on screen and in the PDF, where a hostile table can hang the layout.
"""

from __future__ import annotations

from html.parser import HTMLParser

import nh3
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

MAX_LENGTH = 8000
MAX_DEPTH = 10
TAGS = frozenset({"p", "strong", "em", "ul", "ol", "li", "a", "br"})
_RULES = ("list", "emphasis", "link", "autolink", "newline", "escape", "entity")
_SCHEMES = ("https://", "mailto:")

_markdown = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False, "maxNesting": 4 * MAX_DEPTH})
_markdown.enable(list(_RULES))


def rich(text: str, limit: int = MAX_LENGTH) -> SafeString:
    """The text as safe HTML."""
    source = text.replace("\x00", "").replace("\r\n", "\n")[:limit]
    cleaned = nh3.clean(
        _markdown.render(source),
        tags=set(TAGS),
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    )
    if depth(cleaned) > MAX_DEPTH:
        return mark_safe(linebreaks(escape(source)))  # noqa: S308 -- escaped on this line
    return mark_safe(cleaned)  # noqa: S308 -- cleaned above


def is_too_deep(text: str) -> bool:
    """Whether the text nests deeper than a page shows: it would lose its form."""
    return depth(_markdown.render(text.replace("\r\n", "\n")[:MAX_LENGTH])) > MAX_DEPTH


def depth(html: str) -> int:
    """How many elements enclose the innermost one."""
    counter = _Depth()
    counter.feed(html)
    counter.close()
    return counter.deepest


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href" and not value.lower().startswith(_SCHEMES):
        return None
    return value


class _Depth(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "br":
            self.open += 1
            self.deepest = max(self.deepest, self.open)

    def handle_endtag(self, tag: str) -> None:
        self.open -= 1
