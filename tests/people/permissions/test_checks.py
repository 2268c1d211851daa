"""Roles, reaches and predicates; and the catalogue against the permission matrix."""

import pytest
from django.contrib.auth.models import AnonymousUser

from people.enums import Role
from people.models import User
from people.permissions import checks
from people.permissions.catalogue import LABELS, PERSONAL_DATA, SCOPE_LABELS, Permission, Scope
from people.permissions.roles import EVERYBODY, GRANTS, ROLE_PERMISSIONS
from people.selectors.catalogue import matrix
from tests.factories.people import RoleAssignmentFactory, UserFactory, user_with

CHANGING = {
    permission
    for permission in Permission
    if permission.rsplit(".", 1)[-1]
    in {
        "edit",
        "create",
        "rank",
        "submit",
        "comment",
        "remind",
        "record",
        "take",
        "freeze",
        "build",
        "propose",
        "approve",
        "retry",
        "import",
        "manage",
    }
} - set(EVERYBODY)


def test_every_permission_and_scope_has_a_label() -> None:
    assert set(LABELS) == set(Permission)
    assert set(SCOPE_LABELS) == set(Scope)
    assert set(PERSONAL_DATA) <= set(Permission)


def test_every_role_has_its_grants_and_every_permission_somebody() -> None:
    assert set(GRANTS) == set(Role)
    assert set(Permission) == set(EVERYBODY).union(*ROLE_PERMISSIONS.values())


def test_nobody_holds_everything() -> None:
    assert all(permissions | set(EVERYBODY) != set(Permission) for permissions in ROLE_PERMISSIONS.values())


def test_auditor_reads_and_changes_nothing() -> None:
    assert ROLE_PERMISSIONS[Role.AUDITOR].isdisjoint(CHANGING)


def test_administrator_sees_no_portfolio_content() -> None:
    content = ("portfolio", "project", "status", "finance", "risk", "pack", "decision", "dashboard", "body", "export")
    assert [one for one in ROLE_PERMISSIONS[Role.ADMINISTRATOR] if one.split(".")[0] in content] == []


@pytest.mark.parametrize(
    ("role", "permission", "scope"),
    [
        (Role.PM, Permission.STATUS_SUBMIT, Scope.OWN),
        (Role.PM, Permission.FINANCE_VIEW, Scope.OWN),
        (Role.PM, Permission.FINANCE_TOTALS_VIEW, Scope.ALL),
        (Role.PROGRAMME_MANAGER, Permission.STATUS_VIEW, Scope.PROGRAMME),
        (Role.PSO, Permission.CYCLE_FREEZE, Scope.ALL),
        (Role.DIRECTOR, Permission.PROJECT_EDIT, Scope.DIRECTED),
        (Role.CODIR, Permission.PACK_READ, Scope.DECIDED),
        (Role.CODIR, Permission.PROJECT_EDIT, None),
        (Role.INVESTMENT_COMMITTEE, Permission.FINANCE_VIEW, Scope.ASSIGNED),
        (Role.PSO, Permission.ROLE_APPROVE, None),
        (Role.PSO, Permission.STATUS_SUBMIT, None),
        (Role.AUDITOR, Permission.AUDIT_VIEW, Scope.ALL),
        (Role.PM, Permission.AUDIT_VIEW, Scope.OWN),
    ],
)
def test_grants_follow_the_matrix(role: Role, permission: Permission, scope: Scope | None) -> None:
    assert GRANTS[role].get(permission) == scope


def test_catalogue_page_is_the_code() -> None:
    row = next(row for row in matrix() if row.permission is Permission.STATUS_SUBMIT)
    assert dict(zip(Role, row.cells, strict=True))[Role.PM] is Scope.OWN
    assert [scope for role, scope in zip(Role, row.cells, strict=True) if role is not Role.PM] == [None] * 11


@pytest.mark.django_db
class TestHasPermission:
    @pytest.fixture(autouse=True)
    def rules(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checks, "_PREDICATES", {})
        monkeypatch.setattr(checks, "_CONDITIONS", {})

    def test_anonymous_and_closed_accounts_hold_nothing(self) -> None:
        closed = user_with(Role.DIRECTOR, is_active=False)
        assert not any(checks.has_permission(AnonymousUser(), one) for one in Permission)
        assert not any(checks.has_permission(closed, one) for one in Permission)

    def test_account_without_role_holds_only_its_own_things(self) -> None:
        user = UserFactory()
        assert {one for one in Permission if checks.has_permission(user, one)} == set(EVERYBODY)

    def test_narrow_grant_without_rule_is_refused(self) -> None:
        assert not checks.has_permission(user_with(Role.PM), Permission.STATUS_SUBMIT, object())

    def test_narrow_grant_follows_its_rule(self) -> None:
        mine, other = object(), object()
        checks.register_predicate(Permission.STATUS_SUBMIT, lambda _user, obj: obj is mine, scope=Scope.OWN)
        user = user_with(Role.PM)
        assert checks.has_permission(user, Permission.STATUS_SUBMIT, mine)
        assert not checks.has_permission(user, Permission.STATUS_SUBMIT, other)

    def test_wide_grant_of_another_role_needs_no_rule(self) -> None:
        assert checks.has_permission(user_with(Role.PM, Role.PSO), Permission.PROJECT_EDIT, object())

    def test_condition_binds_even_a_wide_grant(self) -> None:
        checks.register_predicate(Permission.PROJECT_EDIT, lambda _user, _obj: False)
        assert not checks.has_permission(user_with(Role.PSO), Permission.PROJECT_EDIT, object())

    def test_scopes_of_two_roles_add_up(self) -> None:
        user = user_with(Role.PM, Role.PROGRAMME_MANAGER)
        assert checks.granted_scopes(user, Permission.FINANCE_VIEW) == {Scope.OWN, Scope.PROGRAMME}

    def test_roles_are_read_once_per_request(self, django_assert_num_queries: object) -> None:
        user = User.objects.get(pk=RoleAssignmentFactory(role=Role.PSO).user.pk)
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert [checks.has_permission(user, one) for one in Permission]
