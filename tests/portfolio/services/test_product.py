"""Products: handed over, reviewed, accepted by somebody else than who made them; what was answered is kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from config import clock
from config.web.versioned import StaleVersionError
from people.enums import Role
from people.models import User
from portfolio.engines.product import Answer, Finding
from portfolio.models import Product, ProductAcceptance, ReviewAction
from portfolio.selectors.product import product_page
from portfolio.selectors.product_counts import products_between
from portfolio.services.product import create_product, move_product, update_criterion, update_product
from portfolio.services.product_acceptance import answer_product
from portfolio.services.product_review import close_action, hold_review, plan_review
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import MilestoneFactory, ProjectFactory
from tests.factories.products import ProductCriterionFactory, ProductFactory, ProductReviewFactory

pytestmark = pytest.mark.django_db
TODAY = clock.today()
MET = {1: Finding(met=True, found="1,8 s")}


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def product(pm: User) -> Product:
    made: Product = ProductFactory(project=ProjectFactory(manager=pm.person), acceptor=user_with(Role.PM).person)
    ProductCriterionFactory(product=made)
    return made


def act(product: Product, name: str, by: User, reason: str = "") -> Product:
    product.refresh_from_db()
    return move_product(product=product, act=name, version=product.version, by=by, reason=reason)


def hold(product: Product, by: User, result: str, number: int = 1, **kwargs: object) -> None:
    review = product.reviews.get(number=number)
    hold_review(review=review, by=by, version=review.version, result=result, held_on=TODAY, today=TODAY, **kwargs)  # type: ignore[arg-type]
    product.refresh_from_db()


def answer(product: Product, by: User, verdict: str = "accepted", **kwargs: object) -> ProductAcceptance:
    product = Product.objects.get(pk=product.pk)
    given = Answer(verdict=verdict, on=TODAY, **{"findings": MET, **kwargs})  # type: ignore[arg-type]
    return answer_product(product=product, by=by, version=product.version, answer=given)


def ready(product: Product, pm: User) -> Product:
    act(product, "start", pm)
    return act(product, "hand_over", pm)


def test_a_product_with_a_review_waits_for_it_and_comes_back_when_it_fails(pm: User, product: Product) -> None:
    ProductReviewFactory(product=product)
    assert ready(product, pm).state == "in_review"
    hold(product, pm, "failed", note="Les droits manquent")
    assert product.state == "rework"
    with pytest.raises(ValidationError, match="planifiez-en un nouveau"):
        act(product, "hand_over", pm)
    plan_review(product=product, by=pm, values={"planned_on": TODAY, "chair": PersonFactory()})
    assert act(product, "hand_over", pm).state == "in_review"
    hold(product, pm, "passed", number=2)
    assert product.state == "ready"


def test_follow_ups_keep_a_product_from_acceptance_until_the_last_is_proven(pm: User, product: Product) -> None:
    ProductReviewFactory(product=product)
    ready(product, pm)
    with pytest.raises(ValidationError, match="dit lesquelles"):
        hold(product, pm, "follow_ups")
    todo = [{"text": "Corriger", "owner": PersonFactory(), "due": TODAY}]
    hold(product, pm, "follow_ups", actions=todo)
    assert product.state == "follow_up"
    with pytest.raises(ValidationError, match="suites closes"):
        answer(product, product.acceptor.user)
    action = ReviewAction.objects.get()
    with pytest.raises(ValidationError, match="où on le voit"):
        close_action(action=action, by=pm, version=1, evidence=" ", on=TODAY)
    close_action(action=action, by=pm, version=1, evidence="https://preuve.test/12", on=TODAY)
    product.refresh_from_db()
    assert product.state == "ready"


def test_the_acceptor_accepts_himself_and_the_criteria_are_kept_as_they_read(pm: User, product: Product) -> None:
    ready(product, pm)
    with pytest.raises(PermissionDenied):
        answer(product, pm)
    row = answer(product, product.acceptor.user)
    product.refresh_from_db()
    assert (product.state, product.accepted_on, product.accepted_by) == ("accepted", TODAY, product.acceptor)
    assert [(one["text"], one["met"], one["found"]) for one in row.criteria] == [
        ("Répond en moins de deux secondes", True, "1,8 s")
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        ProductAcceptance.objects.filter(pk=row.pk).update(note="Autre chose")
    with pytest.raises(ValidationError, match="critères ne changent plus"):
        update_criterion(criterion=product.criteria.get(), changes={"text": "Rien"}, version=1, by=pm)
    with pytest.raises(ValidationError, match="retirez d’abord"):
        update_product(product=product, changes={"producer": pm.person}, version=product.version, by=pm)
    assert act(product, "withdraw", pm, "Le test portait sur un autre lot").state == "rework"


def test_the_database_lets_nobody_accept_what_he_made(pm: User, product: Product) -> None:
    ready(product, pm)
    rows = Product.objects.filter(pk=product.pk)
    for change in (
        {"state": "accepted", "accepted_on": TODAY, "accepted_by": product.producer_id},
        {"acceptor": product.producer_id},
        {"state": "accepted"},
        {"accepted_on": TODAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_for_an_acceptor_without_access_a_planner_who_did_not_make_it_says_where_it_is_signed(
    pm: User, product: Product
) -> None:
    Product.objects.filter(pk=product.pk).update(acceptor=PersonFactory())
    ready(product, pm)
    with pytest.raises(ValidationError, match="Dites où se voit"):
        answer(product, pm)
    assert answer(product, pm, evidence="PV 2026-11, p. 3").recorded_by == pm


def test_its_maker_writes_no_answer_even_for_somebody_without_access(pm: User, product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(acceptor=PersonFactory(), producer=pm.person)
    ready(product, pm)
    with pytest.raises(PermissionDenied):
        answer(product, pm, evidence="PV")


def test_an_unmet_criterion_is_accepted_with_reservations_or_refused(pm: User, product: Product) -> None:
    ready(product, pm)
    by, unmet = product.acceptor.user, {1: Finding(met=False)}
    with pytest.raises(ValidationError, match="avec réserves"):
        answer(product, by, findings=unmet)
    with pytest.raises(ValidationError, match="se motivent"):
        answer(product, by, "reserved", findings=unmet)
    with pytest.raises(ValidationError, match="chaque critère"):
        answer(product, by, findings={})
    answer(product, by, "refused", findings=unmet, note="Trop lent")
    product.refresh_from_db()
    assert (product.state, product.state_reason) == ("rework", "Trop lent")


def test_a_product_lies_neither_below_itself_nor_in_another_project(pm: User, product: Product) -> None:
    child = create_product(
        project=product.project, by=pm, values={"identifier": "1.1", "title": "Notice", "parent": product}
    )
    with pytest.raises(ValidationError, match="contiendrait"):
        update_product(product=product, changes={"parent": child}, version=product.version, by=pm)
    with pytest.raises(ValidationError, match="pas de ce projet"):
        update_product(product=child, changes={"milestone": MilestoneFactory()}, version=1, by=pm)


def test_a_group_and_an_old_version_move_nothing(pm: User, product: Product) -> None:
    with pytest.raises(StaleVersionError):
        move_product(product=product, act="start", version=9, by=pm)
    Product.objects.filter(pk=product.pk).update(kind="group")
    with pytest.raises(ValidationError, match="regroupement"):
        act(product, "start", pm)


def test_who_presents_neither_chairs_nor_reads(pm: User, product: Product) -> None:
    her = PersonFactory()
    for role in ("chair", "reviewer_1", "reviewer_2", "reviewer_3"):
        with pytest.raises(ValidationError, match="présente"):
            plan_review(product=product, by=pm, values={"planned_on": TODAY, "presenter": her, role: her})


def test_the_page_counts_what_fails_is_late_and_is_due(pm: User, product: Product) -> None:
    project = product.project
    group = ProductFactory(project=project, kind="group", identifier="1", producer=None, acceptor=None)
    Product.objects.filter(pk=product.pk).update(parent=group, identifier="1.2")
    ProductFactory(project=project, state="rework", parent=group, identifier="1.10")
    ProductFactory(project=project, planned_on=TODAY - timedelta(days=3), identifier="2")
    ProductFactory(project=project, planned_on=TODAY + timedelta(days=60), identifier="3")
    page = product_page(project, TODAY)
    assert [(line.row.identifier, line.depth) for line in page.lines] == [
        ("1", 1),
        ("1.2", 2),
        ("1.10", 2),
        ("2", 1),
        ("3", 1),
    ]
    assert [[line.row.identifier for line in part] for part in (page.failed, page.late, page.due)] == [
        ["1.10"],
        ["2"],
        ["1.2"],
    ]
    assert (len(page.counted), page.accepted, page.incomplete, page.lines[0].inside) == (4, 0, 3, 2)


def test_a_stage_counts_the_products_planned_in_it(pm: User, product: Product) -> None:
    project = product.project
    ProductFactory(project=project, kind="group", planned_on=TODAY)
    ProductFactory(project=project, state="cancelled", planned_on=TODAY)
    ready(product, pm)
    answer(product, product.acceptor.user)
    ProductFactory(project=project, planned_on=TODAY + timedelta(days=400))
    assert products_between(project, TODAY, TODAY + timedelta(days=30)) == (1, 1)
    assert products_between(project, None, None) == (1, 2)
