"""Issues under change control, for tests; what is answered is written by the services."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from config import clock
from governance.enums import ChangeKind
from governance.models import Change, ChangeAction, ChangeBudget, ChangeDelegation
from tests.factories.people import PersonFactory
from tests.factories.portfolio import ProjectFactory


class ChangeFactory(DjangoModelFactory[Change]):
    class Meta:
        model = Change

    project = factory.SubFactory(ProjectFactory)
    number = factory.Sequence(lambda n: f"P-C{n:04d}")
    kind = ChangeKind.REQUEST
    title = factory.Sequence(lambda n: f"Ajouter un écran {n}")
    description = "Les services demandent un écran de plus."
    author = factory.SubFactory(PersonFactory)
    raised_on = factory.LazyFunction(clock.today)
    due_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=7))


class ChangeBudgetFactory(DjangoModelFactory[ChangeBudget]):
    class Meta:
        model = ChangeBudget

    project = factory.SubFactory(ProjectFactory)
    amount = Decimal("20000.00")
    valid_from = date(2026, 1, 1)
    valid_to = date(2027, 12, 31)
    source = "COPIL (essai)"


class ChangeDelegationFactory(DjangoModelFactory[ChangeDelegation]):
    class Meta:
        model = ChangeDelegation

    budget = factory.SubFactory(ChangeBudgetFactory)
    person = factory.SubFactory(PersonFactory)
    limit_each = Decimal("8000.00")
    limit_total = Decimal("15000.00")
    valid_from = date(2026, 1, 1)
    valid_to = date(2027, 12, 31)


class ChangeActionFactory(DjangoModelFactory[ChangeAction]):
    class Meta:
        model = ChangeAction

    change = factory.SubFactory(ChangeFactory)
    text = factory.Sequence(lambda n: f"Livrer {n}")
    owner = factory.SubFactory(PersonFactory)
    due = factory.LazyFunction(lambda: clock.today() + timedelta(days=10))
