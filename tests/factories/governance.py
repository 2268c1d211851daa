"""Bodies and what they are asked, for tests."""

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from config import clock
from governance.enums import (
    BodyKind,
    EffectKind,
    InterestKind,
    ItemKind,
    OutcomeKind,
    Publication,
    RaciLetter,
    RaciRole,
    SeatRole,
    Subject,
    Verdict,
)
from governance.models import (
    AgendaItem,
    Body,
    Decision,
    DecisionRequest,
    Effect,
    FollowUp,
    Interest,
    Mandate,
    Outcome,
    ProjectException,
    RaciActivity,
    RaciCell,
    Seat,
    Sitting,
)
from tests.factories.guards import RestoredFactory
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
    kind = Subject.EXCEPTION
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


class InterestFactory(DjangoModelFactory[Interest]):
    class Meta:
        model = Interest

    person = factory.SubFactory(PersonFactory)
    kind = InterestKind.OTHER
    project = factory.SubFactory(ProjectFactory)
    declared_on = date(2026, 1, 1)


class RaciActivityFactory(DjangoModelFactory[RaciActivity]):
    class Meta:
        model = RaciActivity
        skip_postgeneration_save = True

    name_fr = factory.Sequence(lambda n: f"Activité {n}")

    @factory.post_generation
    def cells(self, create: bool, _extracted: object, **_kwargs: object) -> None:
        """A row in order: the executive answers for it, the project manager does it."""
        if create:
            RaciCell.objects.create(activity=self, role=RaciRole.EXECUTIVE, letter=RaciLetter.ACCOUNTABLE)
            RaciCell.objects.create(activity=self, role=RaciRole.PROJECT_MANAGER, letter=RaciLetter.RESPONSIBLE)


class AgendaItemFactory(DjangoModelFactory[AgendaItem]):
    class Meta:
        model = AgendaItem

    sitting = factory.SubFactory(SittingFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = ItemKind.DECISION
    title = factory.Sequence(lambda n: f"Point {n}")


class OutcomeFactory(RestoredFactory[Outcome]):
    class Meta:
        model = Outcome

    item = factory.SubFactory(AgendaItemFactory)
    kind = OutcomeKind.DECISION
    text = factory.Sequence(lambda n: f"Il est décidé {n}")


class DecisionFactory(RestoredFactory[Decision]):
    class Meta:
        model = Decision

    item = factory.SubFactory(AgendaItemFactory)
    body = factory.SelfAttribute("item.sitting.body")
    year = 2026
    serial = factory.Sequence(lambda n: n + 1)
    number = factory.LazyAttribute(lambda row: f"{row.year}-{row.body.code}-{row.serial:03d}")
    verdict = Verdict.ADOPTED
    question = "Faut-il ?"
    text = factory.Sequence(lambda n: f"Il le faut {n}")
    record = factory.LazyFunction(
        lambda: {
            "present": [],
            "absent": [],
            "recused": [],
            "votes": [],
            "options": [],
            "paper": None,
            "tally": {"in_favour": 3, "against": 0, "abstained": 0},
        }
    )
    taken_on = date(2026, 11, 3)
    effect_on = date(2026, 11, 3)
    publication = Publication.PORTFOLIO
    content_hash = "0" * 64
    audit_number = 1


class FollowUpFactory(DjangoModelFactory[FollowUp]):
    class Meta:
        model = FollowUp

    decision = factory.SubFactory(DecisionFactory)
    kind = OutcomeKind.SUBSEQUENT
    text = factory.Sequence(lambda n: f"Condition {n}")
    owner = factory.SubFactory(PersonFactory)
    due = factory.LazyFunction(lambda: clock.today() + timedelta(days=10))


class ExceptionFactory(DjangoModelFactory[ProjectException]):
    """An exception of the project's own tolerance, just raised."""

    class Meta:
        model = ProjectException

    project = factory.SubFactory(ProjectFactory)
    number = factory.LazyAttribute(lambda row: f"{row.project.code}-E01")
    level = 3
    raised_on = factory.LazyFunction(clock.today)
    due_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=3))
    breaches = factory.LazyFunction(
        lambda: {"cost": {"rag": "red", "rule": "beyond_tolerance", "use": "1.0500", "facts": {}}}
    )


class EffectFactory(RestoredFactory[Effect]):
    class Meta:
        model = Effect

    outcome = factory.SubFactory(OutcomeFactory)
    kind = EffectKind.RANK
