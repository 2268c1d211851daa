"""Templates under a strict policy: nothing inline, nothing unused, every name found."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch

import pytest
from django.template.loader import get_template

from tests.architecture.tree import PRODUCTION, ROOT, modules, name, parsed, templates

FORBIDDEN = {
    "inline style": re.compile(r"<style[\s>]|\sstyle\s*="),
    "inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script without nonce": re.compile(r"<script(?![^>]*\bnonce=)[^>]*>"),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>"),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign host": re.compile(r"(?:src|href)=[\"'](?:https?:)?//"),
    "htmx expression": re.compile(r"hx-on|hx-vars|js:"),
    "unsafe text": re.compile(r"\|\s*safe\b|autoescape off"),
}
# A mail has no style sheet to load: its frame holds the few rules, and no page includes it.
MAIL_FRAME = "templates/mail/_frame.html"
# Found by name elsewhere: pages of allauth, of Django's handlers, and of axes.
BY_CONVENTION = ("account/*", "allauth/*", "mfa/*", "socialaccount/*", "errors/???.html")
REFERENCE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")


@pytest.mark.parametrize("reason", FORBIDDEN)
def test_no_template_has(reason: str) -> None:
    rule = FORBIDDEN[reason]
    texts = {name(path): path.read_text(encoding="utf-8") for path in templates()}
    texts[MAIL_FRAME] = texts[MAIL_FRAME].replace("<style>", "", 1)
    found = {path: rule.findall(text) for path, text in texts.items()}
    assert {path: hits for path, hits in found.items() if hits} == {}


def used() -> Iterator[str]:
    """Names of templates in templates and in code; a formatted part of a name is a star."""
    for path in templates():
        yield from REFERENCE.findall(path.read_text(encoding="utf-8"))
    for path in modules(*PRODUCTION):
        for node in ast.walk(parsed(path)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.endswith((".html", ".txt"))
            ):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


def test_no_template_is_unused() -> None:
    patterns = {pattern for pattern in used() if pattern.endswith((".html", ".txt"))} | set(BY_CONVENTION)
    names = {str(path.relative_to(ROOT / "templates")) for path in templates()}
    assert {one for one in names if not any(fnmatch(one, pattern) for pattern in patterns)} == set()


def test_every_template_compiles() -> None:
    for path in templates():
        get_template(str(path.relative_to(ROOT / "templates")))
