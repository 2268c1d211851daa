"""The products of one project as a breakdown, with what is failed, late or due, their reviews and their acceptances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from people.models.person import Person
from people.models.user import User
from portfolio.engines.product import (
    HORIZON,
    OVER,
    PRODUCT,
    Attention,
    Dates,
    Description,
    Element,
    attention,
    colour,
    is_late,
    missing,
    outline,
    slip,
)
from portfolio.enums import ProductState
from portfolio.models.product import Product, ProductCriterion
from portfolio.models.product_review import ProductAcceptance, ProductReview, ReviewAction
from portfolio.models.project import Project
from portfolio.selectors.product_rights import acceptance_right, action_right, may_plan, review_right, withdrawal_right

T = TypeVar("T")
DEEPEST = 8
_REVIEW_PEOPLE = ("chair", "presenter", "reviewer_1", "reviewer_2", "reviewer_3", "administrator")


@dataclass(frozen=True, slots=True)
class ProductLine:
    """One product in the breakdown: where it stands, and what its description lacks."""

    row: Product
    depth: int
    glyph: str
    slip: int | None
    attention: Attention
    is_late: bool
    lacks: tuple[Element, ...]
    reviews: Sequence[ProductReview]
    actions: Sequence[ReviewAction] = ()
    inside: int = 0
    accepted_inside: int = 0

    @property
    def expected(self) -> date | None:
        return dates_of(self.row).expected

    @property
    def last_held(self) -> ProductReview | None:
        return next((one for one in reversed(self.reviews) if one.is_held), None)

    @property
    def waits_for(self) -> Person | None:
        """Who has to do the next thing: the acceptor, the chair of the next review, who owes a follow-up, the maker."""
        if self.row.state == ProductState.READY:
            return self.row.acceptor
        if self.row.state == ProductState.IN_REVIEW:
            return next((one.chair for one in self.reviews if not one.is_held), None)
        if self.row.state == ProductState.FOLLOW_UP and self.actions:
            return self.actions[0].owner
        return self.row.producer

    @property
    def complete(self) -> int:
        return len(Element) - len(self.lacks)

    @property
    def indent(self) -> str:
        return f"lv-{min(self.depth, DEEPEST)}" if self.depth > 1 else ""


@dataclass(frozen=True, slots=True)
class ProductPage:
    """The breakdown of a project; groups and cancelled products are counted nowhere."""

    lines: list[ProductLine]
    reviews: list[ProductReview]
    actions: list[ReviewAction]
    until: date

    def _asking(self, why: Attention) -> list[ProductLine]:
        found = [line for line in self.lines if line.attention is why]
        return sorted(found, key=lambda line: (line.expected or date.max, line.row.identifier))

    @property
    def failed(self) -> list[ProductLine]:
        return self._asking(Attention.FAILED)

    @property
    def late(self) -> list[ProductLine]:
        return self._asking(Attention.LATE)

    @property
    def due(self) -> list[ProductLine]:
        return self._asking(Attention.DUE)

    @property
    def asking(self) -> list[ProductLine]:
        return [*self.failed, *self.late, *self.due]

    @property
    def counted(self) -> list[ProductLine]:
        return [line for line in self.lines if not line.row.is_group and line.row.state != ProductState.CANCELLED]

    @property
    def accepted(self) -> int:
        return sum(line.row.state == ProductState.ACCEPTED for line in self.counted)

    @property
    def incomplete(self) -> int:
        return sum(bool(line.lacks) for line in self.counted if line.row.state not in OVER)


@dataclass(frozen=True, slots=True)
class ReviewPart:
    """One review as the reader may act on it; `actions` are (follow-up, whether he may close it)."""

    row: ProductReview
    may_hold: bool
    actions: list[tuple[ReviewAction, bool]]


@dataclass(frozen=True, slots=True)
class ProductFile:
    """One product with everything that was written about it, and what the reader may do."""

    line: ProductLine
    criteria: list[ProductCriterion]
    reviews: list[ReviewPart]
    acceptances: list[ProductAcceptance]
    parts: list[Product]
    may_answer: bool
    acts: tuple[str, ...]


@dataclass(slots=True)
class _Parts:
    """What belongs to each product, by its key."""

    criteria: dict[int, list[tuple[bool, bool]]] = field(default_factory=dict)
    reviews: dict[int, list[ProductReview]] = field(default_factory=dict)
    actions: dict[int, list[ReviewAction]] = field(default_factory=dict)


def products_of(project: Project) -> QuerySet[Product]:
    """Every product of the project, by identifier."""
    people = ("parent", "producer", "acceptor", "accepted_by", "milestone", "work_package")
    return Product.objects.filter(project=project).select_related(*people).order_by("identifier")


def product_page(project: Project, today: date) -> ProductPage:
    """The whole breakdown in four statements."""
    rows = {row.pk: row for row in products_of(project)}
    for row in rows.values():
        row.project = project
    reviews = list(reviews_of(rows.values()))
    actions = list(_actions(rows.values()))
    parts = _parts(rows.values(), reviews, actions)
    tree = outline((row.pk, row.parent_id, row.identifier) for row in rows.values())
    inside = _inside(rows)
    lines = [product_line(rows[key], today, depth=depth, parts=parts, inside=inside.get(key)) for key, depth in tree]
    return ProductPage(
        lines=lines,
        reviews=[one for one in reviews if not one.is_held and rows[one.product_id].state not in OVER],
        actions=[one for one in actions if one.done_on is None],
        until=today + HORIZON,
    )


def reviews_of(products: Iterable[Product]) -> QuerySet[ProductReview]:
    rows = ProductReview.objects.filter(product__in=[row.pk for row in products])
    return rows.select_related("product__project", *_REVIEW_PEOPLE).order_by("planned_on", "number")


def _actions(products: Iterable[Product]) -> QuerySet[ReviewAction]:
    rows = ReviewAction.objects.filter(review__product__in=[row.pk for row in products])
    return rows.select_related("owner", "review__product__project").order_by("due", "pk")


def _parts(products: Iterable[Product], reviews: list[ProductReview], actions: list[ReviewAction]) -> _Parts:
    found = _Parts()
    keys = [row.pk for row in products]
    for criterion in ProductCriterion.objects.filter(product__in=keys).order_by("number"):
        found.criteria.setdefault(criterion.product_id, []).append((bool(criterion.method), bool(criterion.tolerance)))
    for review in sorted(reviews, key=lambda one: one.number):
        found.reviews.setdefault(review.product_id, []).append(review)
    for action in actions:
        if action.done_on is None:
            found.actions.setdefault(action.review.product_id, []).append(action)
    return found


def _inside(rows: dict[int, Product]) -> dict[int, tuple[int, int]]:
    """(accepted, counted) products below each one."""
    found: dict[int, tuple[int, int]] = {}
    for row in rows.values():
        if row.is_group or row.state == ProductState.CANCELLED:
            continue
        above, seen = row.parent_id, {row.pk}
        while above is not None and above in rows and above not in seen:
            accepted, total = found.get(above, (0, 0))
            found[above] = (accepted + (row.state == ProductState.ACCEPTED), total + 1)
            seen.add(above)
            above = rows[above].parent_id
    return found


def product_line(
    row: Product, today: date, *, depth: int, parts: _Parts, inside: tuple[int, int] | None = None
) -> ProductLine:
    """A group is judged by nothing of its own."""
    dates = dates_of(row)
    accepted, total = inside or (0, 0)
    return ProductLine(
        row=row,
        depth=depth,
        glyph="none" if row.is_group else colour(row.state, dates, today),
        slip=None if row.is_group or row.state == ProductState.CANCELLED else slip(dates, today),
        attention=Attention.NONE if row.is_group else attention(row.state, dates, today),
        is_late=not row.is_group and is_late(row.state, dates, today),
        lacks=() if row.is_group else missing(_description(row, parts.criteria.get(row.pk, []))),
        reviews=parts.reviews.get(row.pk, []),
        actions=parts.actions.get(row.pk, []),
        inside=total,
        accepted_inside=accepted,
    )


def dates_of(row: Product) -> Dates:
    return Dates(planned=row.planned_on, forecast=row.forecast_on, accepted=row.accepted_on)


def _description(row: Product, criteria: list[tuple[bool, bool]]) -> Description:
    return Description(
        purpose=bool(row.purpose),
        producer=row.producer_id is not None,
        acceptor=row.acceptor_id is not None,
        planned=row.planned_on is not None,
        place=row.milestone_id is not None or row.work_package_id is not None,
        criteria=tuple(criteria),
    )


def get_product(project: Project, key: str) -> Product:
    """The product of that identifier in this project and in no other; else 404."""
    row = products_of(project).select_related("producer__user", "acceptor__user").filter(identifier=key).first()
    if row is None:
        raise Http404
    row.project = project
    return row


def product_file(user: User, product: Product, today: date) -> ProductFile:
    """Everything of one product, in a fixed number of statements."""
    actions = list(_actions([product]))
    for action in actions:
        action.review.product = product
    own: dict[int, list[tuple[ReviewAction, bool]]] = {}
    for action in actions:
        own.setdefault(action.review_id, []).append((action, action_right(user, action)))
    reviews = sorted(reviews_of([product]), key=lambda one: one.number)
    for review in reviews:
        review.product = product
    parts = _parts([product], reviews, actions)
    acceptances = product.acceptances.select_related("person", "producer", "recorded_by__person")
    return ProductFile(
        line=product_line(product, today, depth=1, parts=parts),
        criteria=list(product.criteria.order_by("number")),
        reviews=[ReviewPart(one, _may_hold(user, product, one), own.get(one.pk, [])) for one in reviews],
        acceptances=list(acceptances),
        parts=list(product.parts.order_by("identifier")),
        may_answer=product.state == ProductState.READY and acceptance_right(user, product),
        acts=_acts(user, product),
    )


def _may_hold(user: User, product: Product, review: ProductReview) -> bool:
    return not review.is_held and product.state == ProductState.IN_REVIEW and review_right(user, review)


def _acts(user: User, product: Product) -> tuple[str, ...]:
    """The acts of its maker that the state allows, in the words of `move_product`."""
    state = product.state
    mine = may_plan(user, product.project)
    acts = {
        "start": mine and state == ProductState.PLANNED and not product.is_group,
        "hand_over": mine and PRODUCT.allows("submit", state),
        "cancel": mine and PRODUCT.allows("cancel", state),
        "resume": mine and PRODUCT.allows("resume", state),
        "withdraw": PRODUCT.allows("withdraw", state) and withdrawal_right(user, product),
    }
    return tuple(act for act, allowed in acts.items() if allowed)


def products_with_parts(project: Project) -> QuerySet[Product]:
    """Every product with its criteria and its reviews, in three statements."""
    reviews = ProductReview.objects.select_related("chair")
    return products_of(project).prefetch_related("criteria", Prefetch("reviews", queryset=reviews))


def get_criterion(product: Product, number: int) -> ProductCriterion:
    return _found(product.criteria.select_related("product__project").filter(number=number).first())


def get_review(product: Product, number: int) -> ProductReview:
    people = ("chair__user", "presenter__user", "administrator__user", "reviewer_1", "reviewer_2", "reviewer_3")
    row = _found(product.reviews.select_related("product__project", *people).filter(number=number).first())
    row.product = product
    return row


def get_action(product: Product, key: int) -> ReviewAction:
    rows = ReviewAction.objects.select_related("review__product__project", "owner__user")
    return _found(rows.filter(review__product=product, pk=key).first())


def _found(row: T | None) -> T:
    if row is None:
        raise Http404
    return row
