"""The products of a project: the breakdown with what asks for somebody first, and one product's description."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError, VersionedForm
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.product import ProductForm, values_of
from portfolio.selectors.product import get_product, product_file, product_page
from portfolio.selectors.product_rights import may_plan
from portfolio.selectors.project import get_project
from portfolio.selectors.tolerance import STAGE, WORK_PACKAGE, part_lines
from portfolio.services.product import create_product, move_product, update_product
from portfolio.views.editing import Editing, add_errors, edit_page, form_page
from portfolio.views.frame import project_frame
from portfolio.views.plan import editable_plan
from portfolio.views.product_words import SHOWN, lacking, shown_lines

GROUPS = (
    (gettext_lazy("Produit"), ("identifier", "title", "kind", "parent", "purpose")),
    (gettext_lazy("Qui"), ("producer", "acceptor")),
    (gettext_lazy("Quand"), ("planned_on", "forecast_on", "milestone", "work_package")),
)


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def products(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row, today = get_project(request.user, code), clock.today()
    page = product_page(row, today)
    shown = request.GET.get("show", "")
    context = {
        **project_frame(request.user, row, "products", today),
        "page": page,
        "lines": shown_lines(page, shown),
        "choices": [(key, label, key == shown) for key, label in SHOWN],
        "stages": part_lines(request.user, row, STAGE, clock.now()),
        "packages": part_lines(request.user, row, WORK_PACKAGE, clock.now()),
        "may_edit": may_plan(request.user, row),
    }
    return render(request, "portfolio/product/list.html", context)


@requires(Permission.PORTFOLIO_VIEW)
@require_GET
def product(request: AuthenticatedRequest, code: str, key: str) -> HttpResponse:
    project, today = get_project(request.user, code), clock.today()
    row = get_product(project, key)
    file = product_file(request.user, row, today)
    context = {
        "project": project,
        "row": row,
        "file": file,
        "lacks": lacking(file.line),
        "today": today,
        "may_edit": may_plan(request.user, project),
    }
    return render(request, "portfolio/product/detail.html", context)


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def product_new(request: AuthenticatedRequest, code: str) -> HttpResponse:
    row, today = editable_plan(request, code), clock.today()
    initial = {"kind": "product", "producer": row.manager, "parent": _parent(request)}
    form = ProductForm(request.POST or None, initial=initial, project=row, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_product(
                project=row, by=request.user, values={name: form.cleaned_data[name] for name in form.own_fields}
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Produit ajouté : écrivez ses critères d’acceptation."))
            return see_other(made.get_absolute_url())
    title = _("Nouveau produit de %(code)s") % {"code": row.code}
    back = reverse("portfolio:products", args=[code])
    return form_page(request, form=form, title=title, back=back, groups=GROUPS, context={"project": row})


def _parent(request: AuthenticatedRequest) -> int | None:
    """The product under which one adds, as its key in the address; the form refuses any other project's."""
    text = request.GET.get("parent", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def product_edit(request: AuthenticatedRequest, code: str, key: str) -> HttpResponse:
    project, today = editable_plan(request, code), clock.today()
    row = get_product(project, key)

    def build(data: Any) -> tuple[VersionedForm, Model]:
        current = get_product(project, key)
        values = values_of(current, ProductForm)
        form = ProductForm(data, initial=values, version=current.version, project=project, today=today, row=current)
        return form, current

    return edit_page(
        request,
        Editing(
            title=_("Produit %(name)s") % {"name": row},
            back=reverse("portfolio:products", args=[code]),
            build=build,
            save=lambda changes, version: update_product(
                product=row, changes=changes, version=version, by=request.user
            ),
            groups=GROUPS,
            context={"project": project},
        ),
    )


@requires(Permission.PORTFOLIO_VIEW)
@require_POST
def product_move(request: AuthenticatedRequest, code: str, key: str) -> HttpResponse:
    """One act of who makes the product, or the withdrawal of its acceptance by who gave it."""
    project = get_project(request.user, code)
    row = get_product(project, key)
    act = request.POST.get("act", "")
    if act != "withdraw":
        editable_plan(request, code)
    try:
        moved = move_product(
            product=row,
            act=act,
            version=posted_version(request),
            by=request.user,
            reason=request.POST.get("reason", ""),
        )
    except StaleVersionError:
        messages.warning(request, _("Ce produit a changé entre-temps ; rien n’a été fait. Voici son état."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("%(name)s : %(state)s.") % {"name": row, "state": moved.get_state_display().lower()}
        )
    return see_other(row.get_absolute_url())


def posted_version(request: AuthenticatedRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
