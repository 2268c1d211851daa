"""The products page answers first; people answer for their part; a clash shows both texts."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from config import clock
from people.enums import Role
from people.models import User
from portfolio.models import Product, ProductReview
from portfolio.services.product_work import work_of_products
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProjectFactory, StageFactory, WorkPackageFactory
from tests.factories.products import (
    ProductCriterionFactory,
    ProductFactory,
    ProductReviewFactory,
    ReviewActionFactory,
)

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def product(pm: User) -> Product:
    project = ProjectFactory(code="PRJ-1", manager=pm.person)
    made: Product = ProductFactory(project=project, identifier="1.2", acceptor=user_with(Role.PM).person)
    ProductCriterionFactory(product=made)
    return made


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *rest: object) -> str:
    return reverse(f"portfolio:{name}", args=["PRJ-1", *rest])


def posted(client: Client, address: str) -> dict[str, str]:
    """What the form of the page would post unchanged."""
    form = client.get(address).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields if form[name].value() is not None}


def test_the_page_says_first_what_is_due_and_reads_without_buttons_for_others(pm: User, product: Product) -> None:
    StageFactory(project=product.project, name="Réalisation")
    WorkPackageFactory(project=product.project, name="Reprise")
    ProductFactory(project=product.project, state="rework", title="Guide des écoles")
    text = of(pm).get(url("products")).content.decode()
    assert "1 produit à reprendre, 1 à accepter d’ici le" in text
    assert text.index("Guide des écoles") < text.index("Arbre des produits")
    assert "Réalisation" in text
    assert "Reprise" in text
    assert url("product_new") in text
    read = of(user_with(Role.FINANCE)).get(url("products")).content.decode()
    assert url("product_new") not in read
    assert of(user_with(Role.FINANCE)).post(url("product_edit", "1.2")).status_code == 403


def test_an_empty_page_says_so(pm: User) -> None:
    ProjectFactory(code="PRJ-1", manager=pm.person)
    assert "Aucun produit décrit" in of(pm).get(url("products")).content.decode()


def test_the_number_of_statements_does_not_grow_with_the_breakdown(
    pm: User, product: Product, django_assert_max_num_queries
) -> None:
    client = of(pm)
    client.get(url("products"))
    for number in range(3):
        one = ProductFactory(project=product.project, identifier=f"2.{number}", parent=product)
        ProductCriterionFactory(product=one)
        ReviewActionFactory(review=ProductReviewFactory(product=one), number=number)
    with django_assert_max_num_queries(32) as few:
        client.get(url("products"))
    for number in range(3, 9):
        one = ProductFactory(project=product.project, identifier=f"2.{number}", parent=product)
        ReviewActionFactory(review=ProductReviewFactory(product=one), number=number)
    with django_assert_max_num_queries(len(few)):
        client.get(url("products"))


def test_a_product_is_written_then_merged_and_a_clash_shows_both_texts(pm: User, product: Product) -> None:
    client = of(pm)
    new = {"identifier": "1.3", "title": "Notice", "kind": "product", "parent": str(product.pk)}
    assert client.post(url("product_new"), new).status_code == 303
    address = url("product_edit", "1.3")
    data = posted(client, address)
    Product.objects.filter(identifier="1.3").update(title="Notice de reprise", version=2)
    merged = client.post(address, {**data, "purpose": "Pour les agents"})
    assert merged.status_code == 303
    row = Product.objects.get(identifier="1.3")
    assert (row.title, row.purpose) == ("Notice de reprise", "Pour les agents")
    clash = client.post(address, {**data, "title": "Autre notice"})
    assert clash.status_code == 409
    assert "Notice de reprise" in clash.content.decode()
    assert client.post(address, {**data, "state": "accepted"}).status_code == 400


def test_from_start_to_acceptance_without_javascript(pm: User, product: Product) -> None:
    chair, acceptor = of(user_with(Role.FINANCE)), of(product.acceptor.user)
    ProductReviewFactory(product=product, chair=chair_person(chair), planned_on=TODAY)
    client, page = of(pm), url("product", "1.2")
    for act in ("start", "hand_over"):
        version = Product.objects.get(pk=product.pk).version
        client.post(url("product_move", "1.2"), {"act": act, "version": version})
    result = url("product_review_result", "1.2", 1)
    assert result in chair.get(page).content.decode()
    assert acceptor.get(result).status_code == 403
    data = {**posted(chair, result), "result": "passed", "note": "Conforme", "evidence": "https://preuve.test/pv"}
    assert chair.post(result, data).status_code == 303
    answer = url("product_acceptance", "1.2")
    data = {**posted(acceptor, answer), "met_1": "yes", "found_1": "1,9 s", "verdict": "accepted"}
    Product.objects.filter(pk=product.pk).update(version=99)
    stale = acceptor.post(answer, data)
    assert stale.status_code == 409
    assert 'value="1,9 s"' in stale.content.decode()
    assert acceptor.post(answer, {**data, "version": "99"}).status_code == 303
    text = client.get(page).content.decode()
    assert "accepté par" in text
    assert "1,9 s" in text


def chair_person(client: Client) -> object:
    return User.objects.get(pk=client.session["_auth_user_id"]).person


def test_my_work_lists_what_waits_for_me_and_nothing_hidden(pm: User, product: Product) -> None:
    her = user_with(Role.PM)
    Product.objects.filter(pk=product.pk).update(state="ready", acceptor=her.person)
    review = ProductReviewFactory(product=ProductFactory(project=product.project), reviewer_2=her.person)
    ReviewActionFactory(review=review, owner=her.person, due=TODAY - timedelta(days=1))
    found = [[line.address for line in block.lines] for block in work_of_products(her, clock.now())]
    assert [len(lines) for lines in found] == [1, 1, 1]
    assert found[0] == [url("product_acceptance", "1.2")]
    product.project.confidentiality = "restricted"
    product.project.save()
    assert [block.lines for block in work_of_products(her, clock.now())] == [(), (), ()]


def test_a_result_with_follow_ups_says_what_who_and_when(pm: User, product: Product) -> None:
    review: ProductReview = ProductReviewFactory(product=product)
    Product.objects.filter(pk=product.pk).update(state="in_review")
    client, address = of(pm), url("product_review_result", "1.2", 1)
    data = {**posted(client, address), "result": "follow_ups", "text_1": "Corriger"}
    assert "quoi, qui et pour quand" in client.post(address, data).content.decode()
    whole = {**data, "owner_1": str(PersonFactory().pk), "due_1": TODAY.isoformat()}
    assert client.post(address, whole).status_code == 303
    assert review.actions.count() == 1


def test_the_api_gives_products_with_their_criteria(pm: User, product: Product) -> None:
    body = json.loads(of(pm).get("/api/v1/projects/PRJ-1/products/").content)
    (row,) = body["results"]
    assert (row["identifier"], row["state"], row["criteria"][0]["method"]) == ("1.2", "planned", "Test de charge")
