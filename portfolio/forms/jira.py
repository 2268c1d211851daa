from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portfolio.enums import JiraGrouping
from portfolio.forms.plan_import import UUID_PATTERN, PlanConfirmForm
from portfolio.models.jira import JIRA_PROJECT
from portfolio.models.work_package import WorkPackage
from portfolio.selectors.jira import GroupChoice, GroupLine

FOLLOWED, IGNORED = "followed", "ignored"


class JiraUploadForm(forms.Form):
    """An export of Jira or an answer of its search, and what cannot be read off it."""

    file = forms.FileField(
        label=_("Export de Jira"),
        help_text=_("CSV (tous les champs) ou réponse JSON de la recherche ; 10 Mo au plus."),
        allow_empty_file=True,
    )
    grouping = forms.ChoiceField(
        label=_("Les lots de travaux suivent"), choices=JiraGrouping.choices, initial=JiraGrouping.EPIC
    )
    dates = forms.ChoiceField(
        label=_("Dates en chiffres (03/04/26)"),
        choices=[("", _("le fichier le montre")), ("day", _("le jour d’abord")), ("month", _("le mois d’abord"))],
        required=False,
    )
    complete = forms.BooleanField(
        label=_("L’export est complet : une demande absente a quitté le périmètre"), required=False
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


class _GroupsForm(forms.Form):
    """What each group of issues becomes."""

    def __init__(self, *args: Any, groups: Sequence[GroupLine], packages: Sequence[WorkPackage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.packages = {str(one.pk): one for one in packages}
        self.groups: Mapping[str, GroupLine] = {f"group_{place}": line for place, line in enumerate(groups)}
        choices = [
            (FOLLOWED, _("suivi, sans lot")),
            *((key, f"{one.code} · {one.name}") for key, one in self.packages.items()),
            (IGNORED, _("hors périmètre")),
        ]
        for name, line in self.groups.items():
            self.fields[name] = forms.ChoiceField(
                label=line.label or _("Sans groupe"), choices=choices, initial=_choice_of(line)
            )

    @property
    def lines(self) -> list[tuple[forms.BoundField, GroupLine]]:
        return [(self[name], line) for name, line in self.groups.items()]

    def chosen(self) -> dict[str, GroupChoice]:
        found = {}
        for name, line in self.groups.items():
            value = self.cleaned_data[name]
            found[line.value] = GroupChoice(is_followed=value != IGNORED, package=self.packages.get(value))
        return found


class JiraGroupsForm(_GroupsForm, PlanConfirmForm):
    """With the difference somebody agrees to, by its fingerprint."""


class JiraSettleForm(_GroupsForm):
    """With the version of the backlog the groups were read at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)


class JiraTokenForm(forms.Form):
    """Which deposited document is meant."""

    upload = forms.RegexField(UUID_PATTERN, max_length=36)

    @property
    def token(self) -> UUID | None:
        return UUID(self.cleaned_data["upload"]) if self.is_valid() else None


class JiraProjectForm(forms.Form):
    """Which project of Jira is read live; empty: none."""

    jira_project = forms.RegexField(
        rf"^{JIRA_PROJECT}\Z",
        label=_("Clé du projet dans Jira"),
        help_text=_("Comme ABC dans ABC-12. Vide : aucune lecture en direct."),
        max_length=30,
        required=False,
    )


class JiraFetchForm(forms.Form):
    grouping = forms.ChoiceField(
        label=_("Les lots de travaux suivent"), choices=JiraGrouping.choices, initial=JiraGrouping.EPIC
    )


def _choice_of(line: GroupLine) -> str:
    if line.package is not None:
        return str(line.package.pk)
    return FOLLOWED if line.is_followed else IGNORED
