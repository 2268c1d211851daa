"""What may be typed or sent at all, whatever the field: rules of every text field, and the size of an upload.

`install` gives the rules to the classes that every text field of a form, of the API and of a model derives from,
so that a field added tomorrow has them too. A value that breaks one is refused with a sentence beside its field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadhandler import FileUploadHandler
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

LONGEST_WORD = 500
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffc\ufffe\uffff]"
)
_ENDLESS = re.compile(rf"[^\s-]{{{LONGEST_WORD + 1}}}")
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{7}")
_LINE_END = re.compile("[\r\n\u2028\u2029]")


def writable(value: object) -> None:
    """Refuse signs that nobody sees and that pages, files or the database cannot hold, and piles of accents."""
    if not isinstance(value, str):
        return
    if found := HIDDEN.search(value):
        raise ValidationError(
            _("Ce texte contient un signe invisible (%(sign)s) : retirez-le, ou retapez le texte."),
            code="invisible",
            params={"sign": f"U+{ord(found[0]):04X}"},
        )
    if _STACKED.search(value):
        raise ValidationError(_("Au plus six accents sur une même lettre."), code="stacked")


def printable_words(value: object) -> None:
    """Refuse a word that no line and no page can break."""
    if isinstance(value, str) and _ENDLESS.search(value):
        raise ValidationError(
            _("Un mot compte plus de %(limit)d signes : coupez-le."), code="endless", params={"limit": LONGEST_WORD}
        )


def one_line(value: object) -> None:
    """Refuse a line end where a text is one line: a title, a name, the subject of a mail."""
    if isinstance(value, str) and _LINE_END.search(value):
        raise ValidationError(_("Ce texte tient sur une ligne : retirez les retours à la ligne."), code="line_end")


_RULES: tuple[tuple[tuple[Any, ...], tuple[Any, ...]], ...] = (
    ((forms.CharField, forms.URLField, forms.EmailField, forms.SlugField), (writable,)),
    ((serializers.CharField,), (writable,)),
    ((models.CharField, models.URLField, models.EmailField, models.SlugField), (writable, printable_words, one_line)),
    ((models.TextField,), (writable, printable_words)),
)
"""Classes of text fields that bring validators of their own, and the rules they have before them."""


def install() -> None:
    """Once, before the first model or form is made."""
    for kinds, rules in _RULES:
        own = {kind: [rule for rule in kind.default_validators if rule not in rules] for kind in kinds}
        for kind in kinds:
            kind.default_validators = [*rules, *own[kind]]


class BoundedUploadHandler(FileUploadHandler):
    """Refuses a body that says it is larger than two files may be, before a byte of it is kept; passes on the rest."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: Mapping[str, Any],  # noqa: N803 -- named by Django
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > 2 * settings.UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("upload")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
