"""The texts are whole in Dutch and English, and French counts as French does."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.utils.translation import ngettext, override

from bin.checks import messages
from tests.architecture.tree import ROOT


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, f"bin/checks/{script}", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_catalogues_hold_the_texts_of_the_source() -> None:
    result = run("messages.py", "--check")
    assert result.returncode == 0, result.stderr


def test_every_text_is_translated_with_its_placeholders_and_compiled() -> None:
    result = run("translations.py")
    assert result.returncode == 0, result.stderr


def test_there_is_a_catalogue_for_each_language_of_the_interface() -> None:
    assert {code for code, _ in settings.LANGUAGES} == {messages.SOURCE, *messages.TRANSLATED}
    assert all(messages.path_of(code).exists() for code, _ in settings.LANGUAGES)


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_plural_forms_are_complete(language: str) -> None:
    catalog = messages.read(language)
    plurals = [message for message in catalog if message.id and not isinstance(message.id, str)]
    assert plurals
    incomplete = [message.id[0] for message in plurals if len(message.string) != 2 or not all(message.string)]
    assert not incomplete


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ["0 projet", "1 projet", "2 projets"]),
        ("nl", ["0 projecten", "1 project", "2 projecten"]),
        ("en", ["0 projects", "1 project", "2 projects"]),
    ],
)
def test_zero_is_singular_in_french_only(language: str, expected: list[str]) -> None:
    with override(language):
        texts = [ngettext("%(count)s projet", "%(count)s projets", count) % {"count": count} for count in range(3)]
    assert texts == expected


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_translation_keeps_french_spacing(language: str) -> None:
    """A space before a colon, a semicolon, a question mark or inside guillemets is French."""
    marks = (" :", " ;", " ?", " !", "«", "»", "\u00a0:", "\u202f;")
    texts = [
        text
        for message in messages.read(language)
        if message.id
        for text in ([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert not [text for text in texts if any(mark in text for mark in marks)]
