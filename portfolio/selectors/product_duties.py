"""The products, reviews and follow-ups that wait for one person, in projects he may know of that still run."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q, QuerySet

from people.models.user import User
from portfolio.engines.lifecycle import CLOSED_PHASES
from portfolio.engines.product import HORIZON, OVER
from portfolio.enums import ProductState
from portfolio.models.product import Product
from portfolio.models.product_review import ProductReview, ReviewAction
from portfolio.models.project import ProjectQuerySet
from portfolio.selectors.project import visible_projects

ROLES = ("chair", "presenter", "reviewer_1", "reviewer_2", "reviewer_3", "administrator")


def products_to_accept(user: User) -> QuerySet[Product]:
    """Handed over, and he is who accepts them; the first expected first."""
    rows = Product.objects.filter(state=ProductState.READY, acceptor__user=user, project__in=_running(user))
    return rows.select_related("project").order_by(F("forecast_on").asc(nulls_last=True), "planned_on", "pk")


def reviews_to_hold(user: User, today: date) -> QuerySet[ProductReview]:
    """Not held, planned within four weeks or before today, with a role for him."""
    named = Q()
    for role in ROLES:
        named |= Q(**{f"{role}__user": user})
    rows = ProductReview.objects.filter(
        named, held_on__isnull=True, planned_on__lte=today + HORIZON, product__project__in=_running(user)
    )
    return (
        rows.exclude(product__state__in=OVER).select_related("product__project", "chair").order_by("planned_on", "pk")
    )


def follow_ups_to_close(user: User) -> QuerySet[ReviewAction]:
    rows = ReviewAction.objects.filter(
        owner__user=user, done_on__isnull=True, review__product__project__in=_running(user)
    )
    return (
        rows.exclude(review__product__state__in=OVER).select_related("review__product__project").order_by("due", "pk")
    )


def _running(user: User) -> ProjectQuerySet:
    over = [phase.value for phase in CLOSED_PHASES]
    return visible_projects(user).exclude(life_cycle__in=over)
