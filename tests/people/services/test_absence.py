"""S5: a named person, for dates, within a scope, without chain; ended with the absent person's role."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from config.clock import BRUSSELS
from people.enums import Role
from people.models import Absence, AuditEntry, Notification, RoleAssignment, User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from people.services.absence import add_absence, end_absence
from portfolio.models import StatusReport
from portfolio.selectors.field_rights import project_fields
from portfolio.selectors.my_work import status_queue
from portfolio.selectors.project import visible_projects
from portfolio.services.status_report import submit_status_report
from tests.factories.people import AbsenceFactory, user_with
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 10, tzinfo=BRUSSELS)
TODAY = NOW.date()
PROJECT_RIGHTS = (Permission.STATUS_SUBMIT, Permission.MILESTONE_EDIT, Permission.RISK_EDIT, Permission.PROJECT_EDIT)
PACK_RIGHTS = (
    Permission.PACK_PREVIEW,
    Permission.PACK_APPROVE,
    Permission.PACK_PUBLISH,
    Permission.DIRECTOR_MESSAGE_EDIT,
)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pm() -> User:
    return user_with(Role.PM)


@pytest.fixture
def deputy() -> User:
    return user_with(Role.PROGRAMME_MANAGER)


def again(user: User) -> User:
    """The same account at its next request."""
    return User.objects.get(pk=user.pk)


def away(person: User, deputy: User, days: int = 3, **fields: object) -> Absence:
    return AbsenceFactory(person=person.person, deputy=deputy.person, last_day=TODAY + timedelta(days=days), **fields)


@pytest.mark.parametrize("permission", PROJECT_RIGHTS)
def test_the_deputy_acts_on_the_projects_of_the_absent_manager_and_on_no_other(
    pm: User, deputy: User, permission: Permission
) -> None:
    own, foreign = ProjectFactory(manager=pm.person), ProjectFactory()
    assert not has_permission(deputy, permission, own)
    away(pm, deputy)
    assert has_permission(again(deputy), permission, own)
    assert not has_permission(again(deputy), permission, foreign)


def test_only_listed_rights_pass(pm: User, deputy: User) -> None:
    own = ProjectFactory(manager=pm.person)
    away(pm, deputy)
    for permission in (Permission.FINANCE_EDIT, Permission.AUDIT_VIEW, Permission.PROJECT_RANK):
        assert not has_permission(again(deputy), permission, own)
    assert "deputy" not in project_fields(again(deputy), own)


@pytest.mark.parametrize("first", [TODAY - timedelta(days=5), TODAY + timedelta(days=1)])
def test_before_and_after_the_dates_nothing_passes(pm: User, deputy: User, first: date) -> None:
    own = ProjectFactory(manager=pm.person)
    AbsenceFactory(person=pm.person, deputy=deputy.person, first_day=first, last_day=first + timedelta(days=3))
    assert not has_permission(again(deputy), Permission.STATUS_SUBMIT, own)


def test_it_ends_at_once_with_the_absence_the_role_or_the_account(pm: User, deputy: User) -> None:
    own = ProjectFactory(manager=pm.person)
    absence = away(pm, deputy)
    for end, restore in (
        (lambda: Absence.objects.update(ended_at=NOW), lambda: Absence.objects.update(ended_at=None)),
        (
            lambda: RoleAssignment.objects.filter(user=pm).update(valid_to=TODAY),
            lambda: RoleAssignment.objects.filter(user=pm).update(valid_to=None),
        ),
        (
            lambda: User.objects.filter(pk=pm.pk).update(is_active=False),
            lambda: User.objects.filter(pk=pm.pk).update(is_active=True),
        ),
    ):
        end()
        assert not has_permission(again(deputy), Permission.STATUS_SUBMIT, own)
        restore()
        assert has_permission(again(deputy), Permission.STATUS_SUBMIT, own)
    assert absence.pk


def test_a_revocation_bites_on_the_next_request(pm: User, deputy: User) -> None:
    cycle = ReportingCycleFactory(week="2026-W47")
    own = ProjectFactory(manager=pm.person)
    absence = away(pm, deputy)
    client = Client()
    client.force_login(deputy)
    url = f"/projects/{own.code}/status/{cycle.slug}/draft/"
    assert client.post(url, {}).status_code == 200
    end_absence(absence=absence, by=pm, now=NOW)
    assert client.post(url, {}).status_code == 403


def test_who_stands_in_cannot_pass_it_on(pm: User, deputy: User) -> None:
    own, third = ProjectFactory(manager=pm.person), user_with(Role.PM)
    away(pm, deputy)
    away(deputy, third)
    assert not has_permission(again(third), Permission.STATUS_SUBMIT, own)
    assert own not in status_queue_projects(again(third))


def status_queue_projects(user: User) -> list[str]:
    return [item.code for item in status_queue(user, ReportingCycleFactory(week="2026-W47")).items]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_auditor_and_administrator_never_stand_in(pm: User, role: Role) -> None:
    own, never = ProjectFactory(manager=pm.person), user_with(role, Role.PM)
    away(pm, never)
    assert not has_permission(again(never), Permission.STATUS_SUBMIT, own)


def test_a_restricted_project_is_known_to_the_deputy_for_the_dates(pm: User, deputy: User) -> None:
    own = ProjectFactory(manager=pm.person, confidentiality="restricted")
    assert own not in visible_projects(deputy)
    absence = away(pm, deputy)
    assert own in visible_projects(again(deputy))
    end_absence(absence=absence, by=pm, now=NOW)
    assert own not in visible_projects(again(deputy))


def test_the_deputy_of_the_director_has_the_pack_and_the_second_factor() -> None:
    director, deputy = user_with(Role.DIRECTOR), user_with(Role.PROGRAMME_MANAGER)
    assert not any(has_permission(deputy, permission) for permission in PACK_RIGHTS)
    away(director, deputy)
    acting = again(deputy)
    assert all(has_permission(acting, permission) for permission in PACK_RIGHTS)
    assert not has_permission(acting, Permission.ROLE_APPROVE)
    assert acting.is_decision_maker


def test_the_status_of_the_deputy_says_whom_he_replaced(pm: User, deputy: User) -> None:
    own, cycle = ProjectFactory(manager=pm.person), ReportingCycleFactory(week="2026-W47")
    StatusReportFactory(project=own, cycle=ReportingCycleFactory(week="2026-W46"), author=pm)
    away(pm, deputy)
    from portfolio.selectors.status_report import load_sheet, stored_values

    acting = again(deputy)
    base = stored_values(load_sheet(own, cycle), NOW)
    assert status_queue_projects(acting) == [own.code]
    submit_status_report(
        project=own, cycle=cycle, by=acting, values={**base, "message": "Tout suit."}, base=base, now=NOW
    )

    report = StatusReport.objects.get(cycle=cycle)
    assert report.signature == f"{deputy.full_name}, suppléant de {pm.full_name}"
    client = Client()
    client.force_login(user_with(Role.PSO))
    for page in (f"status/{cycle.slug}/", "status/", ""):
        assert report.signature in client.get(f"/projects/{own.code}/{page}").content.decode()
    assert AuditEntry.objects.get(verb="status_report.submitted").data["for_person"] == pm.full_name


def test_the_page_names_a_deputy_tells_him_and_ends_early(pm: User, deputy: User) -> None:
    own = ProjectFactory(manager=pm.person)
    client = Client()
    client.force_login(pm)
    form = {"first_day": TODAY.isoformat(), "last_day": "2026-12-04", "deputy": deputy.person.pk}

    assert client.post("/my/absences/", form).status_code == 303
    assert client.post("/my/absences/", form).status_code == 303

    absence = Absence.objects.get()
    assert Notification.objects.get(user=deputy).kind == "absence_named"
    assert f"Suppléant jusqu’au 4\u00a0déc.\u00a0: {deputy.full_name}" in client.get(
        f"/projects/{own.code}/"
    ).content.decode().replace(" :", "\u00a0:").replace("4 déc", "4\u00a0déc")
    assert deputy.full_name in client.get("/my/").content.decode()
    assert client.post(f"/my/absences/{absence.pk}/end/").status_code == 303
    assert not has_permission(again(deputy), Permission.STATUS_SUBMIT, own)
    assert [entry.verb for entry in AuditEntry.objects.order_by("number")] == ["absence.added", "absence.ended"]


def test_nobody_ends_the_absence_of_others(pm: User, deputy: User) -> None:
    absence, client = away(pm, deputy, created_by=pm), Client()
    client.force_login(user_with(Role.PSO))
    assert client.post(f"/my/absences/{absence.pk}/end/").status_code == 404


def test_a_deputy_gives_the_task_back(pm: User, deputy: User) -> None:
    absence, client = away(pm, deputy), Client()
    client.force_login(deputy)
    assert client.post(f"/my/absences/{absence.pk}/end/").status_code == 303
    assert Notification.objects.get(user=pm).kind == "absence_ended"


def test_refusals_say_why(pm: User, deputy: User) -> None:
    def refused(**changes: object) -> str:
        values = {"deputy": deputy.person, "first_day": TODAY, "last_day": TODAY + timedelta(days=2), **changes}
        with pytest.raises(ValidationError) as caught:
            add_absence(by=pm, now=NOW, **values)
        return " ".join(caught.value.messages)

    assert "passé" in refused(first_day=TODAY - timedelta(days=1))
    assert "précède" in refused(last_day=TODAY - timedelta(days=1), first_day=TODAY)
    assert "un an" in refused(last_day=TODAY + timedelta(days=400))
    assert "ne peut pas vous remplacer" in refused(deputy=pm.person)
    assert "ne peut pas vous remplacer" in refused(deputy=user_with(Role.AUDITOR).person)
    AbsenceFactory(person=deputy.person, first_day=TODAY + timedelta(days=1))
    assert "ne se transmet pas" in refused()
    add_absence(by=pm, now=NOW, deputy=user_with(Role.PM).person, first_day=TODAY, last_day=TODAY)
    assert "couvre déjà" in refused(deputy=user_with(Role.PM).person)
