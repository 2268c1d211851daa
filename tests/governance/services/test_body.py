from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from config import clock
from governance.enums import BoardRole, BodyKind, SeatRole, Subject, ToleranceLevel
from governance.models import Body, BodyRules, Mandate, MeetingRule, RaciCell, Seat, Sitting
from governance.selectors.body import body_page, rules_on
from governance.selectors.competence import decide, who_decides
from governance.services.body import add_mandate, add_seat, end_mandate
from governance.services.interest import declare_interest, end_interest, state_complete
from governance.services.raci import add_activity, set_letters
from governance.services.rules import set_meeting_rule, set_rules
from people.enums import Role
from people.models import AuditEntry, User
from tests.factories.governance import BodyFactory, InterestFactory, MandateFactory, RaciActivityFactory, SeatFactory
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProgrammeFactory, ProjectFactory

pytestmark = pytest.mark.django_db
TODAY = clock.today()
DAY = timedelta(days=1)


@pytest.fixture
def secretary() -> User:
    return user_with(Role.SECRETARY)


def seat(body: Body, by: User, **values: object) -> Seat:
    defaults = {
        "person": PersonFactory(),
        "role": SeatRole.MEMBER,
        "votes": True,
        "valid_from": TODAY,
        "valid_to": None,
    }
    return add_seat(body=body, by=by, **(defaults | values))  # type: ignore[arg-type]


def test_nobody_sits_twice_at_once_and_one_person_chairs(secretary: User) -> None:
    body = BodyFactory()
    chair = seat(body, secretary, role=SeatRole.CHAIR)
    with pytest.raises(ValidationError, match="siège déjà"):
        seat(body, secretary, person=chair.person, valid_from=TODAY + DAY)
    with pytest.raises(ValidationError, match="présidence est déjà tenue"):
        seat(body, secretary, role=SeatRole.CHAIR, valid_from=TODAY + 30 * DAY)
    Seat.objects.filter(pk=chair.pk).update(valid_to=TODAY)
    assert seat(body, secretary, role=SeatRole.CHAIR, valid_from=TODAY + DAY).role == SeatRole.CHAIR


def test_database_keeps_one_chair_by_any_route() -> None:
    body = BodyFactory()
    SeatFactory(body=body, role=SeatRole.CHAIR)
    with pytest.raises(IntegrityError, match="seat_one_open_chair"), transaction.atomic():
        SeatFactory(body=body, role=SeatRole.CHAIR)


def test_a_project_manager_is_neither_executive_nor_assurance_of_his_own_board(secretary: User) -> None:
    programme = ProgrammeFactory()
    project = ProjectFactory(programme=programme, life_cycle="stage")
    board = BodyFactory(programme=programme)
    for role in (BoardRole.EXECUTIVE, BoardRole.ASSURANCE):
        with pytest.raises(ValidationError, match="chef de projet"):
            seat(board, secretary, person=project.manager, board_role=role)
    assert seat(board, secretary, person=project.manager, votes=False).votes is False


def test_page_names_the_roles_a_board_lacks(secretary: User) -> None:
    board = BodyFactory(kind=BodyKind.PROJECT_BOARD)
    seat(board, secretary, board_role=BoardRole.EXECUTIVE)
    page = body_page(secretary, board.code, clock.now())
    assert page.findings == ("Aucun utilisateur principal ne siège.", "Aucun fournisseur principal ne siège.")


def delegated(body: Body, giver: Body, **values: object) -> dict[str, object]:
    return {
        "kind": Subject.CHANGE,
        "subject": "Changements délégués",
        "amount_max": Decimal(20_000),
        "delegated_by": giver,
        "valid_from": TODAY,
        "valid_to": TODAY + 90 * DAY,
        **values,
    }


def test_a_body_delegates_downwards_what_it_holds_itself_and_it_ends_with_its_own(secretary: User) -> None:
    codir, board = BodyFactory(level=7), BodyFactory(level=2)
    with pytest.raises(ValidationError, match="n’a pas elle-même"):
        add_mandate(body=board, by=secretary, values=delegated(board, codir))
    own = MandateFactory(body=codir, kind=Subject.CHANGE)
    with pytest.raises(ValidationError, match="vers le bas"):
        add_mandate(body=codir, by=secretary, values=delegated(codir, board))
    with pytest.raises(ValidationError, match="date de fin"):
        add_mandate(body=board, by=secretary, values=delegated(board, codir, valid_to=None))
    add_mandate(body=board, by=secretary, values=delegated(board, codir))

    asked = {"kind": Subject.CHANGE, "amount": Decimal(15_000), "level": None, "project": None}
    assert decide(on=TODAY, **asked).body == board  # type: ignore[arg-type]
    end_mandate(mandate=own, by=secretary, on=TODAY)
    assert decide(on=TODAY + DAY, **asked).body is None  # type: ignore[arg-type]


def test_the_lowest_body_in_reach_of_the_project_decides_and_says_why() -> None:
    programme = ProgrammeFactory()
    project = ProjectFactory(programme=programme)
    codir, own, other = BodyFactory(level=7), BodyFactory(level=2, programme=programme), BodyFactory(level=2)
    Body.objects.filter(pk=other.pk).update(programme=ProgrammeFactory())
    MandateFactory(body=codir)
    for board in (own, other):
        MandateFactory(body=board, amount_max=Decimal(50_000), level=ToleranceLevel.STAGE)

    def answer(amount: int, level: int | None = None) -> list[tuple[str, str]]:
        found = decide(
            kind=Subject.EXCEPTION, amount=Decimal(amount), on=date(2026, 6, 1), level=level, project=project
        )
        return [(step.body.code, step.why) for step in found.steps]

    assert answer(50_000, ToleranceLevel.STAGE) == [(own.code, "le montant est dans sa limite")]
    assert answer(50_001) == [
        (own.code, "le montant dépasse sa limite"),
        (codir.code, "son mandat est sans limite de montant"),
    ]
    assert answer(1, ToleranceLevel.PROJECT)[0] == (own.code, "la tolérance en jeu dépasse celle de son mandat")


def test_who_decides_is_told_to_who_may_consult_the_bodies_only() -> None:
    asked = {"kind": Subject.CHANGE, "amount": None, "on": TODAY}
    assert who_decides(user_with(Role.ADMINISTRATOR), **asked) is None  # type: ignore[arg-type]
    assert who_decides(user_with(Role.AUDITOR), **asked) is not None  # type: ignore[arg-type]


def test_rules_are_dated_and_never_set_in_the_past(secretary: User) -> None:
    body = BodyFactory()
    values = {"valid_from": TODAY + 10 * DAY, "quorum_share": Decimal("0.67")}
    with pytest.raises(ValidationError, match="aujourd’hui au plus tôt"):
        set_rules(body=body, by=secretary, values=values | {"valid_from": TODAY - DAY}, today=TODAY)
    set_rules(body=body, by=secretary, values=values, today=TODAY)
    assert rules_on(body, TODAY + 9 * DAY).quorum_share == Decimal("0.50")
    assert rules_on(body, TODAY + 10 * DAY).quorum_share == Decimal("0.67")


def test_a_single_voter_never_decides_by_any_route() -> None:
    with pytest.raises(IntegrityError, match="rules_two_voters"):
        BodyRules.objects.create(body=BodyFactory(), valid_from=TODAY, voters_min=1)


def test_a_new_rhythm_plans_a_year_of_sessions_off_closed_days(secretary: User) -> None:
    body = BodyFactory()
    values = {"rhythm": "monthly", "month_week": 1, "weekday": 1, "at": "09:00", "valid_from": date(2026, 12, 1)}
    set_meeting_rule(body=body, by=secretary, values=values, today=date(2026, 11, 21))
    days = [sitting.starts_at.astimezone(clock.BRUSSELS).date() for sitting in body.sittings.all()]
    assert days[:6] == [
        date(2026, 12, 7),
        *(date(2027, month, day) for month, day in ((1, 4), (2, 1), (3, 1), (4, 5), (5, 3))),
    ]
    assert all(day.isoweekday() <= 5 for day in days)

    set_meeting_rule(
        body=body,
        by=secretary,
        values=values | {"weekday": 2, "valid_from": date(2027, 1, 1)},
        today=date(2026, 11, 21),
    )
    first = MeetingRule.objects.get(body=body, weekday=1)
    assert first.valid_to == date(2026, 12, 31)


def test_planning_again_writes_no_session_twice(secretary: User) -> None:
    body = BodyFactory()
    values = {"rhythm": "weekly", "every": 2, "weekday": 3, "at": "14:00", "valid_from": date(2026, 12, 1)}
    for _ in range(2):
        set_meeting_rule(body=body, by=secretary, values=values, today=date(2026, 11, 21))
    starts = list(Sitting.objects.filter(body=body).values_list("starts_at", flat=True))
    assert len(starts) == len(set(starts)) > 20


def test_raci_keeps_one_accountable_a_row(secretary: User) -> None:
    row = RaciActivityFactory()
    for letters, words in (
        ({"board": "A", "executive": "AR"}, "Un seul A"),
        ({"board": "R"}, "Il faut un A"),
        ({"board": "A"}, "Il faut un R"),
    ):
        with pytest.raises(ValidationError, match=words):
            set_letters(activity=row, by=secretary, letters=letters, version=row.version)
        row.refresh_from_db()
    row = set_letters(activity=row, by=secretary, letters={"board": "AR", "pso": "I"}, version=row.version)
    assert dict(row.cells.values_list("role", "letter")) == {"board": "AR", "pso": "I"}
    with pytest.raises(IntegrityError, match="raci_one_accountable"), transaction.atomic():
        RaciCell.objects.create(activity=row, role="codir", letter="A")
    with pytest.raises(ValidationError, match="Il faut un A"):
        add_activity(by=secretary, values={"name_fr": "Autre"}, letters={"team": "R"})


def test_interests_are_declared_by_oneself_and_kept_out_of_the_journal() -> None:
    user = user_with(Role.CODIR)
    project = ProjectFactory()
    interest = declare_interest(
        person=user.person, by=user, values={"kind": "family", "project": project, "note": "Secret"}, on=TODAY
    )
    with pytest.raises(ValidationError, match="ses propres intérêts"):
        end_interest(interest=interest, by=user_with(Role.SECRETARY), on=TODAY)
    end_interest(interest=interest, by=user, on=TODAY)
    with pytest.raises(ValidationError, match="déjà terminé"):
        end_interest(interest=interest, by=user, on=TODAY)
    entry = AuditEntry.objects.filter(verb="interest.declared").get()
    assert entry.data == {"kind": "family"}
    assert "Secret" not in entry.target_label


def test_an_interest_is_about_one_thing() -> None:
    with pytest.raises(IntegrityError, match="interest_about_one_thing"):
        InterestFactory(other=PersonFactory())


def test_a_statement_holds_for_a_year_and_is_written_once_a_day() -> None:
    user = user_with(Role.CODIR)
    first = state_complete(person=user.person, by=user, on=TODAY)
    again = state_complete(person=user.person, by=user, on=TODAY)
    assert (first.pk, first.valid_to) == (again.pk, TODAY + timedelta(days=365))


def test_a_mandate_that_ended_stays_readable() -> None:
    mandate = MandateFactory()
    end_mandate(mandate=mandate, by=user_with(Role.PSO), on=TODAY)
    assert Mandate.objects.get(pk=mandate.pk).valid_to == TODAY
