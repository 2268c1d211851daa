"""Choosers of people, programmes and axes: only current ones, plus the one already chosen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.db.models import Q, QuerySet

from people.models.person import Person
from portfolio.models.programme import Programme
from portfolio.models.strategic_axis import StrategicAxis

if TYPE_CHECKING:
    _Chooser = forms.ModelChoiceField[Person]
else:
    _Chooser = forms.ModelChoiceField


class PersonChooser(_Chooser):
    """A person present on the day given."""

    def __init__(self, *, label: Any, today: date | None = None, keep: int | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("empty_label", "—")
        super().__init__(queryset=people_on(today, keep), label=label, **kwargs)


def people_on(today: date | None, keep: int | None = None) -> QuerySet[Person]:
    people = Person.objects.all()
    if today is None:
        return people
    present = people.active_on(today)
    return (present | people.filter(pk=keep)) if keep else present


def programmes(keep: int | None = None) -> QuerySet[Programme]:
    return Programme.objects.filter(Q(active=True) | Q(pk=keep)).select_related(None)


def axes(keep: int | None = None) -> QuerySet[StrategicAxis]:
    return StrategicAxis.objects.filter(Q(active=True) | Q(pk=keep))


def offer(form: forms.Form, name: str, queryset: QuerySet[Any]) -> None:
    """Say which rows a chooser of the form proposes."""
    chooser = cast("forms.ModelChoiceField[Any]", form.fields[name])
    if chooser.empty_label == "---------":
        chooser.empty_label = "—"
    chooser.queryset = queryset


def key_of(value: Any) -> int | None:
    """Primary key of a row given as a row or as a key."""
    return None if value is None else int(getattr(value, "pk", value))
