"""Each page of the app against each role, and what its forms do."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from people.engines.device import short_name
from people.enums import JobState, Role, RoleAction
from people.models import ApiToken, AuditEntry, Job, RoleRequest, User
from people.services import account, audit, jobs
from tests.factories.people import UserFactory, user_with

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(Role)
PAGES = {
    "people:account": EVERYBODY,
    "people:sessions": EVERYBODY,
    "people:tokens": {
        Role.PM,
        Role.PROGRAMME_MANAGER,
        Role.PSO,
        Role.HEAD_OF_CENTRE,
        Role.DIRECTOR,
        Role.FINANCE,
    },
    "people:audit": EVERYBODY - {Role.CODIR, Role.INVESTMENT_COMMITTEE},
    "people:history": {Role.AUDITOR},
    "people:permissions": {Role.PSO, Role.HEAD_OF_CENTRE, Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR},
    "people:roles": {Role.PSO, Role.DIRECTOR, Role.AUDITOR, Role.ADMINISTRATOR},
    "people:role_propose": {Role.PSO, Role.ADMINISTRATOR},
    "people:account_new": {Role.ADMINISTRATOR},
    "people:jobs": {Role.PSO, Role.ADMINISTRATOR},
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="people.services.login_backend.AccountBackend")
    return client


@pytest.mark.parametrize("role", Role)
def test_page_answers_who_may_and_refuses_the_others(role: Role) -> None:
    client = signed_in(user_with(role))
    answers = {name: client.get(reverse(name)).status_code for name in PAGES}
    assert answers == {name: 200 if role in allowed else 403 for name, allowed in PAGES.items()}


def test_pages_send_a_visitor_to_the_log_in() -> None:
    for name in PAGES:
        response = Client().get(reverse(name))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("people:audit_verify", []),
        ("people:job_retry", [1]),
        ("people:role_decide", [1]),
        ("people:session_end", ["x"]),
    ],
)
def test_changing_addresses_refuse_a_get(name: str, arguments: list[object]) -> None:
    assert signed_in(user_with(Role.PSO)).get(reverse(name, args=arguments)).status_code == 405


def test_own_acts_only_for_who_may_read_his_own() -> None:
    mine, other = user_with(Role.PM), user_with(Role.PM)
    audit.record(by=mine, verb="mine.done")
    audit.record(by=other, verb="other.done")
    page = signed_in(mine).get(reverse("people:audit")).content.decode()
    assert "mine.done" in page
    assert "other.done" not in page


def test_audit_links_to_the_history_of_tracked_things_only() -> None:
    auditor = user_with(Role.AUDITOR)
    audit.record(by=auditor, verb="person.changed", target=auditor.person)
    audit.record(by=auditor, verb="job.stopped", target=jobs.enqueue(kind="x", key="x", payload={}, by=None))
    client = signed_in(auditor)

    page = client.get(reverse("people:audit")).content.decode()
    addresses = [unescape(one) for one in re.findall(r'href="([^"]*/history/\?type=[^"]*)"', page)]

    assert addresses
    assert all(client.get(address).status_code == 200 for address in addresses)
    assert "type=people.job" not in page


def test_audit_filters_and_ignores_nonsense() -> None:
    auditor = user_with(Role.AUDITOR)
    audit.record(by=auditor, verb="a.done")
    audit.record(by=auditor, verb="b.done")
    client = signed_in(auditor)
    page = client.get(reverse("people:audit"), {"verb": "a.done", "since": "hier", "page": "abc"})
    assert [entry.verb for entry in page.context["page"]] == ["a.done"]


def test_verify_names_the_result() -> None:
    auditor = user_with(Role.AUDITOR)
    audit.record(by=auditor, verb="a.done")
    client = signed_in(auditor)
    assert "intacte" in client.post(reverse("people:audit_verify")).content.decode()
    wrong = client.post(reverse("people:audit_verify"), {"anchor": "9:" + "0" * 16})
    assert "coupée à partir du n° 2" in wrong.content.decode()
    assert client.post(reverse("people:audit_verify"), {"anchor": "x"}).status_code == 422


def test_history_shows_before_and_after() -> None:
    auditor, other = user_with(Role.AUDITOR), UserFactory()
    User.objects.filter(pk=other.pk).update(theme="dark")
    page = signed_in(auditor).get(reverse("people:history"), {"type": "people.user", "id": other.pk}).content.decode()
    assert "<del>Comme l’appareil</del>" in page
    assert "<ins>Sombre</ins>" in page
    assert signed_in(auditor).get(reverse("people:history"), {"type": "auth.group"}).status_code == 404


def test_role_change_by_two_people_through_the_pages() -> None:
    target, pso, director = user_with(), user_with(Role.PSO), user_with(Role.DIRECTOR)
    form = {
        "action": "grant",
        "user": target.pk,
        "role": "finance",
        "reviewer_kind": "",
        "reason": "Nouveau contrôleur",
    }
    assert signed_in(pso).post(reverse("people:role_propose"), form).status_code == 303
    request = RoleRequest.objects.get()
    address = reverse("people:role_decide", args=[request.pk])
    assert signed_in(pso).post(address, {"decision": "approve"}).status_code == 403
    assert signed_in(director).post(address, {"decision": "approve"}).status_code == 303
    assert User.objects.get(pk=target.pk).role_set == {Role.FINANCE}


def test_director_cannot_approve_what_concerns_him() -> None:
    pso, director = user_with(Role.PSO), user_with(Role.DIRECTOR)
    request = account.propose_role_change(
        action=RoleAction.GRANT, user=director, role=Role.AUDITOR, by=pso, reason="Cumul"
    )
    client = signed_in(director)
    client.post(reverse("people:role_decide", args=[request.pk]), {"decision": "approve"})
    assert User.objects.get(pk=director.pk).role_set == {Role.DIRECTOR}


def test_proposal_that_the_database_refuses_is_shown_beside_the_form() -> None:
    target, pso = user_with(), user_with(Role.PSO)
    form = {"action": "grant", "user": target.pk, "role": "reviewer", "reviewer_kind": "", "reason": "x"}
    response = signed_in(pso).post(reverse("people:role_propose"), form)
    assert response.status_code == 422
    assert "quelle relecture" in response.content.decode()


def test_account_opened_by_the_administrator() -> None:
    client = signed_in(user_with(Role.ADMINISTRATOR))
    form = {"username": "nouveau", "email": "nouveau@example.org", "person": ""}
    assert client.post(reverse("people:account_new"), form).status_code == 303
    assert User.objects.get(username="nouveau").role_set == frozenset()
    assert client.post(reverse("people:account_new"), form).status_code == 422


def test_closing_an_account_ends_its_sessions() -> None:
    target, admin = user_with(Role.PM), user_with(Role.ADMINISTRATOR)
    client = signed_in(target)
    assert client.get(reverse("people:account")).status_code == 200
    signed_in(admin).post(reverse("people:account_close", args=[target.pk]))
    assert client.get(reverse("people:account")).status_code == 302


def test_preferences_are_kept_and_change_the_language_at_once() -> None:
    user = user_with(Role.PM)
    client = signed_in(user)
    form = {"language": "nl", "theme": "dark", "compact_rows": "on"}
    response = client.post(reverse("people:account"), form)
    assert response.status_code == 303
    user.refresh_from_db()
    assert (user.language, user.theme, user.compact_rows, user.single_key_shortcuts) == ("nl", "dark", True, False)
    page = client.get(reverse("people:account")).content.decode()
    assert '<html lang="nl" data-theme="dark">' in page


def test_key_is_shown_once_and_can_be_revoked() -> None:
    client = signed_in(user_with(Role.PM))
    created = client.post(reverse("people:tokens"), {"name": "export", "scopes": ["read"], "days": "30"})
    key = created.context["created"].key
    assert key in created.content.decode()
    assert key not in client.get(reverse("people:tokens")).content.decode()
    token = ApiToken.objects.get()
    assert signed_in(user_with(Role.PM)).post(reverse("people:token_revoke", args=[token.pk])).status_code == 404
    client.post(reverse("people:token_revoke", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8.0", "curl/8.0"),
    ],
)
def test_browser_is_named_in_two_words(agent: str, name: str) -> None:
    assert short_name(agent) == name


def test_sessions_are_listed_and_ended_by_their_owner_only() -> None:
    user = user_with(Role.PM)
    here, there = signed_in(user), signed_in(user)
    sessions = here.get(reverse("people:sessions")).context["sessions"]
    other = next(one for one in sessions if not one.current)
    stranger = signed_in(user_with(Role.PM))
    assert stranger.post(reverse("people:session_end", args=[other.reference])).status_code == 404
    assert here.post(reverse("people:session_end", args=[other.reference])).status_code == 303
    assert there.get(reverse("people:account")).status_code == 302


def test_parked_job_shows_its_cause_and_is_retried() -> None:
    job = jobs.enqueue(kind="unknown", key="k", payload={}, by=None)
    Job.objects.filter(pk=job.pk).update(
        state=JobState.PARKED, attempts=3, error="RuntimeError: disque plein", finished_at=job.created_at
    )
    client = signed_in(user_with(Role.PSO))
    assert "disque plein" in client.get(reverse("people:jobs")).content.decode()
    assert client.post(reverse("people:job_retry", args=[job.pk])).status_code == 303
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert AuditEntry.objects.filter(verb="job.retried").exists()


def test_hostile_names_are_shown_as_text() -> None:
    auditor = user_with(Role.AUDITOR)
    audit.record(by=auditor, verb="x", data={"t": '"><script>alert(1)</script>'})
    assert "<script>alert(1)" not in signed_in(auditor).get(reverse("people:audit")).content.decode()
