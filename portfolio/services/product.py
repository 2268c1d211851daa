"""Describe the products of a project, and move them from planned to handed over; acceptance is `product_acceptance`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from config.web.versioned import StaleVersionError
from people.models.user import User
from people.services import audit
from portfolio.engines.machine import IllegalMoveError
from portfolio.engines.product import PRODUCT, hand_over, makes_cycle
from portfolio.enums import ProductState
from portfolio.models.product import Product, ProductCriterion
from portfolio.models.project import Project
from portfolio.selectors.field_rights import CRITERION_FIELDS, PRODUCT_FIELDS, product_fields
from portfolio.selectors.product_rights import withdrawal_right
from portfolio.services.versioned import ForbiddenFieldError, create_row, project_data, write_changes

SETTLED = frozenset({"producer", "kind"})
"""What an acceptance was given on: not changed while it stands."""


@transaction.atomic
def create_product(*, project: Project, by: User, values: Mapping[str, Any]) -> Product:
    """A new product, planned; its identifier is unique in the project."""
    if forbidden := frozenset(values) - PRODUCT_FIELDS:
        raise ForbiddenFieldError(forbidden)
    return create_row(Product(project=project, **values), by=by, verb="product.created")


@transaction.atomic
def update_product(*, product: Product, changes: Mapping[str, Any], version: int, by: User) -> Product:
    """Change the description; what was accepted keeps its producer until the acceptance is withdrawn."""
    stored = Product.objects.select_related("project").get(pk=product.pk)
    if stored.state == ProductState.ACCEPTED and SETTLED & frozenset(changes):
        raise ValidationError(_("Ce produit est accepté : retirez d’abord l’acceptation pour changer son producteur."))
    if changes.get("parent") is not None:
        _refuse_cycle(stored, changes["parent"])
    return write_changes(
        product,
        changes=changes,
        allowed=product_fields(by, stored.project),
        version=version,
        by=by,
        verb="product.updated",
    )


def _refuse_cycle(product: Product, parent: Product) -> None:
    """The lock on the project keeps two people from closing a ring together."""
    Project.objects.select_for_update(of=("self",)).get(pk=product.project_id)
    parents = dict(Product.objects.filter(project=product.project_id).values_list("pk", "parent_id"))
    if makes_cycle(parents, product.pk, parent.pk):
        raise ValidationError({"parent": _("Ce produit contiendrait celui dont il fait partie.")})


@transaction.atomic
def move_product(*, product: Product, act: str, version: int, by: User, reason: str = "") -> Product:
    """One act of who makes it: start, hand over, cancel, resume, or withdraw an acceptance.

    Cancelling and withdrawing say why. `hand_over` goes to the reviews that wait, else straight to acceptance.
    """
    locked = lock_product(product, version)
    if locked.is_group and act not in ("cancel", "resume"):
        raise ValidationError(_("Un regroupement n’est ni produit ni accepté : ses produits le sont."))
    if act == "hand_over":
        act = _handing_over(locked)
    if act not in ("start", "submit", "deliver", "cancel", "resume", "withdraw"):
        raise ValidationError(_("Cet acte n’existe pas."))
    if act == "withdraw" and not withdrawal_right(by, locked):
        raise PermissionDenied(_("Une acceptation se retire par qui l’a donnée, jamais par le producteur."))
    if act in ("cancel", "withdraw") and not reason.strip():
        raise ValidationError({"reason": _("Dites pourquoi.")})
    return move(locked, act, by, state_reason=reason.strip())


def _handing_over(product: Product) -> str:
    act = hand_over(list(product.reviews.order_by("number").values_list("result", flat=True)))
    if act is None:
        raise ValidationError(_("Le dernier contrôle a échoué : planifiez-en un nouveau avant de remettre le produit."))
    if not product.criteria.exists():
        raise ValidationError(_("Écrivez un critère d’acceptation au moins avant de remettre le produit."))
    return act


def lock_product(product: Product, version: int) -> Product:
    """The row under lock, as long as it is still at `version`."""
    locked = Product.objects.select_for_update(of=("self",)).select_related("project").get(pk=product.pk)
    if locked.version != version:
        raise StaleVersionError
    return locked


def move(product: Product, act: str, by: User, **values: Any) -> Product:
    """Along the table of the engine, with the values the target state wants; the row is under lock."""
    try:
        target = PRODUCT.target(act, product.state)
    except IllegalMoveError as error:
        raise ValidationError(
            _("Ce produit est « %(state)s » : cela ne se fait pas maintenant.")
            % {"state": product.get_state_display().lower()}
        ) from error
    if target != ProductState.ACCEPTED:
        values = {"accepted_on": None, "accepted_by": None, **values}
    for name, value in values.items():
        setattr(product, name, value)
    source, product.state = product.state, ProductState(target)
    product.full_clean()
    product.version += 1
    product.save(update_fields=[*values, "state", "version", "updated_at"])
    data = {**project_data(product), "changes": {"state": [source, str(product.state)]}}
    audit.record(by=by, verb=f"product.{act}", target=product, data=data)
    return product


@transaction.atomic
def add_criterion(*, product: Product, by: User, values: Mapping[str, Any]) -> ProductCriterion:
    """The next criterion of a product that is not accepted yet."""
    if forbidden := frozenset(values) - CRITERION_FIELDS:
        raise ForbiddenFieldError(forbidden)
    _refuse_when_accepted(product)
    last = product.criteria.aggregate(last=Max("number"))["last"] or 0
    row = ProductCriterion(product=product, number=last + 1, **values)
    return create_row(row, by=by, verb="product_criterion.added")


@transaction.atomic
def update_criterion(
    *, criterion: ProductCriterion, changes: Mapping[str, Any], version: int, by: User
) -> ProductCriterion:
    _refuse_when_accepted(criterion.product)
    return write_changes(
        criterion,
        changes=changes,
        allowed=CRITERION_FIELDS,
        version=version,
        by=by,
        verb="product_criterion.updated",
    )


@transaction.atomic
def remove_criterion(*, criterion: ProductCriterion, version: int, by: User) -> None:
    """Taken back while the product is not accepted; its history keeps it."""
    _refuse_when_accepted(criterion.product)
    if criterion.version != version:
        raise StaleVersionError
    data = {**project_data(criterion), "number": criterion.number}
    audit.record(by=by, verb="product_criterion.removed", target=criterion.product, data=data)
    criterion.delete()


def _refuse_when_accepted(product: Product) -> None:
    """The lock on the product keeps its acceptance and its criteria apart."""
    locked = Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    if locked.state == ProductState.ACCEPTED:
        raise ValidationError(_("Ce produit est accepté : ses critères ne changent plus."))
