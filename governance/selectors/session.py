"""Sessions as their readers see them: the list, the cockpit, and what a recused member does not get to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import Http404

from governance.engines.agenda import AgendaEntry, ItemKind, Timetable, timetable
from governance.engines.voting import Quorum, represented
from governance.enums import FollowUpState, OutcomeKind, Presence, SittingState, Verdict
from governance.models import AgendaItem, Attendance, Effect, FollowUp, Outcome, Paper, Recusal, Seat, Sitting, Vote
from governance.selectors.competence import Answer, competence_of
from governance.selectors.conflict import is_party
from governance.selectors.sitting import visible_sittings
from governance.selectors.splitting import SplittingAlarm, splitting_alarm
from governance.selectors.voters import day_of, quorum_on, rules_of, seat_of, seats_of, voters_on
from people.models import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.models.standing import StandingFields
from portfolio.selectors.project import visible_projects
from portfolio.selectors.status_reading import status_reader


@dataclass(frozen=True, slots=True)
class SeatPresence:
    """One seat at a session; `row` is None until presences are noted."""

    seat: Seat
    row: Attendance | None

    @property
    def is_present(self) -> bool:
        return self.row is not None and self.row.presence == Presence.PRESENT


@dataclass(frozen=True, slots=True)
class RailItem:
    """One line of the agenda; a recused reader learns no more than that it exists."""

    item: AgendaItem
    starts_at: datetime
    withheld: bool
    current: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """A voice that may be given on the item, and what was given."""

    seat: Seat
    vote: Vote | None
    through: Seat | None
    entitled: bool
    own: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """The item in front of the meeting."""

    item: AgendaItem
    paper: Paper | None
    quorum: Quorum
    ballots: tuple[Ballot, ...]
    recusals: tuple[Recusal, ...]
    outcomes: tuple[Outcome, ...]
    competence: Answer | None
    splitting: SplittingAlarm | None
    is_party: bool
    previous: int | None
    following: int | None

    @property
    def decisions(self) -> tuple[Outcome, ...]:
        return tuple(row for row in self.outcomes if row.kind == OutcomeKind.DECISION)

    @property
    def waiting(self) -> int:
        """Voices still to be given."""
        return sum(1 for ballot in self.ballots if ballot.entitled and ballot.vote is None)


@dataclass(frozen=True, slots=True)
class Cockpit:
    """A session as one reader sees it; `unmet` is what the body asked before and nobody did."""

    sitting: Sitting
    seats: tuple[SeatPresence, ...]
    rail: tuple[RailItem, ...]
    timetable: Timetable
    view: ItemView | None
    withheld: bool
    unmet: tuple[FollowUp, ...]
    own_seat: Seat | None
    records: bool
    presides: bool

    @property
    def may_recuse(self) -> bool:
        """Whether a member may still stand aside: before or during the session."""
        return self.sitting.state in (SittingState.DRAFT, SittingState.PUBLISHED, SittingState.IN_PROGRESS)

    @property
    def has_proxies(self) -> bool:
        return any(line.row is not None and line.row.proxy_to_id for line in self.seats)

    @property
    def adopted(self) -> int:
        return sum(1 for line in self.rail if line.item.verdict == Verdict.ADOPTED)

    @property
    def rejected(self) -> int:
        return sum(1 for line in self.rail if line.item.verdict == Verdict.REJECTED)

    @property
    def may_move(self) -> bool:
        """Whether the day and place may still change."""
        return not self.sitting.is_written and self.sitting.state in (SittingState.DRAFT, SittingState.PUBLISHED)


def get_item(user: User, pk: int) -> AgendaItem:
    """An item of a session the user may open and that is not withheld from him, or 404."""
    item = _items().filter(pk=pk, sitting__in=visible_sittings(user).values("pk")).first()
    if item is None or is_withheld(user, item):
        raise Http404
    return item


def get_outcome(user: User, pk: int) -> Outcome:
    """An outcome of such an item, or 404."""
    outcome = Outcome.objects.filter(pk=pk).first()
    if outcome is None:
        raise Http404
    outcome.item = get_item(user, outcome.item_id)
    return outcome


def get_effect(user: User, pk: int) -> Effect:
    """An effect of such an outcome, or 404."""
    effect = Effect.objects.filter(pk=pk).first()
    if effect is None:
        raise Http404
    effect.outcome = get_outcome(user, effect.outcome_id)
    return effect


def is_withheld(user: User, item: AgendaItem) -> bool:
    return item.recusals.filter(person__user=user).exists()


def unmet_follow_ups(body_id: int, on: date) -> tuple[FollowUp, ...]:
    """Conditions and actions of the body that are due and not met, oldest first."""
    rows = FollowUp.objects.filter(
        decision__body=body_id, state__in=(FollowUpState.OPEN, FollowUpState.SUBMITTED), due__lte=on
    )
    return tuple(rows.select_related("decision", "owner"))


def rail_of(user: User, sitting: Sitting) -> tuple[RailItem, ...]:
    """The agenda as this reader may see it; a constant number of statements."""
    items = list(_items().filter(sitting=sitting))
    recused = Recusal.objects.filter(item__sitting=sitting, person__user=user).values_list("item", flat=True)
    return _rail(items, set(recused), _times(sitting, items), None)


def _times(sitting: Sitting, items: list[AgendaItem]) -> Timetable:
    entries = [AgendaEntry(item.pk, ItemKind(item.kind), item.minutes) for item in items]
    return timetable(sitting.starts_at, sitting.minutes, entries)


def _rail(
    items: list[AgendaItem], hidden: set[int], times: Timetable, chosen: AgendaItem | None
) -> tuple[RailItem, ...]:
    return tuple(
        RailItem(item, timed.starts_at, item.pk in hidden, chosen is not None and item.pk == chosen.pk)
        for item, timed in zip(items, times.entries, strict=True)
    )


def cockpit(user: User, sitting: Sitting, item_id: int | None) -> Cockpit:
    """Everything the meeting page shows to this reader."""
    items = list(_items().filter(sitting=sitting))
    hidden = {item.pk for item in items if is_withheld(user, item)}
    chosen = next((item for item in items if item.pk == item_id), items[0] if items else None)
    times = _times(sitting, items)
    there = {row.person_id: row for row in sitting.attendances.select_related("proxy_to")}
    withheld = chosen is not None and chosen.pk in hidden
    day = day_of(sitting)
    seat = seat_of(user, sitting)
    return Cockpit(
        sitting=sitting,
        seats=tuple(SeatPresence(row, there.get(row.person_id)) for row in seats_of(sitting)),
        rail=_rail(items, hidden, times, chosen),
        timetable=times,
        view=None if chosen is None or withheld else _view(user, chosen, items, day),
        withheld=withheld,
        unmet=unmet_follow_ups(sitting.body_id, day),
        own_seat=seat,
        records=has_permission(user, Permission.DECISION_RECORD),
        presides=seat is not None and seat.role in ("chair", "deputy"),
    )


def _view(user: User, item: AgendaItem, items: list[AgendaItem], day: date) -> ItemView:
    at = [row.pk for row in items].index(item.pk)
    request = item.request
    return ItemView(
        item=item,
        paper=item.papers.order_by("-number").first(),
        quorum=quorum_on(item),
        ballots=tuple(_ballots(user, item)),
        recusals=tuple(item.recusals.select_related("person")),
        outcomes=tuple(item.outcomes.select_related("owner", "parent", "supersedes").prefetch_related("effects")),
        competence=competence_of(request, day) if request is not None and not item.verdict else None,
        splitting=splitting_alarm(user, request) if request is not None and not item.verdict else None,
        is_party=is_party(user, item),
        previous=items[at - 1].pk if at else None,
        following=items[at + 1].pk if at + 1 < len(items) else None,
    )


def followed_by(item: AgendaItem) -> FollowUp | None:
    """The condition or action a follow-up item was made from; its title names the decision and the text."""
    if item.kind != ItemKind.FOLLOW_UP:
        return None
    number, _dash, text = item.title.partition(" – ")
    rows = FollowUp.objects.filter(decision__number=number, decision__body=item.sitting.body_id, text__startswith=text)
    return rows.select_related("decision__project", "owner").first()


def standing_for(user: User, item: AgendaItem) -> StandingFields | None:
    """Where the project of the item stands, of the week this reader is shown; None if he may not know of it."""
    if item.request is None:
        return None
    reader = status_reader(user)
    project = visible_projects(user).select_related(reader.standing).filter(pk=item.request.project_id).first()
    return reader.standing_of(project) if project is not None else None


def _ballots(user: User, item: AgendaItem) -> list[Ballot]:
    voters = {voter.key: voter for voter in voters_on(item)}
    held = represented(list(voters.values()), rules_of(item.sitting))
    given = {vote.person_id: vote for vote in item.votes.select_related("person")}
    seats = {seat.person_id: seat for seat in seats_of(item.sitting)}
    mine = next((key for key, seat in seats.items() if seat.person.user_id == user.pk), None)
    return [
        Ballot(
            seat=seats[key],
            vote=given.get(key),
            through=seats.get(held[key]) if key in held else None,
            entitled=not voter.recused and (voter.present or key in held),
            own=mine is not None and mine in (key, held.get(key)),
        )
        for key, voter in voters.items()
    ]


def _items() -> QuerySet[AgendaItem]:
    return AgendaItem.objects.select_related(
        "sitting__body", "request__project", "request__report", "request__body"
    ).order_by("position")
