"""Bodies and what they are asked, for tests."""

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from config import clock
from governance.enums import BodyKind, SeatRole
from governance.models import Body, DecisionRequest, Mandate, Seat, Sitting
from tests.factories.people import PersonFactory
from tests.factories.portfolio import ProjectFactory


class BodyFactory(DjangoModelFactory[Body]):
    class Meta:
        model = Body

    code = factory.Sequence(lambda n: f"COPIL-{n}")
    name_fr = factory.Sequence(lambda n: f"Comité de pilotage {n}")
    kind = BodyKind.PROJECT_BOARD
    level = 2


class SeatFactory(DjangoModelFactory[Seat]):
    class Meta:
        model = Seat

    body = factory.SubFactory(BodyFactory)
    person = factory.SubFactory(PersonFactory)
    role = SeatRole.MEMBER
    valid_from = date(2026, 1, 1)


class SittingFactory(DjangoModelFactory[Sitting]):
    class Meta:
        model = Sitting

    body = factory.SubFactory(BodyFactory)
    starts_at = factory.Sequence(lambda n: datetime.now(UTC) + timedelta(days=3 + n))


class MandateFactory(DjangoModelFactory[Mandate]):
    class Meta:
        model = Mandate

    body = factory.SubFactory(BodyFactory)
    subject = factory.Sequence(lambda n: f"Objet {n}")
    valid_from = date(2026, 1, 1)


class DecisionRequestFactory(DjangoModelFactory[DecisionRequest]):
    class Meta:
        model = DecisionRequest

    number = factory.Sequence(lambda n: f"2026-CODIR-{n:03d}")
    project = factory.SubFactory(ProjectFactory)
    body = factory.SubFactory(BodyFactory)
    needed_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=10))
    question = factory.Sequence(lambda n: f"Autoriser la tranche {n}")
