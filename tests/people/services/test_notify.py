"""Notifications: told once, worded for their reader, mailed as he chose, in one digest a day."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import translation

from config.clock import BRUSSELS
from people.enums import Language, MailChoice, Purpose
from people.models import Job, Mail, Notification, User
from people.services import digest, inbox, jobs, notify, schedule
from people.services.notify import Kind, Wording
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

TITLES = {"fr": "Statut attendu pour %(code)s", "nl": "Status verwacht voor %(code)s", "en": "Status due for %(code)s"}


def word(data: Mapping[str, Any]) -> Wording:
    return Wording(TITLES[translation.get_language() or "fr"] % data, "Texte <b>typé</b>")


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "_KINDS", {})
    notify.register_kind(Kind("due", Purpose.STATUS_DUE, word))
    notify.register_kind(Kind("asked", Purpose.DECISION, word))


def tell(*users: User, kind: str = "due", key: str = "k", path: str = "/projects/P-1/") -> int:
    return notify.notify(users=users, kind=kind, key=key, data={"code": "P-1"}, path=path)


def test_each_is_told_once_per_occasion() -> None:
    anne, paul = UserFactory(), UserFactory()
    assert (tell(anne), tell(anne, paul), tell(anne, paul), tell(paul, key="other")) == (1, 1, 0, 1)
    assert Notification.objects.count() == Mail.objects.count() == Job.objects.count() == 3


def test_a_closed_account_is_told_nothing() -> None:
    assert tell(UserFactory(is_active=False)) == 0


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_a_notification_leads_to_this_site_only(path: str) -> None:
    with pytest.raises(ValueError, match=path.replace("(", r"\(").replace(")", r"\)")):
        tell(UserFactory(), path=path)


@pytest.mark.parametrize("language", list(Language))
def test_the_mail_is_in_the_readers_language_with_an_absolute_link(language: Language, settings: Any) -> None:
    settings.BASE_URL = "https://cadran.example.org"
    tell(UserFactory(language=language))
    mail = Mail.objects.get()
    assert mail.subject == TITLES[language] % {"code": "P-1"}
    assert mail.language == language
    assert f'<html lang="{language}">' in mail.html
    for text in (mail.text, mail.html):
        assert "https://cadran.example.org/projects/P-1/" in text
        assert "https://cadran.example.org/inbox/#settings" in text
    assert "Texte <b>typé</b>" in mail.text
    assert "Texte &lt;b&gt;typé&lt;/b&gt;" in mail.html


def test_settings_of_each_purpose_are_respected() -> None:
    default, never, daily, at_once = (UserFactory() for _ in range(4))
    inbox.save_choices(user=never, choices={Purpose.STATUS_DUE: MailChoice.NONE, Purpose.DECISION: MailChoice.NONE})
    inbox.save_choices(user=daily, choices={Purpose.STATUS_DUE: MailChoice.DIGEST})
    inbox.save_choices(user=at_once, choices={Purpose.DECISION: MailChoice.NOW})
    tell(default, never, daily, at_once)
    tell(default, never, daily, at_once, kind="asked", key="asked")
    told = Mail.objects.values_list("recipient", "purpose")
    assert set(told) == {
        (default.pk, Purpose.STATUS_DUE),
        (at_once.pk, Purpose.STATUS_DUE),
        (at_once.pk, Purpose.DECISION),
    }
    assert Notification.objects.count() == 8


def test_the_last_saved_setting_holds() -> None:
    user = UserFactory()
    for choice in (MailChoice.NONE, MailChoice.NOW):
        inbox.save_choices(user=user, choices={Purpose.DECISION: choice})
    assert notify.choices([user])[user.pk][Purpose.DECISION] == MailChoice.NOW


def test_the_digest_is_one_mail_a_day_with_what_is_unread() -> None:
    user, other = UserFactory(language="nl"), UserFactory()
    with time_machine.travel(datetime(2026, 11, 23, 18, tzinfo=BRUSSELS), tick=False):
        for number in range(3):
            tell(user, kind="asked", key=f"k{number}")
        tell(other, kind="asked", key="k0")
        inbox.mark_all_read(user=other)
    due = datetime(2026, 11, 24, 7, 30, tzinfo=BRUSSELS)
    assert (digest.send_digests(due), digest.send_digests(due)) == (1, 0)
    mail = Mail.objects.get()
    assert (mail.key, mail.recipient_id) == (f"digest:{user.pk}:2026-11-24", user.pk)
    assert mail.text.count("Status verwacht voor P-1") == 3
    assert Notification.objects.filter(mail=mail).count() == 3


def test_what_comes_after_the_digest_waits_for_the_next_one() -> None:
    user = UserFactory()
    due = datetime(2026, 11, 24, 7, 30, tzinfo=BRUSSELS)
    for number, at in enumerate((due - timedelta(hours=1), due + timedelta(minutes=1))):
        with time_machine.travel(at, tick=False):
            tell(user, kind="asked", key=f"k{number}")
    sent = [digest.send_digests(due), digest.send_digests(due), digest.send_digests(due + timedelta(days=1))]
    assert sent == [1, 0, 1]
    assert sorted(Mail.objects.values_list("key", flat=True)) == [
        f"digest:{user.pk}:2026-11-24",
        f"digest:{user.pk}:2026-11-25",
    ]


@pytest.fixture
def beating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_SCHEDULES", {digest.DAILY.name: digest.DAILY})


@pytest.mark.usefixtures("beating")
@pytest.mark.parametrize("first", [date(2026, 10, 24), date(2027, 3, 27)])
def test_one_digest_a_day_across_the_clock_change(first: date) -> None:
    user, hours = UserFactory(), []
    times = [time.fromisoformat(one) for one in ("00:00", "02:30", "07:00", "07:30", "08:00", "20:00")]
    for instant in (datetime.combine(first + timedelta(days=day), one, BRUSSELS) for day in range(3) for one in times):
        with time_machine.travel(instant, tick=False):
            tell(user, kind="asked", key=f"{instant}")
            for job in [*schedule.run_due(), *schedule.run_due()]:
                jobs.run_now(job.pk)
                hours.append(instant.strftime("%d %H:%M"))
    keys = [key for key in Mail.objects.order_by("key").values_list("key", flat=True) if key.startswith("digest:")]
    days = [f"digest:{user.pk}:{first + timedelta(days=number)}" for number in range(3)]
    assert keys == days
    assert [one[3:] for one in hours][1:] == ["07:30"] * 3
