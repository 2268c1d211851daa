"""Plan quality reviews, write down their result once, and close what they left to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from config.web.versioned import StaleVersionError
from people.models.user import User
from people.services import audit
from portfolio.engines.product import OVER, after_review
from portfolio.enums import ProductState, ReviewResult
from portfolio.models.product import Product
from portfolio.models.product_review import ProductReview, ReviewAction
from portfolio.selectors.field_rights import REVIEW_FIELDS
from portfolio.services.product import move
from portfolio.services.versioned import ForbiddenFieldError, create_row, project_data, write_changes


@transaction.atomic
def plan_review(*, product: Product, by: User, values: Mapping[str, Any]) -> ProductReview:
    """The next review of a product that is neither accepted nor cancelled."""
    if forbidden := frozenset(values) - REVIEW_FIELDS:
        raise ForbiddenFieldError(forbidden)
    locked = _locked(product)
    if locked.state in OVER or locked.is_group:
        raise ValidationError(_("Ce produit ne se contrôle pas : il est accepté, abandonné, ou un regroupement."))
    last = locked.reviews.aggregate(last=Max("number"))["last"] or 0
    return create_row(ProductReview(product=locked, number=last + 1, **values), by=by, verb="product_review.planned")


@transaction.atomic
def update_review(*, review: ProductReview, changes: Mapping[str, Any], version: int, by: User) -> ProductReview:
    """Change the day and the roles of a review that was not held yet."""
    if ProductReview.objects.select_for_update(of=("self",)).get(pk=review.pk).is_held:
        raise ValidationError(_("Ce contrôle est tenu : son résultat ne change plus."))
    return write_changes(
        review, changes=changes, allowed=REVIEW_FIELDS, version=version, by=by, verb="product_review.updated"
    )


@transaction.atomic
def hold_review(
    *,
    review: ProductReview,
    by: User,
    version: int,
    result: str,
    held_on: date,
    note: str = "",
    evidence: str = "",
    actions: Sequence[Mapping[str, Any]] = (),
    today: date,
) -> ProductReview:
    """Write down the result and what is left to do; the product moves on when no other review waits."""
    product = _locked(review.product)
    locked = ProductReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if locked.version != version:
        raise StaleVersionError
    _refuse_result(product, locked, result=result, held_on=held_on, has_actions=bool(actions), today=today)
    locked.result, locked.held_on, locked.note, locked.evidence = ReviewResult(result), held_on, note, evidence
    locked.product = product
    locked.version += 1
    locked.full_clean()
    locked.save(update_fields=["result", "held_on", "note", "evidence", "version", "updated_at"])
    for number, values in enumerate(actions, start=1):
        action = ReviewAction(review=locked, number=number, **values)
        action.full_clean()
        action.save(force_insert=True)
    data = {**project_data(locked), "review": locked.number, "result": result, "actions": len(actions)}
    audit.record(by=by, verb="product_review.held", target=product, data=data)
    waiting = product.reviews.filter(result="").count()
    if act := after_review(result, waiting, _open_actions(product)):
        move(product, act, by)
    return locked


def _refuse_result(
    product: Product, review: ProductReview, *, result: str, held_on: date, has_actions: bool, today: date
) -> None:
    if review.is_held:
        raise ValidationError(_("Ce contrôle est tenu : son résultat ne change plus."))
    if product.state != ProductState.IN_REVIEW:
        raise ValidationError(_("Le produit n’est pas remis au contrôle : son producteur le remet d’abord."))
    if result not in ReviewResult.values:
        raise ValidationError({"result": _("Choisissez un résultat.")})
    if held_on > today:
        raise ValidationError({"held_on": _("Un contrôle ne se tient pas dans le futur.")})
    if review.chair_id is None:
        raise ValidationError(_("Nommez d’abord qui préside ce contrôle."))
    if has_actions != (result == ReviewResult.FOLLOW_UPS):
        raise ValidationError(
            _("Un contrôle « réussi avec suites » dit lesquelles ; les autres résultats n’en ont pas.")
        )


@transaction.atomic
def add_action(*, review: ProductReview, by: User, values: Mapping[str, Any]) -> ReviewAction:
    """One more thing to do while the follow-ups of the product are under way."""
    product = _locked(review.product)
    if product.state != ProductState.FOLLOW_UP:
        raise ValidationError(_("Une suite s’ajoute tant que les suites du contrôle sont en cours."))
    last = review.actions.aggregate(last=Max("number"))["last"] or 0
    return create_row(ReviewAction(review=review, number=last + 1, **values), by=by, verb="review_action.added")


@transaction.atomic
def close_action(*, action: ReviewAction, by: User, version: int, evidence: str, on: date) -> ReviewAction:
    """Done, with its evidence; the last one of a product makes it ready for acceptance."""
    product = _locked(action.review.product)
    locked = ReviewAction.objects.select_for_update(of=("self",)).get(pk=action.pk)
    if locked.version != version:
        raise StaleVersionError
    if locked.done_on is not None:
        raise ValidationError(_("Cette suite est déjà close."))
    if not evidence.strip():
        raise ValidationError({"evidence": _("Dites ce qui est fait, et où on le voit.")})
    locked.done_on, locked.evidence = on, evidence.strip()
    locked.version += 1
    locked.full_clean()
    locked.save(update_fields=["done_on", "evidence", "version", "updated_at"])
    data = {**project_data(product), "review": action.review.number, "action": locked.number}
    audit.record(by=by, verb="review_action.closed", target=product, data=data)
    if product.state == ProductState.FOLLOW_UP and not _open_actions(product):
        move(product, "settle", by)
    return locked


def _open_actions(product: Product) -> int:
    return ReviewAction.objects.filter(review__product=product, done_on__isnull=True).count()


def _locked(product: Product) -> Product:
    return Product.objects.select_for_update(of=("self",)).select_related("project").get(pk=product.pk)
