"""Gate reviews ready to be tried, for tests."""

from datetime import date, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from config import clock
from governance.enums import GateChoice, LessonKind
from governance.models import Confidence, ConfidenceAction, GateAnswer, GateCriterion, GateReview, Lesson, LessonAnswer
from tests.factories.people import PersonFactory, UserFactory
from tests.factories.portfolio import ProjectFactory


def _last_free(method: str, gate: str) -> int:
    """From the end of the list, where the checklists of the organisation do not reach."""
    taken = set(GateCriterion.objects.filter(method=method, gate=gate).values_list("position", flat=True))
    return next(position for position in range(99, 0, -1) if position not in taken)


class GateCriterionFactory(DjangoModelFactory[GateCriterion]):
    class Meta:
        model = GateCriterion

    method = "prince2"
    gate = GateChoice.GN
    position = factory.LazyAttribute(lambda row: _last_free(row.method, row.gate))
    text = factory.Sequence(lambda n: f"Critère {n}")
    valid_from = date(2026, 1, 1)


class GateReviewFactory(DjangoModelFactory[GateReview]):
    class Meta:
        model = GateReview

    project = factory.SubFactory(ProjectFactory)
    number = factory.LazyAttribute(lambda row: f"{row.project.code}-G01")
    gate = GateChoice.GN
    method = "prince2"
    planned_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=14))


class LessonFactory(DjangoModelFactory[Lesson]):
    class Meta:
        model = Lesson

    number = factory.Sequence(lambda n: f"L-2026-{n:03d}")
    project = factory.SubFactory(ProjectFactory)
    kind = LessonKind.PLANNING
    event = factory.Sequence(lambda n: f"Recette trop courte {n}")
    effect = "Trois semaines de retard"
    cause = "Les testeurs n’étaient pas libérés"
    recommendation = factory.Sequence(lambda n: f"Réserver les testeurs à la porte G1 ({n})")
    recorded_on = date(2026, 6, 1)


class ConfidenceFactory(DjangoModelFactory[Confidence]):
    class Meta:
        model = Confidence

    project = factory.SubFactory(ProjectFactory)
    level = "amber"
    reason = "Deux jalons glissent."
    given_by = factory.SubFactory(UserFactory)
    given_on = date(2026, 11, 2)


class ConfidenceActionFactory(DjangoModelFactory[ConfidenceAction]):
    class Meta:
        model = ConfidenceAction

    confidence = factory.SubFactory(ConfidenceFactory)
    text = "Replanifier la recette"
    owner = factory.SubFactory(PersonFactory)
    due = factory.LazyFunction(lambda: clock.today() + timedelta(days=7))


def complete(review: GateReview) -> None:
    """Everything a submission asks for."""
    GateAnswer.objects.filter(review=review).update(reply="yes", evidence="https://docs.example.org/preuve")
    LessonAnswer.objects.filter(review=review).update(reply="applied", words="Testeurs réservés")
    values: dict[str, Any] = {"performance": "Livrée.", "forecast": "Tenue.", "business_case": "valid"}
    GateReview.objects.filter(pk=review.pk).update(**values)
    review.refresh_from_db()
