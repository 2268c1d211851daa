"""Products of the first projects of the ranking: what is accepted, due, late, or failed its review, by their dates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from django.db import transaction

from config.clock import BRUSSELS
from people.models import Person
from portfolio.enums import AcceptanceVerdict, ProductKind, ProductState, ReviewResult
from portfolio.models import (
    Milestone,
    Product,
    ProductAcceptance,
    ProductCriterion,
    ProductReview,
    Project,
    ReviewAction,
    WorkPackage,
)
from reporting.management.demo.days import workday
from reporting.management.demo.product_texts import FAILED, FOLLOW_UPS, FOUND, PASSED, RESERVES, TREES, Made
from reporting.management.demo.replay import Replay
from reporting.management.demo.words import typeset

Row = TypeVar("Row", Milestone, WorkPackage)
PROJECTS = 26
_EVIDENCE = "https://ged.cadran.example/pv/{code}-{identifier}-{number}"


@dataclass(slots=True)
class _Rows:
    """What is written at the end, each kind of row at once; reviews carry their follow-ups beside them."""

    products: list[Product] = field(default_factory=list)
    criteria: list[ProductCriterion] = field(default_factory=list)
    reviews: list[ProductReview] = field(default_factory=list)
    actions: list[ReviewAction] = field(default_factory=list)
    acceptances: list[ProductAcceptance] = field(default_factory=list)


@transaction.atomic
def load_products(replay: Replay) -> None:
    """The breakdown of each project that has milestones, then everything about its products."""
    kinds = {plan.project.pk: plan.spec.kind for plan in replay.plans}
    chosen = list(
        Project.objects.active()
        .filter(pk__in=kinds, priority_rank__isnull=False, manager__user__isnull=False)
        .select_related("manager__user", "deputy", "sponsor")
        .order_by("priority_rank")[:PROJECTS]
    )
    milestones = _by_project(Milestone.objects.filter(project__in=chosen).order_by("forecast", "pk"))
    packages = _by_project(WorkPackage.objects.filter(project__in=chosen).order_by("code"))
    rows = _Rows()
    for project in chosen:
        if dates := milestones.get(project.pk):
            desk = _Desk(project, replay, dates, packages.get(project.pk, []), rows)
            desk.break_down(kinds[project.pk])
    Product.objects.bulk_create(rows.products, batch_size=500)
    ProductCriterion.objects.bulk_create(rows.criteria, batch_size=500)
    ProductReview.objects.bulk_create(rows.reviews, batch_size=500)
    ReviewAction.objects.bulk_create(rows.actions, batch_size=500)
    ProductAcceptance.objects.bulk_create(rows.acceptances, batch_size=500)


def _by_project(found: Iterable[Row]) -> dict[int, list[Row]]:
    rows: dict[int, list[Row]] = {}
    for row in found:
        rows.setdefault(row.project_id, []).append(row)
    return rows


def _set(made: Made) -> list[tuple[str, str, str]]:
    """The criteria with the spaces that French wants."""
    return [(typeset(text), typeset(method), typeset(tolerance)) for text, method, tolerance in made.criteria]


@dataclass(slots=True)
class _Desk:
    """Writes the products of one project."""

    project: Project
    replay: Replay
    milestones: Sequence[Milestone]
    packages: Sequence[WorkPackage]
    rows: _Rows
    rng: Random = field(init=False)
    today: date = field(init=False)
    criterion: str = ""

    def __post_init__(self) -> None:
        self.rng = Random(f"products {self.project.code}")  # noqa: S311 -- invented data
        self.today = self.replay.today

    def break_down(self, kind: str) -> None:
        """Groups are written at once, so that their products can name them."""
        for place, (title, made) in enumerate(TREES[kind], start=1):
            group = Product.objects.create(
                project=self.project, identifier=str(place), title=title, kind=ProductKind.GROUP
            )
            for number, one in enumerate(made, start=1):
                self.product(group, f"{place}.{number}", one)

    def product(self, group: Product, identifier: str, made: Made) -> None:
        milestone = self.milestones[round(made.at * (len(self.milestones) - 1))]
        producer, acceptor, *readers = self.people()
        lead = self.rng.choice((2, 5, 7, 9))
        row = Product(
            project=self.project,
            parent=group,
            identifier=identifier,
            title=typeset(made.title),
            kind=made.kind,
            purpose=typeset(made.purpose),
            producer=producer,
            acceptor=acceptor,
            milestone=milestone,
            work_package=self.rng.choice(self.packages) if self.packages else None,
            planned_on=workday(milestone.baseline - timedelta(days=lead)),
            forecast_on=workday(milestone.forecast - timedelta(days=lead)),
        )
        self.rows.products.append(row)
        criteria = _set(made)
        self.criterion = criteria[0][0]
        for number, (text, method, tolerance) in enumerate(criteria, start=1):
            room = "" if self.rng.random() < 0.06 else tolerance
            self.rows.criteria.append(
                ProductCriterion(product=row, number=number, text=text, method=method, tolerance=room)
            )
        self.live(row, milestone, made, readers)

    def people(self) -> list[Person]:
        """Who makes it, who accepts it, then who presides, reads and keeps the minutes; all different."""
        cast = self.replay.cast
        own = self.project.deputy or self.project.manager
        if own is None:
            raise ValueError("a project of the demonstration has a manager")
        sponsor = self.project.sponsor
        producer = self.rng.choice([own, own, *cast.managers[:6]])
        pool = [one for one in cast.managers if one.pk != producer.pk]
        others = self.rng.sample(pool, 5)
        acceptor = (
            sponsor if sponsor is not None and sponsor.pk != producer.pk and self.rng.random() < 0.6 else others[4]
        )
        return [producer, acceptor, *[one for one in others[:4] if one.pk != acceptor.pk]]

    def live(self, row: Product, milestone: Milestone, made: Made, readers: Sequence[Person]) -> None:
        """By the distance of its day: accepted, then reviewed, then made, then only planned."""
        expected, luck = row.forecast_on or self.today, self.rng.random()
        away = (expected - self.today).days
        if milestone.actual is not None and milestone.actual < self.today - timedelta(days=10):
            self.review(row, readers, ReviewResult.PASSED, milestone.actual - timedelta(days=12))
            self.accept(row, workday(milestone.actual - timedelta(days=self.rng.choice((1, 3, 6)))), made)
        elif away < 0:
            self.reviewed(row, readers, luck, self.today - timedelta(days=self.rng.choice((4, 8, 15))))
        elif away <= 35:
            self.almost(row, readers, luck)
        elif away <= 120:
            row.state = ProductState.IN_PROGRESS
            if luck < 0.5:
                self.review(row, readers, "", expected - timedelta(days=10))

    def reviewed(self, row: Product, readers: Sequence[Person], luck: float, held: date) -> None:
        """Its day is past: failed, with follow-ups open, or only its acceptor is missing."""
        if luck < 0.3:
            row.state = ProductState.REWORK
            row.forecast_on = workday(self.today + timedelta(days=self.rng.choice((12, 19, 26))))
            self.review(row, readers, ReviewResult.FAILED, held)
            self.review(row, readers, "", row.forecast_on - timedelta(days=6), number=2)
        elif luck < 0.55:
            row.state = ProductState.FOLLOW_UP
            self.review(row, readers, ReviewResult.FOLLOW_UPS, held)
        else:
            row.state = ProductState.READY
            self.review(row, readers, ReviewResult.PASSED, held)

    def almost(self, row: Product, readers: Sequence[Person], luck: float) -> None:
        """Its day is near: ready, under review, or still being made."""
        if luck < 0.35:
            row.state = ProductState.READY
            self.review(row, readers, ReviewResult.PASSED, self.today - timedelta(days=self.rng.choice((1, 2, 6))))
        elif luck < 0.7:
            row.state = ProductState.IN_REVIEW
            self.review(row, readers, "", self.today + timedelta(days=self.rng.choice((-2, 3, 5, 9))))
        else:
            row.state = ProductState.IN_PROGRESS

    def review(self, row: Product, readers: Sequence[Person], result: str, day: date, number: int = 1) -> None:
        chair, first, *rest = readers
        review = ProductReview(
            product=row,
            number=number,
            planned_on=workday(day),
            chair=chair,
            presenter=row.producer,
            reviewer_1=first,
            administrator=rest[0] if rest else None,
        )
        self.rows.reviews.append(review)
        if not result:
            return
        review.result, review.held_on = result, workday(day)
        review.note = self.rng.choice(FAILED if result == ReviewResult.FAILED else PASSED)
        review.note = typeset(review.note.format(text=self.criterion))
        review.evidence = _EVIDENCE.format(code=self.project.code, identifier=row.identifier, number=number)
        if result == ReviewResult.FOLLOW_UPS:
            for place, text in enumerate(self.rng.choice(FOLLOW_UPS), start=1):
                self.follow_up(review, place, text, first if place == 1 else chair)

    def follow_up(self, review: ProductReview, place: int, text: str, owner: Person) -> None:
        """The first is done, the second is not."""
        done = self.today - timedelta(days=1) if place == 1 else None
        due = workday(self.today + timedelta(days=self.rng.choice((-3, 4, 8))))
        self.rows.actions.append(
            ReviewAction(
                review=review,
                number=place,
                text=text,
                owner=owner,
                due=due,
                done_on=done,
                evidence="Version corrigée déposée, relue par le métier." if done else "",
            )
        )

    def accept(self, row: Product, day: date, made: Made) -> None:
        row.state, row.accepted_on, row.accepted_by = ProductState.ACCEPTED, day, row.acceptor
        manager = self.project.manager
        person = row.acceptor
        if manager is None or manager.user is None or person is None or row.producer is None:
            raise ValueError("a product of the demonstration is accepted by somebody")
        reserved = self.rng.random() < 0.12
        findings = [
            {
                "number": number,
                "text": text,
                "method": method,
                "tolerance": tolerance,
                "met": not (reserved and number == 1),
                "found": self.rng.choice(FOUND),
            }
            for number, (text, method, tolerance) in enumerate(_set(made), start=1)
        ]
        self.rows.acceptances.append(
            ProductAcceptance(
                product=row,
                verdict=AcceptanceVerdict.RESERVED if reserved else AcceptanceVerdict.ACCEPTED,
                person=person,
                producer=row.producer,
                on=day,
                criteria=findings,
                note=RESERVES if reserved else "",
                evidence=_EVIDENCE.format(code=self.project.code, identifier=row.identifier, number="acceptation"),
                recorded_by=person.user or manager.user,
                recorded_at=datetime.combine(day, time(16, 20), tzinfo=BRUSSELS),
            )
        )
