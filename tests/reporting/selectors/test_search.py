import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import clock
from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality
from reporting.selectors.search import SHOWN, find, fold, words_of
from tests.factories.governance import DecisionFactory, DecisionRequestFactory
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProgrammeFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


def codes(user: User, text: str) -> list[str]:
    return [row.code for row in find(user, text, clock.today()).projects]


def test_accents_and_case_do_not_count_in_either_direction(pso: User) -> None:
    project = ProjectFactory(name_fr="Réseau des écoles")

    assert codes(pso, "ECOLES reseau") == [project.code]
    assert codes(pso, "écoles") == [project.code]


def test_every_word_must_be_found_in_name_code_manager_or_programme(pso: User) -> None:
    programme = ProgrammeFactory(name_fr="Socle commun")
    manager = PersonFactory(first_name="Zoé", last_name="Ñuñez")
    project = ProjectFactory(code="P-777", name_fr="Annuaire", manager=manager, programme=programme)

    assert codes(pso, "annuaire nunez socle p-777") == [project.code]
    assert codes(pso, "annuaire absent") == []


def test_exact_code_comes_first(pso: User) -> None:
    ProjectFactory(code="P-1000", priority_rank=1)
    exact = ProjectFactory(code="P-100")

    assert codes(pso, "p-100")[0] == exact.code


def test_empty_text_and_odd_signs_find_nothing_and_break_nothing(pso: User) -> None:
    ProjectFactory(name_fr="Annuaire")

    for text in ("", "   ", "%", "_", "\\", "\x00", "' OR 1=1 --", "x" * 5000):
        assert codes(pso, text) == []


def test_restricted_project_its_request_and_its_count_stay_hidden() -> None:
    secret = ProjectFactory(name_fr="Zénith", confidentiality=Confidentiality.RESTRICTED)
    DecisionRequestFactory(project=secret, question="Autoriser zénith")
    reader = user_with(Role.INVESTMENT_COMMITTEE)

    assert find(reader, "zenith", clock.today()).is_empty
    assert find(user_with(Role.PSO), "zenith", clock.today()).project_count == 1


def test_people_only_for_who_may_read_the_roster(pso: User) -> None:
    person = PersonFactory(last_name="Vandersmissen")
    ProjectFactory(manager=person)

    found = find(pso, "vandersmissen", clock.today())

    assert [(one.name, one.led) for one in found.people] == [(person.full_name, 1)]
    assert find(user_with(Role.CODIR), "vandersmissen", clock.today()).people == []


def test_person_of_a_restricted_project_shows_no_project_to_an_outsider() -> None:
    person = PersonFactory(last_name="Vandersmissen")
    ProjectFactory(manager=person, confidentiality=Confidentiality.RESTRICTED)

    found = find(user_with(Role.PM), "vandersmissen", clock.today())

    assert [one.led for one in found.people] == [0]


def test_requests_by_number_and_words(pso: User) -> None:
    row = DecisionRequestFactory(number="2026-CODIR-042", question="Autoriser la deuxième tranche")

    assert find(pso, "codir-042", clock.today()).requests == [row]
    assert find(pso, "deuxieme tranche", clock.today()).requests == [row]


def test_decisions_and_sessions_are_found_by_who_may_read_them_only(pso: User) -> None:
    kept = DecisionFactory(text="La tranche « Été » est libérée", publication="body")
    sitting = kept.item.sitting
    found = find(pso, "tranche ete liberee", clock.today())
    assert (found.decisions, found.total) == ([kept], 1)
    assert sitting in find(pso, sitting.body.name_fr, clock.today()).sittings
    stranger = find(user_with(Role.DIRECTOR), "tranche", clock.today())
    assert (stranger.decisions, stranger.sittings) == ([], [])


def test_long_answers_are_cut_but_counted_in_a_constant_number_of_statements(pso: User) -> None:
    for number in range(SHOWN + 3):
        ProjectFactory(name_fr=f"Annuaire {number}")
    assert pso.role_set

    with CaptureQueriesContext(connection) as statements:
        found = find(pso, "annuaire", clock.today())

    assert (len(found.projects), found.project_count) == (SHOWN, SHOWN + 3)
    assert len(statements) == 6


def test_folding_is_the_same_in_python_and_in_the_database(pso: User) -> None:
    text = "ÀÂÄÁÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÕÙÚÛÜÝŸ’"
    ProjectFactory(name_fr=text, code="P-FOLD")

    assert codes(pso, fold(text)) == ["P-FOLD"]
    assert words_of(" Deux  mots ") == ("deux", "mots")
