import pytest
from django.http import Http404

from governance.selectors.decision_request import get_request, open_requests, visible_requests
from people.enums import Role
from portfolio.enums import Confidentiality
from tests.factories.governance import DecisionRequestFactory
from tests.factories.people import user_with
from tests.factories.portfolio import ProgrammeFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def test_project_manager_sees_the_requests_of_his_own_projects_only() -> None:
    user = user_with(Role.PM)
    mine = DecisionRequestFactory(project=ProjectFactory(manager=user.person))
    DecisionRequestFactory()

    assert list(visible_requests(user)) == [mine]


def test_programme_manager_sees_the_requests_of_his_programme_only() -> None:
    user = user_with(Role.PROGRAMME_MANAGER)
    mine = DecisionRequestFactory(project=ProjectFactory(programme=ProgrammeFactory(manager=user.person)))
    DecisionRequestFactory()

    assert list(visible_requests(user)) == [mine]


def test_request_on_a_restricted_project_does_not_exist_for_those_outside_its_circle() -> None:
    hidden = DecisionRequestFactory(project=ProjectFactory(confidentiality=Confidentiality.RESTRICTED))

    assert list(visible_requests(user_with(Role.INVESTMENT_COMMITTEE))) == []
    with pytest.raises(Http404):
        get_request(user_with(Role.INVESTMENT_COMMITTEE), hidden.number)
    assert list(visible_requests(user_with(Role.DIRECTOR))) == [hidden]


def test_administrator_sees_no_request() -> None:
    DecisionRequestFactory()

    assert list(visible_requests(user_with(Role.ADMINISTRATOR))) == []


def test_open_requests_leave_out_the_closed_ones_and_put_the_nearest_first() -> None:
    DecisionRequestFactory(state="withdrawn", closed_on="2026-11-01")
    late = DecisionRequestFactory(needed_on="2026-12-20")
    soon = DecisionRequestFactory(needed_on="2026-11-24")

    assert list(open_requests(user_with(Role.PSO))) == [soon, late]
