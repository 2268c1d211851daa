from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portfolio.enums import FeedScope
from portfolio.models.project import Project, ProjectQuerySet


class CalendarFeedForm(forms.Form):
    """Whose milestones; a project among those the person may see."""

    scope = forms.ChoiceField(label=_("Jalons de"), choices=FeedScope.choices, widget=forms.RadioSelect)
    project = forms.ModelChoiceField(
        label=_("Projet"), queryset=Project.objects.none(), to_field_name="code", required=False
    )

    def __init__(self, *args: Any, projects: ProjectQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == FeedScope.PROJECT and not cleaned.get("project"):
            self.add_error("project", _t("Choisissez le projet."))
        return cleaned
