"""The voting members of a session, item by item, as the voting engine wants them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from config.clock import BRUSSELS
from governance.engines.voting import Choice, Quorum, Rank, Tally, Tie, Voter, VotingRules, quorum, tally
from governance.enums import Presence, SeatRole
from governance.models import AgendaItem, BodyRules, Seat, Sitting
from governance.selectors.body import rules_on
from people.models import Person, User

_RANKS = {SeatRole.CHAIR: Rank.CHAIR, SeatRole.DEPUTY: Rank.DEPUTY}


def day_of(sitting: Sitting) -> date:
    return sitting.starts_at.astimezone(BRUSSELS).date()


def seats_of(sitting: Sitting) -> list[Seat]:
    """The seats held on the day of the session, chair first."""
    day = day_of(sitting)
    rows = Seat.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), body=sitting.body_id, valid_from__lte=day
    ).select_related("person__user", "person__employer")
    order = {role: position for position, role in enumerate(SeatRole.values)}
    return sorted(rows, key=lambda seat: (order[seat.role], seat.person.last_name, seat.pk))


def members_of(sitting: Sitting) -> QuerySet[Person]:
    """Who sits on the day of the session, as a list to choose from."""
    return Person.objects.filter(pk__in=[seat.person_id for seat in seats_of(sitting)])


def seat_of(user: User, sitting: Sitting) -> Seat | None:
    """The seat of the account on the day of the session."""
    return next((seat for seat in seats_of(sitting) if seat.person.user_id == user.pk), None)


def presides(user: User, sitting: Sitting) -> bool:
    """Whether the account is the chair or the deputy on that day."""
    seat = seat_of(user, sitting)
    return seat is not None and seat.role in _RANKS


def voting_rules(row: BodyRules) -> VotingRules:
    return VotingRules(
        quorum_share=row.quorum_share,
        chair_required=row.chair_required,
        voters_min=row.voters_min,
        proxies_max=row.proxies_max,
        tie=Tie(row.tie),
        written_days=row.written_days,
    )


def rules_of(sitting: Sitting) -> VotingRules:
    return voting_rules(rules_on(sitting.body, day_of(sitting)))


def voters_on(item: AgendaItem) -> list[Voter]:
    """The voting seats as they stand for the item: who is there, represented, recused."""
    recused = set(item.recusals.values_list("person", flat=True))
    there = {row.person_id: row for row in item.sitting.attendances.all()}
    voters = []
    for seat in seats_of(item.sitting):
        if not seat.votes:
            continue
        row = there.get(seat.person_id)
        voters.append(
            Voter(
                key=seat.person_id,
                rank=_RANKS.get(SeatRole(seat.role), Rank.MEMBER),
                present=row is not None and row.presence == Presence.PRESENT,
                recused=seat.person_id in recused,
                proxy_to=row.proxy_to_id if row else None,
            )
        )
    return voters


def quorum_on(item: AgendaItem) -> Quorum:
    return quorum(voters_on(item), rules_of(item.sitting))


def tally_of(item: AgendaItem) -> Tally:
    votes = {person: Choice(choice) for person, choice in item.votes.values_list("person", "choice")}
    return tally(voters_on(item), votes, rules_of(item.sitting))
