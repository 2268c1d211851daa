"""Criteria and quality reviews of a product, as its planners write them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, VersionedForm
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.product import CriterionForm, ReviewForm, values_of
from portfolio.selectors.product import get_criterion, get_product, get_review
from portfolio.services.product import add_criterion, remove_criterion, update_criterion
from portfolio.services.product_review import plan_review, update_review
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.plan import editable_plan
from portfolio.views.product import posted_version

ROLES = (
    (gettext_lazy("Contrôle"), ("planned_on",)),
    (
        gettext_lazy("Rôles"),
        ("chair", "presenter", "administrator", "reviewer_1", "reviewer_2", "reviewer_3"),
    ),
)


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def product_criterion_new(request: AuthenticatedRequest, code: str, key: str) -> HttpResponse:
    project = editable_plan(request, code)
    row = get_product(project, key)
    form = CriterionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            add_criterion(product=row, by=request.user, values=values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Critère ajouté."))
            return see_other(row.get_absolute_url())
    title = _("Nouveau critère de %(name)s") % {"name": row}
    return form_page(request, form=form, title=title, back=row.get_absolute_url(), context={"project": project})


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def product_criterion_edit(request: AuthenticatedRequest, code: str, key: str, number: int) -> HttpResponse:
    project = editable_plan(request, code)
    row = get_product(project, key)
    criterion = get_criterion(row, number)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_criterion(row, number)
        return CriterionForm(data, initial=values_of(current, CriterionForm), version=current.version), current

    return edit_page(
        request,
        Editing(
            title=_("Critère %(number)d de %(name)s") % {"number": number, "name": row},
            back=row.get_absolute_url(),
            build=build,
            save=lambda changes, version: update_criterion(
                criterion=criterion, changes=changes, version=version, by=request.user
            ),
            context={"project": project},
        ),
    )


@requires(Permission.MILESTONE_EDIT)
@require_POST
def product_criterion_remove(request: AuthenticatedRequest, code: str, key: str, number: int) -> HttpResponse:
    row = get_product(editable_plan(request, code), key)
    criterion = get_criterion(row, number)
    try:
        remove_criterion(criterion=criterion, version=posted_version(request), by=request.user)
    except StaleVersionError:
        messages.warning(request, _("Ce critère a changé entre-temps ; rien n’a été fait."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Critère retiré."))
    return see_other(row.get_absolute_url())


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def product_review_new(request: AuthenticatedRequest, code: str, key: str) -> HttpResponse:
    project = editable_plan(request, code)
    row = get_product(project, key)
    form = ReviewForm(request.POST or None, initial={"presenter": row.producer}, today=clock.today())
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.own_fields}
        try:
            plan_review(product=row, by=request.user, values=values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Contrôle planifié."))
            return see_other(row.get_absolute_url())
    title = _("Nouveau contrôle qualité de %(name)s") % {"name": row}
    back = row.get_absolute_url()
    return form_page(request, form=form, title=title, back=back, groups=ROLES, context={"project": project})


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def product_review_edit(request: AuthenticatedRequest, code: str, key: str, number: int) -> HttpResponse:
    project = editable_plan(request, code)
    row = get_product(project, key)
    review = get_review(row, number)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_review(row, number)
        values = values_of(current, ReviewForm)
        return ReviewForm(data, initial=values, version=current.version, today=clock.today(), row=current), current

    return edit_page(
        request,
        Editing(
            title=_("Contrôle %(number)d de %(name)s") % {"number": number, "name": row},
            back=row.get_absolute_url(),
            build=build,
            save=lambda changes, version: update_review(
                review=review, changes=changes, version=version, by=request.user
            ),
            groups=ROLES,
            context={"project": project},
        ),
    )
