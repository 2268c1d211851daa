"""The twelve roads around a decision (trust P2), each closed: docs/decisions.md prints this table.

First the vote of a party to the dossier (S1), then every change that a decision alone makes. A road is tried, its
refusal is read, and nothing has changed.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from config import clock
from governance.models import Decision, DecisionRequest, Vote
from governance.services.agenda import add_item
from governance.services.decision_request import move_request
from governance.services.effect import add_effect
from governance.services.vote import renew_papers
from people.enums import Role, TokenScope
from people.models import Person, User
from people.services.api_token import create_token
from portfolio.models import BudgetLine, Milestone, Project, Tolerance
from portfolio.services import decided
from portfolio.services.project import move_project, update_project
from tests.factories.governance import DecisionRequestFactory, SittingFactory
from tests.factories.guards import settled
from tests.factories.people import AbsenceFactory, PersonFactory, user_with
from tests.factories.portfolio import BudgetLineFactory, MilestoneFactory, ProjectFactory, ToleranceFactory
from tests.governance.services.test_session import Meeting

pytestmark = pytest.mark.django_db

ROADS = (
    *("view", "api", "bulk", "delegate", "re_role", "resubmit"),
    *("admin", "replay", "race", "token", "shell", "sql"),
)
PARTY = "partie au dossier"
ONLY = "by a decision only"


@pytest.fixture(autouse=True)
def without_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": None, "user": None})


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def with_token(user: User) -> APIClient:
    client = APIClient()
    key = create_token(owner=user, name="essai", scopes=list(TokenScope), days=30).key
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client


def refused(act: Callable[[], object]) -> str:
    """The words of the refusal; the test fails where there is none."""
    with pytest.raises((ValidationError, IntegrityError)) as caught, transaction.atomic():
        act()
    error = caught.value
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


# The vote of a party to the dossier


class Dossier(Meeting):
    """A committee whose third member is the executive of the project on the agenda."""

    def __init__(self) -> None:
        super().__init__()
        self.party = self.members[2]
        self.project.sponsor = self.party
        self.project.save()

    def post(self, client: Client, person: Person) -> Any:
        address = reverse("governance:vote", args=[self.item.pk])
        return client.post(address, {"person": person.pk, "choice": "for", "paper": 1})


def vote_view(dossier: Dossier) -> str:
    dossier.begin().poll()
    return str(dossier.post(logged_in(dossier.users[2]), dossier.party).status_code)


def vote_api(dossier: Dossier) -> str:
    dossier.begin().poll()
    client = APIClient()
    client.force_login(dossier.users[2])
    return str(client.post(f"/api/v1/agenda/{dossier.item.pk}/vote/", {"choice": "for"}).status_code)


def vote_bulk(dossier: Dossier) -> str:
    """The secretary calls out every voice, one after the other."""
    dossier.begin().poll()
    client = logged_in(dossier.secretary)
    answers = [dossier.post(client, person) for person in dossier.members]
    assert Vote.objects.count() == 4
    return str(answers[2].content.decode())


def vote_delegate(dossier: Dossier) -> str:
    dossier.party = dossier.members[4]
    dossier.project.sponsor = dossier.party
    dossier.project.save()
    holder = dossier.members[3]
    dossier.begin(present=4, proxies={dossier.party.pk: holder.pk}).poll()
    return refused(lambda: dossier.vote(holder))


def vote_re_role(dossier: Dossier) -> str:
    dossier.project.sponsor = PersonFactory()
    dossier.project.save()
    dossier.begin().poll()
    return refused(lambda: dossier.vote(dossier.party))


def vote_resubmit(dossier: Dossier) -> str:
    """Who carried the request withdraws it; it comes back in another hand."""
    carrier = dossier.members[1]
    DecisionRequest.objects.filter(pk=dossier.request.pk).update(owner=carrier)
    dossier.request.refresh_from_db()
    move_request(request=dossier.request, act="withdraw", by=dossier.secretary)
    again = DecisionRequestFactory(body=dossier.body, project=dossier.project, number="2026-CODIR-D002", owner=None)
    dossier.sitting = SittingFactory(body=dossier.body)
    dossier.item = add_item(sitting=dossier.sitting, by=dossier.secretary, kind="decision", request=again)
    dossier.begin().poll()
    return refused(lambda: dossier.vote(carrier))


def vote_admin(dossier: Dossier) -> str:
    dossier.begin().poll()
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
    return str(dossier.post(logged_in(user_with(Role.ADMINISTRATOR)), dossier.party).status_code)


def vote_replay(dossier: Dossier) -> str:
    """A vote given before one became a party is sent again after the papers were renewed."""
    member = dossier.members[3]
    dossier.begin().poll().vote(member)
    dossier.project.deputy = member
    dossier.project.save()
    DecisionRequest.objects.filter(pk=dossier.request.pk).update(amount=12)
    renew_papers(item=dossier.fresh(), by=dossier.secretary, now=dossier.now)
    return refused(lambda: dossier.vote(member, paper=2))


def vote_race(dossier: Dossier) -> str:
    """He becomes a party between the opening of the vote, which computes the recusals, and his voice."""
    dossier.begin().poll()
    dossier.project.deputy = dossier.members[3]
    dossier.project.save()
    return refused(lambda: dossier.vote(dossier.members[3]))


def vote_token(dossier: Dossier) -> str:
    dossier.begin().poll()
    return str(dossier.post(with_token(dossier.users[0]), dossier.members[0]).status_code)


def vote_shell(dossier: Dossier) -> str:
    dossier.begin().poll()
    return refused(lambda: dossier.vote(dossier.party))


def vote_sql(dossier: Dossier) -> str:
    dossier.begin().poll()
    paper = dossier.item.papers.get()

    def insert() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL pgtrigger.ignore = '{vote_is_allowed}'")
            cursor.execute(
                "INSERT INTO governance_vote (item_id, person_id, choice, dissent, paper_id, cast_by_id, at)"
                " VALUES (%s, %s, 'for', '', %s, %s, now())",
                [dossier.item.pk, dossier.party.pk, paper.pk, dossier.secretary.pk],
            )

    return refused(insert)


VOTES: dict[str, tuple[Callable[[Dossier], str], str]] = {
    "view": (vote_view, "404"),
    "api": (vote_api, "404"),
    "bulk": (vote_bulk, PARTY),
    "delegate": (vote_delegate, PARTY),
    "re_role": (vote_re_role, PARTY),
    "resubmit": (vote_resubmit, PARTY),
    "admin": (vote_admin, "403"),
    "replay": (vote_replay, PARTY),
    "race": (vote_race, PARTY),
    "token": (vote_token, "302"),
    "shell": (vote_shell, PARTY),
    "sql": (vote_sql, "party to the dossier"),
}


@pytest.mark.parametrize("road", ROADS)
def test_nobody_votes_on_his_own_dossier(road: str) -> None:
    dossier = Dossier()
    act, words = VOTES[road]
    assert words in act(dossier)
    assert not Vote.objects.filter(person=dossier.party).exists()


# What a decision alone changes


class Approved:
    """A project that runs, settled long ago, and another one beside it; every approved value may be read at once."""

    def __init__(self) -> None:
        self.meeting = Meeting()
        self.project = self.meeting.project
        Project.objects.filter(pk=self.project.pk).update(priority_rank=5)
        self.project.refresh_from_db()
        self.other = ProjectFactory()
        for project in (self.project, self.other):
            BudgetLineFactory(project=project)
            ToleranceFactory(project=project)
        self.milestone = MilestoneFactory(project=self.project)
        self.person = PersonFactory()
        self.pso = user_with(Role.PSO)
        settled()

    def values(self) -> list[Any]:
        fields = ("manager", "priority_rank", "planned_end", "first_approved_end", "first_approved_cost", "life_cycle")
        return [
            list(Project.objects.order_by("pk").values_list(*fields)),
            list(BudgetLine.objects.order_by("pk").values_list("project", "approved")),
            list(Tolerance.objects.order_by("pk").values_list("project", "minus", "plus", "unit")),
            list(Milestone.objects.order_by("pk").values_list("project", "baseline", "first_approved")),
        ]

    def statements(self) -> dict[str, tuple[str, ...]]:
        """One change of each kind, as the application's role would write it."""
        one, two = self.project.pk, self.other.pk
        line, sheet = "UPDATE portfolio_budgetline SET approved = approved", "UPDATE portfolio_project SET"
        return {
            "budget": (f"{line} + 1 WHERE project_id = {one}",),
            "tolerance": (f"UPDATE portfolio_tolerance SET plus = 98 WHERE project_id = {one}",),
            "rank": (f"{sheet} priority_rank = 1 WHERE id = {one}",),
            "baseline": (f"{sheet} planned_end = planned_end + 90 WHERE id = {one}",),
            "milestone": (f"UPDATE portfolio_milestone SET baseline = baseline + 90 WHERE project_id = {one}",),
            "manager": (f"{sheet} manager_id = {self.person.pk} WHERE id = {one}",),
            "phase": (f"{sheet} life_cycle = 'closing' WHERE id = {one}",),
            "transfer": (f"{line} - 1 WHERE project_id = {one}", f"{line} + 1 WHERE project_id = {two}"),
        }

    def run(self, kind: str, *, number: str = "") -> str:
        def write() -> None:
            if number:
                decided.name_decision(number)
            with connection.cursor() as cursor:
                for statement in self.statements()[kind]:
                    cursor.execute(statement)

        return refused(write)

    def services(self) -> dict[str, Callable[[], object]]:
        """The services that closings call, called from a shell."""
        one, by, day = self.project, self.pso, clock.today()
        return {
            "budget": lambda: decided.set_budget(project=one, year=2026, nature="capex", approved=1, by=by),
            "tolerance": lambda: decided.set_tolerance(project=one, target="time", minus=None, plus=99, by=by),
            "rank": lambda: decided.set_rank(project=one, rank=1, by=by),
            "baseline": lambda: decided.set_baseline_end(project=one, day=day, by=by),
            "milestone": lambda: Milestone.objects.filter(pk=self.milestone.pk).update(baseline=day),
            "manager": lambda: decided.set_manager(project=one, manager=self.person, by=by),
            "phase": lambda: decided.set_phase(project=one, phase="closing", reason="Motif", review_on=None, by=by),
            "transfer": lambda: decided.transfer_budget(
                giver=one, receiver=self.other, year=2026, nature="capex", amount=1, by=by
            ),
        }

    def pages(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Where each value used to be written in the browser."""
        code = self.project.code
        line = (reverse("portfolio:budget_line_edit", args=[code, 2026, "capex"]), {"approved": "1"})
        row = reverse("portfolio:register_row", args=[code])
        return {
            "budget": line,
            "tolerance": (reverse("portfolio:tolerance_edit", args=[code, "time"]), {"plus": "99"}),
            "rank": (row, {"priority_rank": "1"}),
            "baseline": (reverse("portfolio:project_edit", args=[code]), {"planned_end": "2031-01-01"}),
            "milestone": (
                reverse("portfolio:milestone_edit", args=[code, self.milestone.pk]),
                {"baseline": "2031-01-01"},
            ),
            "manager": (row, {"manager": self.person.pk}),
            "phase": (
                reverse("portfolio:project_move", args=[code]),
                {"target": "closing", "reason": "Motif", "version": self.project.version},
            ),
            "transfer": line,
        }

    def calls(self) -> dict[str, tuple[str, str, dict[str, Any]]]:
        """Where each value used to be written through the programming interface."""
        base, version = f"/api/v1/projects/{self.project.code}/", {"version": self.project.version}
        line = ("patch", f"{base}budget-lines/2026/capex/", {"version": 1, "approved": "1.00"})
        return {
            "budget": line,
            "tolerance": ("patch", f"{base}tolerances/time/", {"version": 1, "plus": "99"}),
            "rank": ("patch", base, {**version, "priority_rank": 1}),
            "baseline": ("patch", base, {**version, "planned_end": "2031-01-01"}),
            "milestone": ("patch", f"{base}milestones/{self.milestone.pk}/", {"version": 1, "baseline": "2031-01-01"}),
            "manager": ("patch", base, {**version, "manager": self.person.pk}),
            "phase": ("post", f"{base}move/", {**version, "target": "closing", "reason": "Motif"}),
            "transfer": line,
        }

    def browse(self, user: User) -> Iterator[tuple[str, str]]:
        client = logged_in(user)
        for kind, (address, data) in self.pages().items():
            yield kind, str(client.post(address, data).status_code)

    def call(self, client: APIClient) -> Iterator[tuple[str, str]]:
        for kind, (method, address, data) in self.calls().items():
            answer = getattr(client, method)(address, data, format="json")
            yield kind, f"{answer.status_code} {answer.content.decode()}"

    def decide(self, choice: str = "for") -> Decision:
        """A decision of the committee with one effect of each kind but the phase, which would end the project."""
        meeting = self.meeting.begin().poll()
        for person in meeting.members:
            meeting.vote(person, choice)
        meeting.count()
        meeting.decide()
        for values in (
            {"kind": "budget", "year": 2027, "nature": "capex", "amount": 1},
            {"kind": "rank", "rank": 2},
            {"kind": "tolerance", "target": "time", "plus": 99},
            {"kind": "transfer", "year": 2026, "nature": "capex", "amount": 1, "other_project": self.other},
        ):
            add_effect(outcome=meeting.fresh().outcomes.get(), by=meeting.secretary, values=values)
        (decision,) = meeting.finish()
        return decision


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def change_view(world: Approved) -> dict[str, str]:
    return dict(world.browse(world.pso))


def change_api(world: Approved) -> dict[str, str]:
    return dict(world.call(client_of(world.pso)))


def change_bulk(world: Approved) -> dict[str, str]:
    """Every row of a table at once, and the page that gives many projects one manager."""
    told = {
        "budget": refused(lambda: BudgetLine.objects.update(approved=1)),
        "tolerance": refused(lambda: Tolerance.objects.update(plus=99)),
        "rank": refused(lambda: Project.objects.update(priority_rank=None)),
        "baseline": refused(lambda: Project.objects.update(planned_end=clock.today())),
        "milestone": refused(lambda: Milestone.objects.update(baseline=clock.today())),
        "manager": refused(lambda: Project.objects.update(manager=world.person)),
        "phase": refused(lambda: Project.objects.update(life_cycle="closing")),
        "transfer": refused(lambda: BudgetLine.objects.filter(project=world.project).delete()),
    }
    data = {"rows": world.project.code, "versions": world.project.version, "assign": "1", "manager": world.person.pk}
    page = logged_in(world.pso).post(reverse("portfolio:register_assign"), data)
    assert (page.status_code, "que par une décision" in page.content.decode()) == (422, True)
    return told


def change_delegate(world: Approved) -> dict[str, str]:
    """Who stands in for the absent project manager."""
    stand_in = user_with(Role.PM)
    AbsenceFactory(person=world.project.manager, deputy=stand_in.person)
    return dict(world.browse(stand_in))


def change_re_role(world: Approved) -> dict[str, str]:
    """Every role at once changes nothing: no role writes these."""
    everything = user_with(Role.PSO, Role.DIRECTOR, Role.FINANCE, Role.PM, Role.SECRETARY, Role.CODIR)
    return dict(world.browse(everything))


def change_resubmit(world: Approved) -> dict[str, str]:
    """A decision that was rejected carries nothing, whatever was written under it."""
    decision = world.decide("against")
    return {kind: world.run(kind, number=decision.number) for kind in world.statements()}


def change_admin(world: Approved) -> dict[str, str]:
    return dict(world.browse(user_with(Role.ADMINISTRATOR)))


def change_replay(world: Approved) -> dict[str, str]:
    """A decision carried out is named again: its effects have been used up."""
    decision = world.decide()
    return {kind: world.run(kind, number=decision.number) for kind in world.statements()}


def change_race(world: Approved) -> dict[str, str]:
    """The decision of a closing that was undone."""

    with transaction.atomic():
        number = world.decide().number
        transaction.set_rollback(True)
    assert not Decision.objects.exists()
    return {kind: world.run(kind, number=number) for kind in world.statements()}


def change_token(world: Approved) -> dict[str, str]:
    return dict(world.call(with_token(world.pso)))


def change_shell(world: Approved) -> dict[str, str]:
    told = {kind: refused(act) for kind, act in world.services().items()}
    row = world.project
    assert "que par une décision" in refused(
        lambda: update_project(project=row, changes={"priority_rank": 1}, version=row.version, by=world.pso)
    )
    assert "que par une décision" in refused(
        lambda: move_project(project=row, target="closing", version=row.version, by=world.pso, reason="Motif")
    )
    return told


def change_sql(world: Approved) -> dict[str, str]:
    """Without a number, and with an invented one; pgtrigger's own switch opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{}'")
    for kind in world.statements():
        world.run(kind)
    return {kind: world.run(kind, number="2026-CODIR-999") for kind in world.statements()}


CHANGES: dict[str, tuple[Callable[[Approved], dict[str, str]], tuple[str, ...]]] = {
    "view": (change_view, ("400", "422")),
    "api": (change_api, ("que par une décision",)),
    "bulk": (change_bulk, (ONLY,)),
    "delegate": (change_delegate, ("400", "403", "404")),
    "re_role": (change_re_role, ("400", "422")),
    "resubmit": (change_resubmit, (ONLY,)),
    "admin": (change_admin, ("403", "404")),
    "replay": (change_replay, (ONLY,)),
    "race": (change_race, (ONLY,)),
    "token": (change_token, ("que par une décision", "403")),
    "shell": (change_shell, (ONLY,)),
    "sql": (change_sql, (ONLY,)),
}


@pytest.mark.parametrize("road", ROADS)
def test_only_its_decision_changes_what_was_approved(road: str) -> None:
    world = Approved()
    act, expected = CHANGES[road]
    before = world.values()
    told = act(world)
    assert set(told) == set(world.statements())
    assert [kind for kind, words in told.items() if not any(one in words for one in expected)] == []
    if road != "replay":
        assert world.values() == before


def test_a_decision_moves_a_budget_between_two_projects_and_their_sum_stays() -> None:
    world = Approved()
    decision = world.decide()
    held = dict(BudgetLine.objects.filter(year=2026).values_list("project", "approved"))
    assert (held[world.project.pk], held[world.other.pk]) == (399_999, 400_001)
    assert decision.effects.get(kind="transfer").after.endswith("400001.00")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE governance_sitting SET state = 'closed'", "does not go from"),
        ("UPDATE governance_agendaitem SET polling = 'closed', verdict = 'adopted'", "stays as it was counted"),
        (
            "INSERT INTO governance_outcome (item_id, kind, text, rationale, publication)"
            " SELECT id, 'decision', 'Accordé', '', 'body' FROM governance_agendaitem",
            "minutes refused",
        ),
        (
            "INSERT INTO governance_decision (number, body_id, year, serial, item_id, kind, verdict, question, text,"
            " rationale, record, taken_on, effect_on, publication, content_hash, audit_number, state, project_id)"
            " SELECT '2026-CODIR-999', s.body_id, 2026, 999, i.id, 'budget', 'adopted', 'q', 'Accordé', '', '{}',"
            " now(), now(), 'body', repeat('0', 64), 1, 'in_force', (SELECT max(id) FROM portfolio_project)"
            " FROM governance_agendaitem i JOIN governance_sitting s ON s.id = i.sitting_id",
            "born from the approved minutes",
        ),
        ("INSERT INTO governance_project_birth SELECT id, pg_current_xact_id(), now() FROM portfolio_project", "alone"),
        ("UPDATE governance_project_birth SET born_in = pg_current_xact_id(), born_at = now()", "alone"),
        ("DELETE FROM portfolio_project", "never deleted"),
    ],
)
def test_nothing_is_invented_in_the_database(statement: str, words: str) -> None:
    Approved()

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert words in refused(write)
