import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from config.web.fields import DayField
from portfolio.engines.cell_values import DATE_FORMATS
from portfolio.engines.source_fields import DATES, MONEY, NUMBERS, Field
from portfolio.engines.tabular import ENCODINGS, HeaderOptions, TextOptions

OTHER = "other"
DESCRIPTION_LIMIT = 256 * 1024
FIELD_LABELS = {
    Field.NAME: _("Nom du projet"),
    Field.NUMBER: _("Numéro dans la source"),
    Field.PURPOSE: _("Finalité"),
    Field.AXIS_CODE: _("Axe : code"),
    Field.AXIS_NAME: _("Axe : nom"),
    Field.START: _("Début"),
    Field.END: _("Fin prévue"),
    Field.DURATION_YEARS: _("Durée prévue (années)"),
    Field.PHASE: _("Phase"),
    Field.COST: _("Coût total"),
    Field.YEAR_BUDGET: _("Budget de l’année"),
    Field.YEAR_FORECAST: _("Prévision de l’année"),
    Field.LINK: _("Lien"),
}
_DELIMITERS = ((",", _("virgule ,")), (";", _("point-virgule ;")), ("\t", _("tabulation")), ("|", _("barre |")))
_GROUPS = (("", _("aucun")), (" ", _("espace")), (".", _("point .")), (",", _("virgule ,")))
_UNITS = (("1", _("euros")), ("1000", _("milliers d’euros")), ("1000000", _("millions d’euros")))


class UploadForm(forms.Form):
    """A file and the format it is said to be in."""

    file = forms.FileField(label=_("Fichier CSV ou XLSX"), help_text=_("10 Mo au plus."), allow_empty_file=True)
    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)
    description = forms.FileField(
        label=_("Description du format (JSON)"),
        required=False,
        help_text=_("Seulement pour un autre format déjà décrit ; sinon vous le décrirez à l’étape suivante."),
    )

    def __init__(self, *args: Any, presets: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [*presets, (OTHER, _("Autre format, à décrire"))]  # type: ignore[attr-defined]

    def clean_file(self) -> bytes:
        upload: Any = self.cleaned_data["file"]
        if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(_("Le fichier dépasse la limite de 10 Mo."), code="too_big")
        if not upload.size:
            raise ValidationError(_("Le fichier est vide."), code="empty")
        self.cleaned_data["file_name"] = upload.name or ""
        return bytes(upload.read())

    def clean_description(self) -> bytes | None:
        """The JSON as it came, one byte more than its limit at most."""
        upload: Any = self.cleaned_data["description"]
        return bytes(upload.read(DESCRIPTION_LIMIT + 1)) if upload is not None else None

    @property
    def is_too_big(self) -> bool:
        return self.has_error("file", "too_big")


class ReadingForm(forms.Form):
    """How a file nobody described yet is to be read: each value is chosen, none is preset by the file."""

    source = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{0,39}$",
        label=_("Nom de la source"),
        help_text=_("Minuscules, chiffres et tirets. Le même nom retrouvera ces projets la prochaine fois."),
    )
    encoding = forms.ChoiceField(label=_("Encodage"), choices=[("", "—"), *((name, name) for name in ENCODINGS)])
    delimiter = forms.ChoiceField(label=_("Séparateur"), choices=[("", "—"), *_DELIMITERS])
    sheet = forms.ChoiceField(label=_("Feuille"))
    header_line = forms.IntegerField(label=_("Ligne de l’en-tête"), min_value=1, max_value=200, initial=1)
    date_format = forms.ChoiceField(
        label=_("Format des dates"), choices=[("", "—"), *((name, name) for name in DATE_FORMATS)]
    )
    decimal = forms.ChoiceField(
        label=_("Signe décimal"), choices=[("", "—"), (",", _("virgule ,")), (".", _("point ."))]
    )
    group = forms.ChoiceField(label=_("Séparateur de milliers"), choices=_GROUPS, required=False)
    unit = forms.ChoiceField(label=_("Unité des montants"), choices=[("", "—"), *_UNITS])

    def __init__(
        self, data: Mapping[str, Any] | None, *, kind: str, sheets: Sequence[str], initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        unused = ("sheet",) if kind == "csv" else ("encoding", "delimiter")
        for name in unused:
            del self.fields[name]
        if kind == "xlsx":
            self.fields["sheet"].choices = [("", "—"), *((name, name) for name in sheets)]  # type: ignore[attr-defined]
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decimal") and cleaned.get("decimal") == cleaned.get("group"):
            self.add_error("group", _t("Le séparateur de milliers est un autre signe que le signe décimal."))
        return cleaned

    def text_options(self) -> TextOptions | None:
        if self.kind == "xlsx":
            return None
        return TextOptions(self.cleaned_data["encoding"], self.cleaned_data["delimiter"])

    def header_options(self) -> HeaderOptions:
        return HeaderOptions(repeated="number", blank="number")

    def as_mapping(self, roles: Mapping[str, str]) -> dict[str, Any]:
        """The JSON format these choices make, with the columns that were given a role."""
        cleaned = self.cleaned_data
        raw: dict[str, Any] = {
            "source": cleaned["source"],
            "format": self.kind,
            "header_line": cleaned["header_line"],
            "repeated_headers": "number",
            "blank_headers": "number",
            "columns": [self._column(header, Field(role)) for header, role in roles.items() if role],
        }
        names = ("encoding", "delimiter") if self.kind == "csv" else ("sheet",)
        return raw | {name: cleaned[name] for name in names}

    def _column(self, header: str, role: Field) -> dict[str, Any]:
        cleaned = self.cleaned_data
        column: dict[str, Any] = {"header": header, "field": str(role)}
        if role in DATES:
            column["date_format"] = cleaned["date_format"]
        if role in NUMBERS:
            column |= {"decimal": cleaned["decimal"], "group": cleaned["group"]}
        if role in MONEY:
            column |= {"unit": str(Decimal(cleaned["unit"])), "signs": ["€"]}
        return column


class RolesForm(forms.Form):
    """One choice per column: the field it feeds, or none (its text is kept beside the project)."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, columns: Mapping[str, str], initial: Mapping[str, str]
    ) -> None:
        super().__init__(data)
        choices = [("", _("garder le texte")), *((str(item), label) for item, label in FIELD_LABELS.items())]
        self.columns = list(columns)
        for index, (header, sample) in enumerate(columns.items()):
            self.fields[f"role_{index}"] = forms.ChoiceField(
                label=header, choices=choices, required=False, initial=initial.get(header, ""), help_text=sample[:60]
            )

    @property
    def signature(self) -> str:
        """Of the columns the choices were made for: other columns make them void."""
        return hashlib.sha256("\n".join(self.columns).encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = [role for role in cleaned.values() if role]
        if Field.NAME not in given:
            raise ValidationError(_("Désignez la colonne qui porte le nom du projet."))
        if len(set(given)) < len(given):
            raise ValidationError(_("Deux colonnes ne peuvent pas alimenter le même champ."))
        if Field.DURATION_YEARS in given and (Field.END in given or Field.START not in given):
            raise ValidationError(_("Une durée va avec un début, et sans colonne de fin."))
        return cleaned

    def roles(self) -> dict[str, str]:
        return {header: self.cleaned_data.get(f"role_{index}", "") for index, header in enumerate(self.columns)}


class AsOfForm(forms.Form):
    """The date the facts of the file are valid at."""

    as_of = DayField(label=_("Données au"))


class ConfirmForm(AsOfForm):
    """Agreement to the reconciliation shown, by its fingerprint."""

    as_of = DayField(widget=forms.HiddenInput)
    expected = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
