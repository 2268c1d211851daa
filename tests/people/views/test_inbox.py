"""The inbox and the outbox: one's own things, read without JavaScript; decisions about mail."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config import clock
from people.enums import MailChoice, MailState, Purpose, Role
from people.models import AuditEntry, Mail, Notification, NotificationSetting, User
from people.services import notify
from people.services.mail import queue_mail
from people.services.notify import Kind, Wording
from tests.factories.people import UserFactory, user_with
from tests.people.views.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "_KINDS", {})
    notify.register_kind(Kind("due", Purpose.STATUS_DUE, lambda data: Wording(f"Statut attendu : {data['code']}")))
    notify.register_kind(Kind("asked", Purpose.DECISION, lambda _data: Wording("Décision <img src=x>")))


def tell(user: User, kind: str = "due", code: str = "P-1") -> Notification:
    notify.notify(users=[user], kind=kind, key=f"{kind}:{code}", data={"code": code}, path="/projects/P-1/")
    return Notification.objects.get(user=user, key=f"{kind}:{code}")


def test_unread_come_first_and_are_counted_in_the_masthead_of_every_page() -> None:
    user = user_with(Role.PM)
    old, _new, last = tell(user), tell(user, code="P-2"), tell(user, "asked")
    Notification.objects.filter(pk=last.pk).update(read_at=clock.now())
    Notification.objects.filter(pk=old.pk).update(created_at="2026-01-01T00:00Z")
    text = signed_in(user).get(reverse("people:inbox")).content.decode()
    places = [text.index(words) for words in ("Statut attendu : P-2", "Statut attendu : P-1", "Décision &lt;img")]
    assert places == sorted(places)
    other_page = signed_in(user).get(reverse("people:account")).content.decode()
    assert "2 notifications non lues" in other_page


def test_an_empty_inbox_says_so() -> None:
    text = signed_in(user_with(Role.PM)).get(reverse("people:inbox")).content.decode()
    assert "Aucune notification pour le moment" in text
    assert "non lue" not in text


def test_opening_marks_as_read_and_leads_to_the_page() -> None:
    user = user_with(Role.PM)
    note = tell(user)
    response = signed_in(user).post(reverse("people:note_open", args=[note.pk]))
    note.refresh_from_db()
    assert (response.status_code, response["Location"]) == (303, "/projects/P-1/")
    assert note.read_at is not None


def test_nobody_reads_or_marks_what_is_not_his() -> None:
    note = tell(user_with(Role.PM))
    other = signed_in(user_with(Role.PSO))
    for name in ("people:note_open", "people:note_read"):
        assert other.post(reverse(name, args=[note.pk])).status_code == 404
    other.post(reverse("people:inbox_read_all"))
    note.refresh_from_db()
    assert note.read_at is None
    assert "P-1" not in other.get(reverse("people:inbox")).content.decode()


def test_all_of_one_purpose_are_marked_and_the_others_stay() -> None:
    user = user_with(Role.PM)
    tell(user), tell(user, "asked")
    signed_in(user).post(reverse("people:inbox_read_all"), {"purpose": Purpose.DECISION})
    assert [note.kind for note in Notification.objects.filter(read_at=None)] == ["due"]
    signed_in(user).post(reverse("people:inbox_read_all"), {"purpose": ""})
    assert not Notification.objects.filter(read_at=None).exists()


def test_a_filter_shows_one_purpose() -> None:
    user = user_with(Role.PM)
    tell(user), tell(user, "asked")
    text = signed_in(user).get(reverse("people:inbox"), {"purpose": "decision"}).content.decode()
    assert "Statut attendu" not in text
    assert "Décision &lt;img" in text


def test_settings_are_saved_and_a_wrong_one_is_explained() -> None:
    user = user_with(Role.PM)
    good = dict.fromkeys(Purpose.values, MailChoice.DIGEST.value)
    client = signed_in(user)
    assert client.post(reverse("people:inbox_settings"), good).status_code == 303
    assert set(NotificationSetting.objects.values_list("choice", flat=True)) == {MailChoice.DIGEST}
    refused = client.post(reverse("people:inbox_settings"), {**good, "pack": "hourly"})
    assert refused.status_code == 422
    assert "error-summary" in refused.content.decode()


@pytest.mark.parametrize("page", ["people:inbox", "people:outbox"])
def test_the_page_costs_the_same_with_one_and_three(page: str) -> None:
    user = user_with(Role.PSO)
    client = signed_in(user)
    counts = []
    for total in (1, 3):
        for number in range(total):
            tell(user, code=f"{total}-{number}")
        Mail.objects.update(state=MailState.UNKNOWN)
        client.get(reverse(page))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(page))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def unknown() -> Mail:
    mail = queue_mail(key="k", purpose=Purpose.PACK, to=UserFactory(), subject="Pack S47", text="t")
    Mail.objects.filter(pk=mail.pk).update(state=MailState.UNKNOWN, reply="Connection <b>lost</b>")
    return mail


def post(client: Client, name: str, mail: Mail) -> Any:
    return client.post(reverse(name, args=[mail.pk]), follow=True)


def test_the_pso_sees_the_servers_words_and_decides() -> None:
    mail, client = unknown(), signed_in(user_with(Role.PSO))
    text = client.get(reverse("people:outbox")).content.decode()
    assert "1 courriel attend une décision" in text
    assert "Connection &lt;b&gt;lost&lt;/b&gt;" in text
    assert "Noté" in post(client, "people:mail_arrived", mail).content.decode()
    assert "déjà connu" in post(client, "people:mail_arrived", mail).content.decode()
    assert AuditEntry.objects.filter(verb="mail.arrived").count() == 1


def test_the_administrator_sees_but_does_not_decide() -> None:
    mail, client = unknown(), signed_in(user_with(Role.ADMINISTRATOR))
    text = client.get(reverse("people:outbox")).content.decode()
    assert "Pack S47" in text
    assert reverse("people:mail_again", args=[mail.pk]) not in text
    assert post(client, "people:mail_again", mail).status_code == 403


def test_the_api_lists_ones_own_and_marks_as_read() -> None:
    user = user_with(Role.PM)
    note = tell(user)
    tell(user_with(Role.PM))
    client = signed_in(user)
    (row,) = client.get("/api/v1/notifications/?unread=true").json()["results"]
    assert (row["title"], row["url"].endswith("/projects/P-1/")) == ("Statut attendu : P-1", True)
    assert client.post(f"/api/v1/notifications/{note.pk}/read/", content_type="application/json").status_code == 200
    assert client.get("/api/v1/notifications/?unread=true").json()["count"] == 0
    assert client.get("/api/v1/notifications/").json()["count"] == 1
