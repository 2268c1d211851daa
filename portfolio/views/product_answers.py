"""What the people named in a product answer: a review's result, a follow-up done, the product accepted or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config import clock
from config.web.htmx import see_other
from config.web.versioned import StaleVersionError
from people.permissions.catalogue import Permission
from people.permissions.decorators import AuthenticatedRequest, requires
from portfolio.forms.product import FOLLOW_UPS, AnswerForm, EvidenceForm, FollowUpForm, ResultForm
from portfolio.models.product import Product
from portfolio.selectors.product import get_action, get_product, get_review
from portfolio.selectors.product_rights import acceptance_right, action_right, review_right, speaks_for_himself
from portfolio.selectors.project import get_project
from portfolio.services.product_acceptance import answer_product
from portfolio.services.product_review import add_action, close_action, hold_review
from portfolio.views.editing import add_errors, form_page
from portfolio.views.plan import editable_plan


@requires(Permission.PORTFOLIO_VIEW)
@require_http_methods(["GET", "POST"])
def product_review_result(request: AuthenticatedRequest, code: str, key: str, number: int) -> HttpResponse:
    """Who chairs, who keeps the minutes, or a planner writes the result once."""
    row = get_product(get_project(request.user, code), key)
    review = get_review(row, number)
    if not review_right(request.user, review):
        raise PermissionDenied(_("Le résultat est écrit par qui préside le contrôle ou en tient le procès-verbal."))
    today = clock.today()

    def build(data: Any) -> ResultForm:
        return ResultForm(data, initial={"version": get_review(row, number).version, "held_on": today}, today=today)

    def save(form: Any) -> None:
        values = form.cleaned_data
        hold_review(
            review=review,
            by=request.user,
            version=values["version"],
            result=values["result"],
            held_on=values["held_on"],
            note=values["note"],
            evidence=values["evidence"],
            actions=form.actions,
            today=today,
        )

    return _answer_page(
        request,
        row,
        build,
        save,
        title=_("Résultat du contrôle %(number)d") % {"number": number},
        template="portfolio/product/result.html",
        done=_("Résultat enregistré."),
        context={"review": review},
    )


@requires(Permission.PORTFOLIO_VIEW)
@require_http_methods(["GET", "POST"])
def product_acceptance(request: AuthenticatedRequest, code: str, key: str) -> HttpResponse:
    """The acceptor answers each criterion, then the whole; a planner only for one who has no access."""
    row = get_product(get_project(request.user, code), key)
    if not acceptance_right(request.user, row):
        raise PermissionDenied(_("Le responsable de l’acceptation répond lui-même, et jamais le producteur."))
    criteria = list(row.criteria.order_by("number"))

    def build(data: Any) -> AnswerForm:
        initial = {"version": get_product(row.project, key).version, "on": clock.today()}
        return AnswerForm(data, initial=initial, criteria=criteria)

    return _answer_page(
        request,
        row,
        build,
        lambda form: answer_product(
            product=row, by=request.user, version=form.cleaned_data["version"], answer=form.answer
        ),
        title=_("Accepter %(name)s") % {"name": row},
        template="portfolio/product/acceptance.html",
        done=_("Réponse enregistrée."),
        context={
            "criteria": criteria,
            "stands_in": row.acceptor is not None and not speaks_for_himself(row.acceptor, row.project),
        },
    )


@requires(Permission.MILESTONE_EDIT)
@require_http_methods(["GET", "POST"])
def product_follow_up_new(request: AuthenticatedRequest, code: str, key: str, number: int) -> HttpResponse:
    project = editable_plan(request, code)
    row = get_product(project, key)
    review = get_review(row, number)
    form = FollowUpForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            add_action(review=review, by=request.user, values=form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Suite ajoutée."))
            return see_other(row.get_absolute_url())
    title = _("Nouvelle suite du contrôle %(number)d") % {"number": number}
    return form_page(request, form=form, title=title, back=row.get_absolute_url(), context={"project": project})


@requires(Permission.PORTFOLIO_VIEW)
@require_http_methods(["GET", "POST"])
def product_follow_up_close(request: AuthenticatedRequest, code: str, key: str, action_id: int) -> HttpResponse:
    row = get_product(get_project(request.user, code), key)
    action = get_action(row, action_id)
    if not action_right(request.user, action):
        raise PermissionDenied(_("Le responsable de cette suite la clôt, ou qui tient le plan du projet."))
    return _answer_page(
        request,
        row,
        lambda data: EvidenceForm(data, initial={"version": get_action(row, action_id).version}),
        lambda form: close_action(
            action=action,
            by=request.user,
            version=form.cleaned_data["version"],
            evidence=form.cleaned_data["evidence"],
            on=clock.today(),
        ),
        title=action.text,
        template="portfolio/product/follow_up.html",
        done=_("Suite close."),
        context={"action": action},
    )


def _answer_page(
    request: AuthenticatedRequest,
    row: Product,
    build: Callable[[Any], forms.Form],
    save: Callable[[Any], object],
    *,
    title: str,
    template: str,
    done: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Bind and save; 409 with the text kept when the row moved on meanwhile, and its new version in the form."""
    form, stale = build(request.POST or None), False
    if request.method == "POST" and form.is_valid():
        try:
            save(form)
        except StaleVersionError:
            fresh = build(None).initial["version"]
            form, stale = build({**request.POST.dict(), "version": str(fresh)}), True
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, done)
            return see_other(row.get_absolute_url())
    status = 409 if stale else 422 if form.is_bound and not form.is_valid() else 200
    shown = {**context, **_fields_by_row(form, context), "form": form, "title": title, "stale": stale}
    shown |= {"project": row.project, "row": row, "back": row.get_absolute_url()}
    return render(request, template, shown, status=status)


def _fields_by_row(form: forms.Form, context: dict[str, Any]) -> dict[str, Any]:
    """The fields of the form as its page groups them: one follow-up, one criterion."""
    names = ("text", "owner", "due")
    numbers = range(1, FOLLOW_UPS + 1) if isinstance(form, ResultForm) else ()
    return {
        "follow_ups": [[form[f"{name}_{number}"] for name in names] for number in numbers],
        "answers": [
            (one, form[f"met_{one.number}"], form[f"found_{one.number}"]) for one in context.get("criteria", [])
        ],
    }
