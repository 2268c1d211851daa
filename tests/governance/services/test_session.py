"""A session from its agenda to the register, and every way around it that must be refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import Http404

from config import clock
from governance.enums import BodyKind, OutcomeKind, SeatRole, SittingState
from governance.models import AgendaItem, Body, Decision, DecisionRequest, FollowUp, Sitting, Vote
from governance.selectors.session import cockpit, get_item
from governance.selectors.voters import quorum_on
from governance.services.agenda import add_item, fill_agenda, move_item
from governance.services.closing import add_outcome, close_session, content_hash, write_notes
from governance.services.decision_request import escalate_request, update_request
from governance.services.follow_up import accept_evidence, submit_evidence, waive
from governance.services.session import adjourn, approve, cancel, open_session, publish
from governance.services.vote import cast_vote, close_poll, open_poll, recuse, renew_papers, set_attendance
from people.enums import Role
from people.models import AuditEntry, Person, User
from tests.factories.governance import (
    BodyFactory,
    DecisionFactory,
    DecisionRequestFactory,
    FollowUpFactory,
    MandateFactory,
    SeatFactory,
    SittingFactory,
)
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProjectFactory

pytestmark = pytest.mark.django_db


class Meeting:
    """A committee of five with a request on the agenda of its next session."""

    def __init__(self, kind: str = BodyKind.EXECUTIVE) -> None:
        self.now = clock.now()
        self.secretary = user_with(Role.SECRETARY)
        self.body: Body = BodyFactory(code="CODIR", kind=kind, level=7)
        MandateFactory(body=self.body)
        self.users = [user_with(Role.CODIR) for _ in range(5)]
        for index, user in enumerate(self.users):
            role = SeatRole.CHAIR if index == 0 else SeatRole.DEPUTY if index == 1 else SeatRole.MEMBER
            SeatFactory(body=self.body, person=user.person, role=role)
        self.project = ProjectFactory(sponsor=None)
        self.request: DecisionRequest = DecisionRequestFactory(
            body=self.body, project=self.project, number="2026-CODIR-D001", owner=None
        )
        self.sitting: Sitting = SittingFactory(body=self.body)
        self.item: AgendaItem = add_item(sitting=self.sitting, by=self.secretary, kind="decision", request=self.request)

    @property
    def members(self) -> list[Person]:
        return [user.person for user in self.users]

    def convene(self) -> "Meeting":
        publish(sitting=self.sitting, by=self.secretary, now=self.now)
        return self

    def begin(self, present: int = 5, proxies: dict[int, int] | None = None) -> "Meeting":
        self.convene()
        open_session(sitting=self.sitting, by=self.secretary, now=self.now)
        self.attend(present, proxies)
        return self

    def attend(self, present: int, proxies: dict[int, int] | None = None) -> None:
        there = frozenset(person.pk for person in self.members[:present])
        set_attendance(sitting=self.sitting, by=self.secretary, present=there, proxies=proxies or {}, now=self.now)

    def poll(self) -> "Meeting":
        open_poll(item=self.fresh(), by=self.secretary, now=self.now)
        return self

    def fresh(self) -> AgendaItem:
        return AgendaItem.objects.select_related("sitting__body", "request__project", "request__report").get(
            pk=self.item.pk
        )

    def vote(self, person: Person, choice: str = "for", paper: int = 1) -> Vote:
        return cast_vote(item=self.fresh(), by=self.secretary, person=person, choice=choice, paper=paper, now=self.now)

    def count(self) -> AgendaItem:
        return close_poll(item=self.fresh(), by=self.secretary)

    def decide(self, **values: Any) -> None:
        add_outcome(
            item=self.fresh(), by=self.secretary, values={"kind": OutcomeKind.DECISION, "text": "Approuvé.", **values}
        )

    def finish(self) -> list[Decision]:
        adjourn(sitting=self.sitting, by=self.secretary, now=self.now)
        approve(sitting=self.sitting, by=self.users[0], now=self.now)
        return close_session(sitting=self.sitting, by=self.secretary, now=self.now)


def test_a_request_travels_from_the_agenda_to_the_register_with_its_conditions() -> None:
    meeting = Meeting().begin().poll()
    for person in meeting.members:
        meeting.vote(person)
    assert meeting.count().verdict == "adopted"
    meeting.decide(rationale="Parce que.")
    parent = meeting.fresh().outcomes.get()
    owner = PersonFactory()
    add_outcome(
        item=meeting.fresh(),
        by=meeting.secretary,
        values={
            "kind": OutcomeKind.PRECEDENT,
            "text": "Avis joint",
            "parent": parent,
            "owner": owner,
            "due": clock.today(),
        },
    )
    (decision,) = meeting.finish()

    meeting.request.refresh_from_db()
    assert (decision.number, decision.state) == (f"{decision.year}-CODIR-001", "in_force")
    assert (meeting.request.state, meeting.sitting.state) == ("settled", SittingState.CLOSED)
    assert decision.content_hash == content_hash(Decision.objects.get(pk=decision.pk))
    entry = AuditEntry.objects.get(number=decision.audit_number)
    assert entry.data["content_hash"] == decision.content_hash
    assert [row.text for row in FollowUp.objects.all()] == ["Avis joint"]
    nxt = SittingFactory(body=meeting.body, starts_at=clock.now() + timedelta(days=40))
    assert fill_agenda(sitting=nxt, by=meeting.secretary) == 1
    assert nxt.items.get().title.endswith("Avis joint")


def test_the_register_is_never_edited_nor_deleted_by_any_route() -> None:
    decision = DecisionFactory()
    for act in (
        lambda: Decision.objects.filter(pk=decision.pk).update(text="Autre"),
        lambda: Decision.objects.filter(pk=decision.pk).update(record={}),
        lambda: Decision.objects.filter(pk=decision.pk).delete(),
        lambda: connection.cursor().execute("UPDATE governance_decision SET number = 'X'"),
    ):
        with pytest.raises(DatabaseError, match="a decision is never"), transaction.atomic():
            act()
    Decision.objects.filter(pk=decision.pk).update(state="superseded")
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(state="in_force")


def test_a_party_now_or_before_is_recused_and_gets_no_papers() -> None:
    meeting = Meeting()
    former = meeting.members[2]
    meeting.project.manager, current = former, meeting.project.manager
    meeting.project.save()
    meeting.project.manager = current
    meeting.project.save()
    meeting.begin().poll()

    assert set(meeting.item.recusals.values_list("person", flat=True)) == {former.pk}
    assert quorum_on(meeting.fresh()).base == 4
    page = cockpit(meeting.users[2], meeting.sitting, meeting.item.pk)
    assert (page.withheld, page.view) == (True, None)
    with pytest.raises(Http404):
        get_item(meeting.users[2], meeting.item.pk)
    with pytest.raises(ValidationError, match="partie au dossier"):
        meeting.vote(former)
    with pytest.raises(IntegrityError, match="party to the dossier"), transaction.atomic():
        Vote.objects.create(
            item=meeting.item,
            person=former,
            choice="for",
            paper=meeting.item.papers.get(),
            cast_by=meeting.secretary,
            at=meeting.now,
        )


def test_who_holds_the_proxy_of_a_conflicted_member_is_conflicted_too() -> None:
    meeting = Meeting()
    meeting.project.manager = meeting.members[4]
    meeting.project.save()
    meeting.begin(present=4, proxies={meeting.members[4].pk: meeting.members[3].pk})
    assert set(meeting.item.recusals.values_list("person", flat=True)) == {
        meeting.members[4].pk,
        meeting.members[3].pk,
    }


def test_without_quorum_the_vote_is_an_advice_and_the_request_waits() -> None:
    meeting = Meeting().begin(present=2).poll()
    for person in meeting.members[:2]:
        meeting.vote(person)
    assert meeting.count().verdict == "advice"
    meeting.decide()
    assert meeting.finish() == []
    meeting.request.refresh_from_db()
    assert meeting.request.state == "deferred"


def test_a_tie_without_the_chair_goes_one_body_up() -> None:
    meeting = Meeting(kind=BodyKind.ARBITRATION)
    upper = BodyFactory(level=9)
    MandateFactory(body=upper)
    meeting.begin(present=4).poll()
    for person, choice in zip(meeting.members, ("abstain", "against", "for", "abstain"), strict=False):
        meeting.vote(person, choice)
    assert meeting.count().verdict == "escalated"
    assert meeting.finish() == []
    assert meeting.request.raised_to.body == upper


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda meeting: None, "n’est pas ouvert"),
        (lambda meeting: meeting.poll().vote(PersonFactory()), "voix délibérative"),
        (lambda meeting: (meeting.attend(4), meeting.poll(), meeting.vote(meeting.members[4])), "procuration valable"),
        (lambda meeting: meeting.poll().vote(meeting.members[0], paper=9), "a changé"),
        (lambda meeting: (meeting.poll(), meeting.vote(meeting.members[0])), "déjà voté"),
    ],
)
def test_a_vote_that_may_not_be_counted_is_refused(prepare: Callable[[Meeting], object], words: str) -> None:
    meeting = Meeting().begin()

    def all_of_it() -> None:
        prepare(meeting)
        meeting.vote(meeting.members[0])

    with pytest.raises(ValidationError, match=words):
        all_of_it()


def test_a_request_changed_after_the_papers_voids_the_votes_given() -> None:
    meeting = Meeting().begin().poll()
    meeting.vote(meeting.members[0])
    changed = DecisionRequest.objects.get(pk=meeting.request.pk)
    update_request(request=changed, by=meeting.secretary, changes={"amount": 9_000_000}, version=changed.version)
    with pytest.raises(ValidationError, match="a changé depuis les pièces lues"):
        meeting.vote(meeting.members[1])
    paper = renew_papers(item=meeting.fresh(), by=meeting.secretary, now=meeting.now)
    assert (paper.number, meeting.fresh().votes.count()) == (2, 0)
    assert meeting.vote(meeting.members[0], paper=2).paper == paper


def test_a_body_without_the_mandate_does_not_vote_but_sends_up() -> None:
    meeting = Meeting()
    Body.objects.filter(pk=meeting.body.pk).update(level=3)
    meeting.body.mandates.update(amount_max=10)
    DecisionRequest.objects.filter(pk=meeting.request.pk).update(amount=11)
    upper = BodyFactory(level=8, name_fr="Comité haut")
    MandateFactory(body=upper)
    meeting.sitting.refresh_from_db()
    meeting.begin()
    with pytest.raises(ValidationError, match="compétente : Comité haut"):
        meeting.poll()
    raised = escalate_request(
        request=meeting.fresh().request, by=meeting.secretary, reason="Hors mandat", on=clock.today()
    )
    assert (raised.body, raised.raised_from_id) == (upper, meeting.request.pk)


def test_a_secretary_who_is_party_to_the_project_holds_no_item_of_it() -> None:
    meeting = Meeting().begin()
    meeting.project.deputy = meeting.secretary.person
    meeting.project.save()
    with pytest.raises(ValidationError, match="autre secrétaire"):
        meeting.poll()
    with pytest.raises(ValidationError, match="autre secrétaire"):
        write_notes(item=meeting.fresh(), by=meeting.secretary, text="x", version=1)


def test_each_step_happens_in_its_order_only() -> None:
    meeting = Meeting()
    with pytest.raises(ValidationError, match="ne permet pas"):
        open_session(sitting=meeting.sitting, by=meeting.secretary, now=meeting.now)
    with pytest.raises(ValidationError, match="présidence"):
        approve(sitting=meeting.sitting, by=meeting.users[3], now=meeting.now)
    meeting.convene()
    with pytest.raises(ValidationError, match="avant la convocation"):
        move_item(item=meeting.fresh(), by=meeting.secretary, step=1)
    stale = Sitting.objects.get(pk=meeting.sitting.pk)
    open_session(sitting=meeting.sitting, by=meeting.secretary, now=meeting.now)
    with pytest.raises(ValidationError, match="entre-temps"):
        open_session(sitting=stale, by=meeting.secretary, now=meeting.now)
    meeting.poll()
    with pytest.raises(ValidationError, match="encore ouvert"):
        adjourn(sitting=meeting.sitting, by=meeting.secretary, now=meeting.now)
    with pytest.raises(ValidationError, match="suit un vote"):
        meeting.decide()
    with pytest.raises(IntegrityError, match="does not go from in_progress to closed"), transaction.atomic():
        Sitting.objects.filter(pk=meeting.sitting.pk).update(state="closed", approved_by=meeting.users[0])


def test_a_closing_that_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting().begin().poll()
    for person in meeting.members:
        meeting.vote(person)
    meeting.count()
    meeting.decide()

    def broken(**_values: object) -> int:
        raise RuntimeError("killed")

    monkeypatch.setattr("governance.services.closing.tell_members", broken)
    with pytest.raises(RuntimeError):
        meeting.finish()
    meeting.request.refresh_from_db()
    assert (Decision.objects.count(), meeting.request.state) == (0, "on_agenda")
    assert Sitting.objects.get(pk=meeting.sitting.pk).state == "approved"
    monkeypatch.undo()
    fresh = Sitting.objects.select_related("body").get(pk=meeting.sitting.pk)
    assert len(close_session(sitting=fresh, by=meeting.secretary, now=meeting.now)) == 1


def test_a_new_decision_supersedes_an_old_one_of_the_same_body_only() -> None:
    meeting = Meeting().begin().poll()
    for person in meeting.members:
        meeting.vote(person)
    meeting.count()
    with pytest.raises(ValidationError, match="ses propres décisions"):
        meeting.decide(supersedes=DecisionFactory())
    old = DecisionFactory(item__sitting__body=meeting.body, serial=7, year=clock.today().year)
    meeting.decide(supersedes=old)
    (new,) = meeting.finish()
    old.refresh_from_db()
    assert (old.state, old.superseded_by, new.serial) == ("superseded", new, 8)


def test_two_secretaries_do_not_overwrite_each_other() -> None:
    meeting = Meeting().begin()
    write_notes(item=meeting.fresh(), by=meeting.secretary, text="A", version=1)
    with pytest.raises(ValidationError, match="autre secrétaire"):
        write_notes(item=meeting.fresh(), by=user_with(Role.PSO), text="B", version=1)
    assert meeting.fresh().notes == "A"


def test_a_cancelled_session_lets_its_requests_wait_again() -> None:
    meeting = Meeting().convene()
    cancel(sitting=meeting.sitting, by=meeting.secretary, reason="Grève")
    meeting.request.refresh_from_db()
    assert (meeting.request.state, meeting.sitting.revision) == ("open", 2)


def test_a_recusal_comes_before_the_vote_and_changes_the_quorum() -> None:
    meeting = Meeting().begin(present=3)
    recuse(item=meeting.fresh(), by=meeting.users[2], person=meeting.members[2], ground="family", now=meeting.now)
    assert (quorum_on(meeting.fresh()).base, quorum_on(meeting.fresh()).counted) == (4, 2)
    meeting.poll()
    with pytest.raises(ValidationError, match="a commencé"):
        recuse(item=meeting.fresh(), by=meeting.users[1], person=meeting.members[1], ground="other", now=meeting.now)


def test_evidence_is_given_by_the_owner_and_judged_by_another() -> None:
    owner: User = user_with(Role.PM)
    row = FollowUpFactory(owner=owner.person)
    secretary = user_with(Role.SECRETARY)
    with pytest.raises(ValidationError, match="lui-même"):
        submit_evidence(follow_up=row, by=secretary, evidence="x", on=clock.today())
    submit_evidence(follow_up=row, by=owner, evidence="Rapport 12", on=clock.today())
    with pytest.raises(ValidationError, match="Une autre personne"):
        accept_evidence(follow_up=row, by=owner, on=clock.today())
    accept_evidence(follow_up=row, by=secretary, on=clock.today())
    row.decision.refresh_from_db()
    assert (row.state, row.decision.state) == ("met", "executed")
    with pytest.raises(ValidationError, match="ne se fait plus"):
        waive(follow_up=row, by=secretary, reason="x", on=clock.today())
    with pytest.raises(IntegrityError, match="follow_up_met_with_evidence"), transaction.atomic():
        FollowUp.objects.filter(pk=FollowUpFactory().pk).update(state="met", closed_on=clock.today())


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_voting_at_once_count_each_voice_once() -> None:
    meeting = Meeting().begin().poll()
    members = meeting.members

    def one(index: int) -> bool:
        try:
            meeting.vote(members[index % 5])
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        counted = list(pool.map(one, range(20)))
    assert counted.count(True) == 5
    assert meeting.count().tally["in_favour"] == 5
