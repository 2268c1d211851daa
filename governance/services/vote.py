"""Who is there, who stands aside, and the votes on an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from config.clock import BRUSSELS
from governance.engines.voting import (
    Choice,
    IneligibleVoteError,
    Outcome,
    Written,
    WrittenState,
    represented,
    written_procedure,
)
from governance.enums import (
    ItemKind,
    OutcomeKind,
    Polling,
    Presence,
    RecusalGround,
    RequestState,
    SittingState,
    Verdict,
    VoteChoice,
)
from governance.models import AgendaItem, Attendance, Paper, Recusal, Sitting, Vote
from governance.selectors.competence import competence_of
from governance.selectors.conflict import stands_aside
from governance.selectors.voters import day_of, quorum_on, rules_of, seat_of, seats_of, tally_of, voters_on
from governance.services.agenda import freeze_paper, paper_content, paper_hash, recuse_the_conflicted
from governance.services.decision_request import move_request
from governance.services.session import guard_item, move
from governance.services.session_notices import tell_keepers
from people.models import Person, User
from people.services import audit
from portfolio.selectors.closing_day import closed_days

_HELD = (SittingState.IN_PROGRESS,)


@transaction.atomic
def set_attendance(
    *, sitting: Sitting, by: User, present: frozenset[int], proxies: Mapping[int, int], now: datetime
) -> None:
    """Who is in the room, and whom the absent gave their voice to; who is conflicted by that is recused at once."""
    if sitting.state != SittingState.IN_PROGRESS:
        raise ValidationError(_("Les présences se notent en séance."))
    if sitting.items.filter(polling=Polling.OPEN).exists():
        raise ValidationError(_("Un vote est ouvert : les présences ne changent pas pendant un vote."))
    seated = {seat.person_id for seat in seats_of(sitting) if seat.votes}
    if not (present | set(proxies) | set(proxies.values())) <= seated:
        raise ValidationError(_("Seuls les membres avec voix délibérative sont comptés."))
    held: dict[int, int] = {}
    for holder in proxies.values():
        held[holder] = held.get(holder, 0) + 1
    if held and max(held.values()) > rules_of(sitting).proxies_max:
        raise ValidationError(_("Une personne porte trop de procurations pour les règles de l’instance."))
    for person in seated:
        there = person in present
        Attendance.objects.update_or_create(
            sitting=sitting,
            person_id=person,
            defaults={
                "presence": Presence.PRESENT if there else Presence.ABSENT,
                "proxy_to_id": None if there else proxies.get(person),
            },
        )
    for item in sitting.items.select_related("request__project", "request__report", "sitting__body"):
        recuse_the_conflicted(item=item, now=now)
    audit.record(by=by, verb="session.attendance", target=sitting, data={"present": len(present)})


@transaction.atomic
def recuse(*, item: AgendaItem, by: User, person: Person, ground: str, now: datetime) -> Recusal:
    """A member stands aside: he says so himself, or the secretary notes it; the papers are withheld from then on."""
    if item.sitting.state not in (SittingState.DRAFT, SittingState.PUBLISHED, SittingState.IN_PROGRESS):
        raise ValidationError(_("La séance est levée : une récusation se déclare avant ou pendant la séance."))
    if item.polling != Polling.NOT_YET:
        raise ValidationError(_("Le vote sur ce point a commencé : une récusation se déclare avant."))
    if person.pk not in {seat.person_id for seat in seats_of(item.sitting)}:
        raise ValidationError(_("Cette personne ne siège pas ce jour-là."))
    recusal, created = Recusal.objects.get_or_create(
        item=item, person=person, defaults={"ground": RecusalGround(ground), "at": now}
    )
    if created:
        audit.record(by=by, verb="session.recused", target=item.sitting, data={"item": item.title, "person": person.pk})
    return recusal


@transaction.atomic
def open_poll(*, item: AgendaItem, by: User, now: datetime) -> AgendaItem:
    """Open the vote: the body must have the mandate, and the papers are those of this moment."""
    guard_item(item, by, *_HELD)
    if item.kind != ItemKind.DECISION:
        raise ValidationError(_("On ne vote que sur un point pour décision."))
    if item.request is not None:
        answer = competence_of(item.request, day_of(item.sitting))
        if answer.body is None or answer.body.level > item.sitting.body.level:
            name = answer.body.name if answer.body else _("aucune instance")
            raise ValidationError(
                _("Cette instance n’a pas ce mandat (compétente : %(body)s) : faites monter la demande.")
                % {"body": name}
            )
    recuse_the_conflicted(item=item, now=now)
    freeze_paper(item=item, now=now)
    _claim(item, Polling.NOT_YET, Polling.OPEN)
    audit.record(by=by, verb="session.poll_opened", target=item.sitting, data={"item": item.title})
    return item


@transaction.atomic
def cast_vote(
    *, item: AgendaItem, by: User, person: Person, choice: str, paper: int, now: datetime, dissent: str = ""
) -> Vote:
    """One voice, once, on the papers that were read: a member for himself or who he represents, or as called out.

    Refused when the request was changed since the papers were frozen: the change voids what was voted (S2).
    """
    AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    item.refresh_from_db()
    if item.polling != Polling.OPEN:
        raise ValidationError(_("Le vote sur ce point n’est pas ouvert."))
    _refuse_unentitled(item, person)
    current = item.papers.order_by("-number").first()
    if current is None or current.number != paper or current.data_hash != paper_hash(paper_content(item)):
        raise ValidationError(_("La demande a changé depuis les pièces lues : relisez-la avant de voter."))
    vote = Vote(item=item, person=person, choice=VoteChoice(choice), dissent=dissent, paper=current, cast_by=by, at=now)
    vote.full_clean()
    try:
        with transaction.atomic():
            vote.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("Ce vote est refusé.")) from error
    audit.record(by=by, verb="session.voted", target=item.sitting, data={"item": item.title, "person": person.pk})
    if item.sitting.is_written:
        settle_written(sitting=item.sitting, by=by, now=now)
    return vote


@transaction.atomic
def record_consensus(*, item: AgendaItem, by: User, now: datetime) -> int:
    """Nobody objects: the secretary writes down a voice in favour of everybody who may vote and has not; how many."""
    guard_item(item, by, *_HELD)
    paper = item.papers.order_by("-number").first()
    voters = {voter.key: voter for voter in voters_on(item)}
    held = represented(list(voters.values()), rules_of(item.sitting))
    given = set(item.votes.values_list("person", flat=True))
    able = [key for key, voter in voters.items() if not voter.recused and (voter.present or key in held)]
    waiting = Person.objects.filter(pk__in=[key for key in able if key not in given]).order_by("pk")
    for person in waiting:
        number = paper.number if paper else 0
        cast_vote(item=item, by=by, person=person, choice=VoteChoice.FOR, paper=number, now=now)
    return len(waiting)


def may_cast(user: User, item: AgendaItem, person: Person) -> bool:
    """A member casts his own voice and the one he represents; others come through the secretary's list."""
    seat = seat_of(user, item.sitting)
    if seat is None:
        return False
    held = represented(voters_on(item), rules_of(item.sitting))
    return person.pk == seat.person_id or held.get(person.pk) == seat.person_id


def _refuse_unentitled(item: AgendaItem, person: Person) -> None:
    voters = {voter.key: voter for voter in voters_on(item)}
    voter = voters.get(person.pk)
    if voter is None:
        raise ValidationError(_("Cette personne n’a pas voix délibérative."))
    if voter.recused or stands_aside(person, item):
        raise ValidationError(_("Vous êtes partie au dossier : un membre récusé ne vote pas, ni personne à sa place."))
    if not voter.present and person.pk not in represented(list(voters.values()), rules_of(item.sitting)):
        raise ValidationError(_("Un absent ne vote que par procuration valable."))


@transaction.atomic
def renew_papers(*, item: AgendaItem, by: User, now: datetime) -> Paper:
    """Freeze the request as it is now; votes on the former papers are void, and this is written down (S2)."""
    guard_item(item, by, *_HELD)
    void = item.votes.count()
    if item.polling == Polling.CLOSED:
        raise ValidationError(_("Le vote sur ce point est clos."))
    paper = freeze_paper(item=item, now=now)
    item.votes.exclude(paper=paper).delete()
    audit.record(
        by=by,
        verb="session.papers_renewed",
        target=item.sitting,
        data={"item": item.title, "version": paper.number, "votes_void": void},
    )
    return paper


@transaction.atomic
def close_poll(*, item: AgendaItem, by: User) -> AgendaItem:
    """Count: quorum after recusals, then consensus, majority or the chair's voice; the count is kept."""
    guard_item(item, by, *_HELD)
    AgendaItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    try:
        result = tally_of(item)
    except IneligibleVoteError as error:
        raise ValidationError(_("Un vote a été donné par quelqu’un qui ne peut pas voter.")) from error
    answer = quorum_on(item)
    tally = {
        **asdict(result),
        "quorum": {**asdict(answer), "met": answer.met},
    }
    _claim(item, Polling.OPEN, Polling.CLOSED, verdict=Verdict(result.outcome), tally=tally)
    audit.record(
        by=by,
        verb="session.poll_closed",
        target=item.sitting,
        data={"item": item.title, "outcome": str(Outcome(result.outcome)), "how": str(result.how)},
    )
    return item


@transaction.atomic
def settle_written(*, sitting: Sitting, by: User | None, now: datetime) -> bool:
    """Count a written procedure once everybody has answered, somebody objects or its last day is over.

    Adopted, the proposal stands in the minutes to approve. Else it becomes a deferral: the request waits for a session.
    """
    item = sitting.items.select_for_update(of=("self",)).select_related("sitting__body", "request").get()
    if item.polling != Polling.OPEN:
        return False
    day = sitting.starts_at.astimezone(BRUSSELS).date()
    result = written_procedure(
        day,
        voters_on(item),
        {person: Choice(choice) for person, choice in item.votes.values_list("person", "choice")},
        rules_of(sitting),
        now.astimezone(BRUSSELS).date(),
        closed_days(day, day + timedelta(days=60)),
    )
    if result.state is WrittenState.OPEN:
        return False
    adopted = result.state is WrittenState.ADOPTED
    verdict = Verdict.ADOPTED if adopted else Verdict.TO_SESSION
    tally = _written_tally(item, result, verdict)
    _claim(item, Polling.OPEN, Polling.CLOSED, verdict=verdict, tally=tally)
    if not adopted:
        item.outcomes.filter(kind=OutcomeKind.DECISION).update(kind=OutcomeKind.DEFERRAL)
        if item.request is not None and item.request.state == RequestState.ON_AGENDA:
            move_request(request=item.request, act="defer", by=by)
    move(sitting, "adjourn", by=by, adjourned_at=now)
    audit.record(
        by=by, verb="session.written_settled", target=sitting, data={"item": item.title, "outcome": str(verdict)}
    )
    tell_keepers(sitting=sitting)
    return True


def _written_tally(item: AgendaItem, result: Written, verdict: Verdict) -> dict[str, object]:
    """The count as the minutes and the register keep it."""
    choices = list(item.votes.values_list("choice", flat=True))
    return {
        "in_favour": choices.count(VoteChoice.FOR),
        "against": choices.count(VoteChoice.AGAINST),
        "abstained": choices.count(VoteChoice.ABSTAIN),
        "how": str(result.state),
        "outcome": str(verdict),
        "missing": len(result.missing),
    }


def _claim(item: AgendaItem, before: Polling, after: Polling, **values: object) -> None:
    moved = AgendaItem.objects.filter(pk=item.pk, polling=before, sitting__state=SittingState.IN_PROGRESS).update(
        polling=after, **values
    )
    if moved != 1:
        raise ValidationError(_("Le vote sur ce point a changé d’état entre-temps : relisez la page."))
    item.refresh_from_db()
