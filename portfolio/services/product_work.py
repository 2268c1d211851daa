"""What products ask of one person, for the page of his work: acceptances, quality reviews, follow-ups."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from config.web import formats
from people.models.user import User
from portfolio.models.product import Product
from portfolio.models.product_review import ProductReview, ReviewAction
from portfolio.selectors.product_duties import follow_ups_to_close, products_to_accept, reviews_to_hold
from portfolio.services.work_port import WorkBlock, WorkLine, register_source


def register() -> None:
    register_source("portfolio.products", work_of_products)


def work_of_products(user: User, now: datetime) -> list[WorkBlock]:
    """Three statements."""
    today = now.astimezone(BRUSSELS).date()
    return [
        WorkBlock(_("Produits à accepter"), tuple(_acceptance(row, today) for row in products_to_accept(user))),
        WorkBlock(_("Contrôles qualité"), tuple(_review(row, user, today) for row in reviews_to_hold(user, today))),
        WorkBlock(_("Suites de contrôles à clore"), tuple(_action(row, today) for row in follow_ups_to_close(user))),
    ]


def _acceptance(row: Product, today: date) -> WorkLine:
    day = row.forecast_on or row.planned_on
    address = reverse("portfolio:product_acceptance", args=[row.project.code, row.identifier])
    return _line(row.title, address, row.project.code, day, today)


def _review(row: ProductReview, user: User, today: date) -> WorkLine:
    """Who chairs writes the result; the others read the product."""
    product = row.product
    chairs = row.chair is not None and row.chair.user_id == user.pk and product.state == "in_review"
    address = (
        reverse("portfolio:product_review_result", args=[product.project.code, product.identifier, row.number])
        if chairs
        else product.get_absolute_url()
    )
    return _line(product.title, address, product.project.code, row.planned_on, today)


def _action(row: ReviewAction, today: date) -> WorkLine:
    product = row.review.product
    address = reverse("portfolio:product_follow_up_close", args=[product.project.code, product.identifier, row.pk])
    return _line(row.text, address, product.project.code, row.due, today)


def _line(text: str, address: str, code: str, day: date | None, today: date) -> WorkLine:
    return WorkLine(
        text=text,
        address=address,
        code=code,
        end=formats.date_short(day) if day else "",
        overdue=day is not None and day < today,
    )
