"""How many products are due at each milestone, and how many of them are accepted."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from portfolio.enums import ProductKind, ProductState
from portfolio.models.milestone import Milestone
from portfolio.models.product import Product
from portfolio.models.project import Project

_COUNTED = ~Q(products__kind=ProductKind.GROUP) & ~Q(products__state=ProductState.CANCELLED) & Q(products__isnull=False)


def with_products(rows: QuerySet[Milestone]) -> QuerySet[Milestone]:
    """The milestones with `products_due` and `products_accepted`, in the same statement."""
    return rows.annotate(
        products_due=Count("products", filter=_COUNTED),
        products_accepted=Count("products", filter=_COUNTED & Q(products__state=ProductState.ACCEPTED)),
    )


def products_at(project: Project) -> dict[int, tuple[int, int]]:
    """(accepted, due) by milestone; milestones without products are left out."""
    rows = with_products(Milestone.objects.filter(project=project))
    counts = {row.pk: (getattr(row, "products_accepted", 0), getattr(row, "products_due", 0)) for row in rows}
    return {pk: (accepted, due) for pk, (accepted, due) in counts.items() if due}


def products_between(project: Project, start: date | None, end: date | None) -> tuple[int, int]:
    """(accepted, planned) of the products whose acceptance was planned in that time; an open end has no limit."""
    rows = Product.objects.filter(project=project, planned_on__isnull=False)
    rows = rows.exclude(kind=ProductKind.GROUP).exclude(state=ProductState.CANCELLED)
    if start is not None:
        rows = rows.filter(planned_on__gte=start)
    if end is not None:
        rows = rows.filter(planned_on__lte=end)
    counts = rows.aggregate(accepted=Count("pk", filter=Q(state=ProductState.ACCEPTED)), due=Count("pk"))
    return counts["accepted"], counts["due"]
