"""The one way an object is edited: bind, merge, save; else 422 with the errors or 409 with both texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, VersionedForm, conflict_page
from people.permissions.decorators import AuthenticatedRequest
from people.views import once
from portfolio.selectors.log import last_author

ATTEMPTS = 3
Groups = Sequence[tuple[Promise | str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Fieldset:
    """A titled run of fields; an untitled one has no heading."""

    legend: str
    fields: list[BoundField]


@dataclass(frozen=True, slots=True)
class Editing:
    """What one edit page needs; `build` reads the row anew, so that a retry merges with what is stored."""

    title: str
    back: str
    build: Callable[[Any], tuple[VersionedForm, Model]]
    save: Callable[[Mapping[str, Any], int], object]
    groups: Groups = ()
    template: str = "portfolio/edit.html"
    context: Mapping[str, Any] = field(default_factory=dict)


def edit_page(request: AuthenticatedRequest, editing: Editing) -> HttpResponse:
    """GET shows the form; POST merges and saves, then returns to `back`."""
    form, row = editing.build(request.POST or None)
    if unknown := unknown_fields(request, form):
        return refused(request, unknown)
    if request.method == "POST":
        for _attempt in range(ATTEMPTS):
            if not form.is_valid():
                break
            merge = form.merge()
            if merge.conflicts:
                return conflict_page(
                    request,
                    form=form,
                    merge=merge,
                    title=editing.title,
                    back=editing.back,
                    changed_by=last_author(row),
                )
            try:
                editing.save(merge.changes, form.initial["version"])
            except StaleVersionError:
                form, row = editing.build(request.POST)
            except ValidationError as error:
                form.add_domain_errors(error)
                break
            else:
                messages.success(request, _("Enregistré."))
                return see_other(editing.back)
    return form_page(
        request,
        form=form,
        title=editing.title,
        back=editing.back,
        groups=editing.groups,
        template=editing.template,
        context=editing.context,
    )


def unknown_fields(request: AuthenticatedRequest, form: forms.Form, *extra: str) -> set[str]:
    """Posted names that are not on this person's form: a change he may not make, or no field at all."""
    return set(request.POST) - set(form.fields) - {"csrfmiddlewaretoken", once.FIELD, *extra}


def refused(request: AuthenticatedRequest, names: set[str]) -> HttpResponse:
    """400 that names the field; nothing has been changed."""
    return render(request, "portfolio/unknown_field.html", {"names": sorted(names)}, status=400)


def form_page(
    request: AuthenticatedRequest,
    *,
    form: forms.Form,
    title: str,
    back: str,
    groups: Groups = (),
    template: str = "portfolio/edit.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The form as a page: 200 when fresh, 422 with its errors."""
    return render(
        request,
        template,
        {**(context or {}), "form": form, "title": title, "back": back, "fieldsets": fieldsets(form, groups)},
        status=422 if form.is_bound and not form.is_valid() else 200,
    )


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Show a service's refusal on a creation form."""
    for name, problems in getattr(
        error, "error_dict", {"": error.error_list if hasattr(error, "error_list") else [error]}
    ).items():
        for problem in problems:
            form.add_error(name if name in form.fields else None, problem)


def fieldsets(form: forms.Form, groups: Groups) -> list[Fieldset]:
    """The fields of the form by group, in order; fields that are not on the form are left out."""
    shown = {bound.name for bound in form.visible_fields()}
    if not groups:
        return [Fieldset("", list(form.visible_fields()))]
    found = [Fieldset(str(legend), [form[name] for name in names if name in shown]) for legend, names in groups]
    return [one for one in found if one.fields]
