"""Products, criteria, quality reviews and follow-ups."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from config import clock
from portfolio.models import Product, ProductAcceptance, ProductCriterion, ProductReview, ReviewAction
from tests.factories.people import PersonFactory, UserFactory
from tests.factories.portfolio import MilestoneFactory, ProjectFactory


class ProductFactory(DjangoModelFactory[Product]):
    """A product somebody makes and somebody else will accept, due in three weeks."""

    class Meta:
        model = Product

    project = factory.SubFactory(ProjectFactory)
    identifier = factory.Sequence(lambda n: f"LIV-{n}")
    title = factory.LazyAttribute(lambda product: f"Produit {product.identifier}")
    kind = "deliverable"
    purpose = "Ce que les écoles attendent"
    producer = factory.SubFactory(PersonFactory)
    acceptor = factory.SubFactory(PersonFactory)
    milestone = factory.LazyAttribute(lambda product: MilestoneFactory(project=product.project))
    planned_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=21))


class ProductCriterionFactory(DjangoModelFactory[ProductCriterion]):
    class Meta:
        model = ProductCriterion

    product = factory.SubFactory(ProductFactory)
    number = 1
    text = "Répond en moins de deux secondes"
    method = "Test de charge"
    tolerance = "2,5 s pour 5 % des appels"


class ProductReviewFactory(DjangoModelFactory[ProductReview]):
    class Meta:
        model = ProductReview

    product = factory.SubFactory(ProductFactory)
    number = 1
    planned_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=7))
    chair = factory.SubFactory(PersonFactory)
    presenter = factory.LazyAttribute(lambda review: review.product.producer)


class ReviewActionFactory(DjangoModelFactory[ReviewAction]):
    class Meta:
        model = ReviewAction

    review = factory.SubFactory(ProductReviewFactory)
    number = 1
    text = "Corriger le libellé"
    owner = factory.SubFactory(PersonFactory)
    due = factory.LazyFunction(lambda: clock.today() + timedelta(days=5))


class ProductAcceptanceFactory(DjangoModelFactory[ProductAcceptance]):
    """A refusal that says why."""

    class Meta:
        model = ProductAcceptance

    product = factory.SubFactory(ProductFactory)
    verdict = "refused"
    person = factory.LazyAttribute(lambda row: row.product.acceptor)
    producer = factory.LazyAttribute(lambda row: row.product.producer)
    on = factory.LazyFunction(clock.today)
    note = "Trop lent"
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = factory.LazyFunction(clock.now)
