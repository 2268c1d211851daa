from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


class PlanUploadForm(forms.Form):
    """A schedule file of any kind: what it is follows from its content."""

    file = forms.FileField(
        label=_("Fichier du planning"),
        help_text=_("MS Project (XML, MPP, MPX), Primavera (XER, XML), Planner ou GanttProject ; 10 Mo au plus."),
        allow_empty_file=True,
    )

    def clean_file(self) -> bytes:
        upload: Any = self.cleaned_data["file"]
        if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(_("Le fichier dépasse la limite de 10 Mo."), code="too_big")
        if not upload.size:
            raise ValidationError(_("Le fichier est vide."), code="empty")
        self.cleaned_data["file_name"] = upload.name or ""
        return bytes(upload.read())

    @property
    def is_too_big(self) -> bool:
        return self.has_error("file", "too_big")


class PlanConfirmForm(forms.Form):
    """The difference somebody agrees to, by its fingerprint."""

    upload = forms.RegexField(UUID_PATTERN, widget=forms.HiddenInput, max_length=36)
    expected = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput, max_length=64)

    def clean_upload(self) -> UUID:
        return UUID(self.cleaned_data["upload"])
