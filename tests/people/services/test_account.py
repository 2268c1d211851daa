"""Roles: nobody grants himself, a second person decides, the last auditor and administrator remain."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from config import clock
from people.enums import RequestState, ReviewerKind, Role, RoleAction, TokenScope
from people.models import ApiToken, RoleAssignment, RoleRequest, User
from people.services import account, api_token
from tests.factories.people import PersonFactory, RoleAssignmentFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def propose(user: User, by: User, action: RoleAction = RoleAction.GRANT, role: Role = Role.PM) -> RoleRequest:
    return account.propose_role_change(action=action, user=user, role=role, by=by, reason="Nouveau chef de projet")


def test_role_change_holds_after_a_second_person_approved() -> None:
    target, first, second = UserFactory(), UserFactory(), UserFactory()
    request = propose(target, first)
    assert fresh(target).role_set == frozenset()
    account.decide_role_change(request=request, by=second, approve=True)
    assert fresh(target).role_set == {Role.PM}
    assert RoleAssignment.objects.get().granted_by == second


def test_refused_change_changes_nothing() -> None:
    target, first, second = UserFactory(), UserFactory(), UserFactory()
    decided = account.decide_role_change(request=propose(target, first), by=second, approve=False)
    assert decided.state == RequestState.REFUSED
    assert fresh(target).role_set == frozenset()


def test_nobody_asks_for_himself() -> None:
    user = UserFactory()
    with pytest.raises(ValidationError, match="pour soi-même"):
        propose(user, user)


@pytest.mark.parametrize("who", ["requester", "target"])
def test_requester_and_person_concerned_cannot_decide(who: str) -> None:
    target, first = UserFactory(), UserFactory()
    request = propose(target, first)
    with pytest.raises(ValidationError, match="deuxième personne"):
        account.decide_role_change(request=request, by=first if who == "requester" else target, approve=True)


def test_database_refuses_a_self_grant_by_any_path() -> None:
    user = UserFactory()
    with pytest.raises(IntegrityError, match="role_not_granted_to_oneself"), transaction.atomic():
        RoleAssignment.objects.create(user=user, role=Role.DIRECTOR, valid_from=clock.today(), granted_by=user)


def test_database_refuses_the_same_role_twice_at_a_time() -> None:
    user = user_with(Role.PM)
    with pytest.raises(IntegrityError, match="role_no_overlap"), transaction.atomic():
        RoleAssignmentFactory(user=user, role=Role.PM, valid_from=clock.today() + timedelta(days=10))


def test_reviewer_says_of_which_kind() -> None:
    user = UserFactory()
    with pytest.raises(ValidationError, match="quelle relecture"):
        account.assign_role(user=user, role=Role.REVIEWER, valid_from=clock.today(), granted_by=None)
    account.assign_role(
        user=user, role=Role.REVIEWER, reviewer_kind=ReviewerKind.DPO, valid_from=clock.today(), granted_by=None
    )
    assert fresh(user).reviewer_kinds == {ReviewerKind.DPO}


def test_role_before_its_first_day_and_from_its_last_day_is_not_held() -> None:
    today, user = clock.today(), UserFactory()
    RoleAssignmentFactory(user=user, role=Role.PM, valid_from=today + timedelta(days=1))
    RoleAssignmentFactory(user=user, role=Role.PSO, valid_from=today - timedelta(days=9), valid_to=today)
    assert fresh(user).role_set == frozenset()


def test_revocation_is_effective_at_once() -> None:
    target, first, second = user_with(Role.PM), UserFactory(), UserFactory()
    account.decide_role_change(request=propose(target, first, RoleAction.REVOKE), by=second, approve=True)
    assert fresh(target).role_set == frozenset()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_last_auditor_and_administrator_remain(role: Role) -> None:
    target, first, second = user_with(role), UserFactory(), UserFactory()
    request = propose(target, first, RoleAction.REVOKE, role)
    with pytest.raises(ValidationError, match="dernier compte"):
        account.decide_role_change(request=request, by=second, approve=True)
    assert fresh(target).role_set == {role}
    request.refresh_from_db()
    assert request.state == RequestState.PENDING


def test_closed_account_has_no_role_and_no_key() -> None:
    target, admin = user_with(Role.PM), user_with(Role.ADMINISTRATOR)
    key = api_token.create_token(owner=target, name="export", scopes=[TokenScope.READ], days=30).key
    assert api_token.find_token(key) is not None
    account.close_account(user=target, by=admin)
    assert fresh(target).role_set == frozenset()
    assert api_token.find_token(key) is None


def test_nobody_closes_his_own_account() -> None:
    admin = user_with(Role.ADMINISTRATOR)
    with pytest.raises(ValidationError):
        account.close_account(user=admin, by=admin)


def test_create_account_has_no_role_and_belongs_to_the_person() -> None:
    person = PersonFactory(language="nl")
    user = account.create_account(username="Jan", email="Jan@Example.org", by=None, person=person)
    assert (user.username, user.email, user.language, user.full_name) == (
        "jan",
        "jan@example.org",
        "nl",
        person.full_name,
    )
    assert not user.has_usable_password()


def test_user_names_differ_by_more_than_case() -> None:
    UserFactory(username="claire")
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(username="CLAIRE", email="other@example.org")


def test_api_token_is_kept_as_digest_and_lives_a_year_at_most() -> None:
    owner = user_with(Role.PM)
    created = api_token.create_token(owner=owner, name="export", scopes=[TokenScope.READ], days=365)
    assert created.key not in str(ApiToken.objects.values().get())
    with pytest.raises(ValidationError, match="un an au plus"):
        api_token.create_token(owner=owner, name="export", scopes=[TokenScope.READ], days=400)


def test_initials_take_two_words() -> None:
    assert PersonFactory.build(first_name="Marie", last_name="Dupont-Lambert").full_name == "Marie Dupont-Lambert"
    assert PersonFactory(user=UserFactory(), first_name="Marie", last_name="Dupont-Lambert").user.initials == "MD"
