from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models.person import Person
from portfolio.models.plan import PlanResource


class PlanPeopleForm(forms.Form):
    """One choice per resource that works; empty: a team, a role, or somebody Cadran does not know."""

    def __init__(self, *args: Any, resources: Iterable[PlanResource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(erased_at__isnull=True).order_by("last_name", "first_name")
        choices = [("", _("personne en particulier")), *((str(one.pk), one.full_name) for one in people)]
        self.people = {str(one.pk): one for one in people}
        for row in resources:
            self.fields[f"resource_{row.pk}"] = forms.ChoiceField(
                label=row.name or row.email,
                choices=choices,
                required=False,
                initial=str(row.person_id or ""),
                help_text="" if row.reviewed_at or not row.person_id else _("Proposé d’après le nom ou l’adresse."),
            )

    def chosen(self) -> dict[int, Person | None]:
        return {
            int(name.removeprefix("resource_")): self.people.get(value) for name, value in self.cleaned_data.items()
        }
