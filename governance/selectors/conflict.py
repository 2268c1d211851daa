"""Who may not sit on an item (trust S1), from the registers: parties now and before, employers, declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from django.apps import apps
from django.db.models import Model, QuerySet

from governance.engines.interest import DeclaredInterest, Ground, ItemFacts, conflicts
from governance.enums import BodyKind, RequestState
from governance.models import AgendaItem, DecisionRequest
from governance.selectors.concerned import concerned_ids
from governance.selectors.interest import interests_of
from people.models import Employer, Person, User
from portfolio.models import Programme, Project

OWN_BOARDS = (BodyKind.PROJECT_COMMITTEE, BodyKind.PROJECT_BOARD)
"""Here the executive directs his own project: that is his role, not a conflict."""


def conflicts_on(
    item: AgendaItem, members: Iterable[int], on: date, delegates: dict[int, int] | None = None
) -> dict[int, Ground]:
    """The members, by key, to recuse from the item, each with the first ground found."""
    if item.request is None:
        return {}
    members = list(members)
    project = item.request.project
    others = concerned_ids(item.request) - {project.pk}
    parties = parties_of(item.request, with_executive=item.sitting.body.kind not in OWN_BOARDS)
    employers = dict(Person.objects.filter(pk__in={*members, *parties}).values_list("pk", "employer"))
    facts = ItemFacts(
        project=project.pk,
        parties=parties,
        employers=frozenset(employers[pk] for pk in parties if pk in employers) - _home(),
        others=others,
    )
    declared = [
        DeclaredInterest(
            holder=row.person_id,
            ground=Ground(row.kind),
            project=row.project_id,
            employer=row.employer_id,
            person=row.other_id,
            ended_on=row.ended_on,
        )
        for row in interests_of(members)
    ]
    return conflicts(members, facts, declared, employers, on, delegates)


def parties_of(request: DecisionRequest, *, with_executive: bool = True) -> frozenset[int]:
    """Everybody who is or ever was executive, manager, deputy or programme manager, and who wrote the request.

    Of each project concerned, where a request stands for an arbitration. Its former owners count, and those of a
    request of the project that was withdrawn: it may come back in another hand. The database computes the same
    (`cadran_is_party`).
    """
    fields = ["manager", "deputy", *(["sponsor"] if with_executive else [])]
    projects = concerned_ids(request)
    events = _events_of(Project).filter(pgh_obj__in=projects).values_list(*fields, "programme")
    rows = [*events, *Project.objects.filter(pk__in=projects).values_list(*fields, "programme")]
    programmes = {row[-1] for row in rows if row[-1] is not None}
    managers = chain(
        Programme.objects.filter(pk__in=programmes).values_list("manager", flat=True),
        _events_of(Programme).filter(pgh_obj__in=programmes).values_list("manager", flat=True),
    )
    author = request.report.author if request.report else None
    writers = Person.objects.filter(user=author).values_list("pk", flat=True) if author else []
    asked = request.arbitration.requested_by_id if request.arbitration is not None else None
    raised = (request.change.author_id, request.change.recorded_by_id) if request.change is not None else ()
    named = chain(chain.from_iterable(row[:-1] for row in rows), managers, writers, _owners(request), [asked, *raised])
    return frozenset(pk for pk in named if pk is not None) - _executives(request, with_executive)


def _owners(request: DecisionRequest) -> Iterator[int | None]:
    """Who carries the request, who carried it before, and who carried one that was withdrawn."""
    withdrawn = DecisionRequest.objects.filter(project=request.project_id, state=RequestState.WITHDRAWN)
    events = _events_of(DecisionRequest).filter(pgh_obj=request.pk)
    return chain([request.owner_id], events.values_list("owner", flat=True), withdrawn.values_list("owner", flat=True))


def _executives(request: DecisionRequest, with_executive: bool) -> frozenset[int]:
    """On his own board the executive stays a member, unless he also leads the project."""
    project = request.project
    if with_executive or project.sponsor_id is None or project.sponsor_id == project.manager_id:
        return frozenset()
    return frozenset({project.sponsor_id}) - {request.owner_id}


def is_party(user: User, item: AgendaItem) -> bool:
    """Whether the account belongs to a party to the item: such a one takes no secretary's act on it."""
    if item.request is None:
        return False
    person = Person.objects.filter(user=user).values_list("pk", flat=True).first()
    return person is not None and person in parties_of(item.request)


def stands_aside(person: Person | None, item: AgendaItem) -> bool:
    """Whether he neither votes nor signs on the item: recused, or a party to it by the registers of this moment."""
    if person is None or item.request is None:
        return False
    own = item.sitting.body.kind in OWN_BOARDS
    return item.recusals.filter(person=person).exists() or person.pk in parties_of(item.request, with_executive=not own)


def _events_of(model: type[Model]) -> QuerySet[Model]:
    events: type[Model] = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    return events._default_manager.all()


def _home() -> frozenset[int]:
    return frozenset(Employer.objects.filter(is_home=True).values_list("pk", flat=True))
