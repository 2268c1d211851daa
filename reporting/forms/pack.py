"""What may still be chosen for a pack: the director's message, the order of decisions, the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.web.languages import own_words
from config.web.richtext import is_too_deep
from config.web.versioned import VersionedForm
from reporting.engines.edition_decisions import RequestFacts
from reporting.models import Pack
from reporting.models.pack import DIRECTOR_MESSAGE_MAX

SHOW, ORDER = "show_", "order_"


class PackForm(VersionedForm):
    """One field per page switch and per decision, so that two people who change different things both win."""

    director_message = forms.CharField(
        label=_("Message du directeur"),
        max_length=DIRECTOR_MESSAGE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Paragraphes, **gras**, *italique*, listes et liens https."),
    )

    def __init__(
        self,
        *args: Any,
        pages: Mapping[str, str],
        requests: Sequence[RequestFacts],
        may_write_message: bool,
        may_arrange: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not may_write_message:
            del self.fields["director_message"]
        if may_arrange:
            for key, name in pages.items():
                self.fields[f"{SHOW}{key}"] = forms.BooleanField(label=name, required=False)
            for request in requests:
                self.fields[f"{ORDER}{request.number}"] = forms.IntegerField(
                    label=own_words(request.question), min_value=1, max_value=99, required=False
                )
        self.initial["base"] = self.base_text()

    def clean_director_message(self) -> str:
        text = str(self.cleaned_data["director_message"])
        if is_too_deep(text):
            raise ValidationError(_("Au plus dix niveaux de listes."), code="too_deep")
        return text

    @property
    def switches(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(SHOW)]

    @property
    def orders(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(ORDER)]

    def pack_changes(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """The merged fields as the columns of a pack; only what changed."""
        now = {**self.initial, **changes}
        written: dict[str, Any] = {}
        if "director_message" in changes:
            written["director_message"] = changes["director_message"]
        if any(name.startswith(SHOW) for name in changes):
            names = [name for name in self.fields if name.startswith(SHOW)]
            written["hidden_pages"] = [name.removeprefix(SHOW) for name in names if not now.get(name)]
        if any(name.startswith(ORDER) for name in changes):
            names = [name for name in self.fields if name.startswith(ORDER)]
            names.sort(key=lambda name: (now.get(name) is None, now.get(name) or 0))
            written["decision_order"] = [name.removeprefix(ORDER) for name in names]
        return written


def pack_values(pack: Pack, pages: Mapping[str, str], requests: Sequence[RequestFacts]) -> dict[str, Any]:
    """The stored choices by field name."""
    shown = {f"{SHOW}{key}": key not in pack.hidden_pages for key in pages}
    order = {f"{ORDER}{request.number}": position for position, request in enumerate(requests, start=1)}
    return {"director_message": pack.director_message, **shown, **order}
