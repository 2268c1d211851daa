"""The work packages of a project: added and changed by who keeps its plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config import clock
from config.web.htmx import see_other
from config.web.versioned import VersionedForm
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.plan import WorkPackageForm, work_package_values
from portfolio.selectors.plan import get_work_package
from portfolio.services.work_package import create_work_package, update_work_package
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.plan import editable_plan


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def work_package_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row = editable_plan(request, code)
    back = reverse("portfolio:plan", args=[code])
    fresh = {"state": "planned", "progress": 0}
    form = WorkPackageForm(request.POST or None, initial=fresh, project=row, today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            create_work_package(
                project=row, by=request.user, values={name: form.cleaned_data[name] for name in form.own_fields}
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Lot de travaux ajouté."))
            return see_other(back)
    title = _("Nouveau lot de travaux de %(code)s") % {"code": row.code}
    return form_page(request, form=form, title=title, back=back, context={"project": row})


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def work_package_edit(request: AuthenticatedRequest, code: str, key: str) -> HttpResponse:
    row = editable_plan(request, code)
    package = get_work_package(row, key)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_work_package(row, key)
        form = WorkPackageForm(
            data,
            initial=work_package_values(current),
            version=current.version,
            project=row,
            today=clock.today(),
            keep=current.owner_id,
        )
        return form, current

    return edit_page(
        request,
        Editing(
            title=_("Lot de travaux : %(name)s") % {"name": package},
            back=reverse("portfolio:plan", args=[code]),
            build=build,
            save=lambda changes, version: update_work_package(
                work_package=package, changes=changes, version=version, by=request.user
            ),
            context={"project": row},
        ),
    )
