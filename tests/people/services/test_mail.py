"""Mail: one row per key, one SMTP transaction, every way it may end written down and none tried twice in doubt."""

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction

from config import clock
from people.enums import JobState, MailState, Purpose
from people.models import AuditEntry, Job, Mail, User
from people.services import jobs, mail, schedule
from people.services.mail import Attachment, queue_mail
from tests.factories.people import UserFactory
from tests.sink import BACKEND, Sink, running

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Nothing in the product catches it: the process is gone."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running(Sink()) as server:
        yield server


def queue(key: str = "k", address: str = "anne@example.org", **fields: Any) -> Mail:
    to = User.objects.filter(email=address).first() or UserFactory(email=address)
    given = {"subject": "Objet", "text": "Texte", **fields}
    return queue_mail(key=key, purpose=Purpose.PACK, to=to, **given)


def run(row: Mail) -> Mail:
    """One turn of the mail's job, as the runner gives it."""
    jobs.run_now(Job.objects.get(key=mail.job_key(row)).pk)
    row.refresh_from_db()
    return row


def run_later(row: Mail, delay: timedelta) -> Mail:
    with time_machine.travel(clock.now() + delay, tick=True):
        return run(row)


def test_a_mail_is_queued_once_per_key_and_sent_once(sink: Sink) -> None:
    row = queue()
    assert queue(subject="Autre").pk == row.pk
    run(row)
    run(row)
    assert (row.state, row.attempts, row.reply) == (MailState.SENT, 1, "250 2.0.0 gardé")
    assert Mail.objects.count() == Job.objects.count() == len(sink.texts) == 1


def test_the_message_is_what_was_typed_and_headers_are_ours(sink: Sink) -> None:
    run(
        queue(subject="Été\r\nBcc: x@evil.example " + "très long " * 30, text="Bonjour,\n.\nfin à 7 h", html="<p>é</p>")
    )
    (message,) = sink.of("anne@example.org")
    assert message["Bcc"] is None
    assert str(message["Subject"]).startswith("Été Bcc: x@evil.example très long")
    assert len(str(message["Subject"])) <= 200
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().split() == ["Bonjour,", ".", "fin", "à", "7", "h"]
    assert rich.get_content().strip() == "<p>é</p>"
    assert (message["Auto-Submitted"], message["Message-ID"]) == ("auto-generated", mail.message_id("k"))


def test_the_message_id_is_the_same_for_the_same_key_and_host_of_the_base_url(settings: Any) -> None:
    settings.BASE_URL = "https://cadran.example.org"
    assert mail.message_id("a") == mail.message_id("a") != mail.message_id("b")
    assert mail.message_id("a").endswith("@cadran.example.org>")


def test_an_attachment_is_sent_as_it_was_hashed_and_not_otherwise(sink: Sink) -> None:
    data = b"%PDF-1.7 " + bytes(range(256)) * 400
    folder = Path(settings.PACKS_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "p.pdf").write_bytes(data)
    good = Attachment("Pack S47 / CODIR.pdf", "p.pdf", "application/pdf", hashlib.sha256(data).hexdigest())
    bad = Attachment("Pack.pdf", "p.pdf", "application/pdf", "0" * 64)
    outside = Attachment("x", "../../etc/passwd", "text/plain", hashlib.sha256(b"").hexdigest() + "x")
    assert run(queue("good", attachments=[good])).state == MailState.SENT
    assert run(queue("bad", attachments=[bad])).state == MailState.PARKED
    assert run(queue("outside", attachments=[outside])).state == MailState.PARKED
    ((_to, message),) = sink.texts
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("Pack S47 - CODIR.pdf", data)


def test_a_refused_address_is_kept_verbatim_and_the_others_are_delivered(sink: Sink) -> None:
    sink.refused["non@example.org"] = "550 5.1.1 <non@example.org>: inconnu ici"
    rows = [run(queue(f"k{name}", f"{name}@example.org")) for name in ("anne", "non", "paul")]
    assert [row.state for row in rows] == [MailState.SENT, MailState.REFUSED, MailState.SENT]
    assert rows[1].reply == "550 5.1.1 <non@example.org>: inconnu ici"
    assert Job.objects.filter(state=JobState.DONE).count() == 3
    assert [to for to, _message in sink.texts] == ["anne@example.org", "paul@example.org"]


def test_a_busy_server_is_tried_again_after_its_back_off(sink: Sink) -> None:
    sink.busy = 1
    row = run(queue())
    job = Job.objects.get()
    assert (row.state, row.reply, row.handed_at) == (MailState.QUEUED, "451 4.7.1 revenez plus tard", None)
    assert (job.state, job.attempts, job.run_after) == (JobState.QUEUED, 0, row.run_after)
    assert run(row).attempts == 1
    assert run_later(row, timedelta(seconds=61)).state == MailState.SENT
    assert len(sink.texts) == 1


def test_a_server_that_stays_away_is_tried_nine_times_in_about_a_day_then_set_aside(settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = BACKEND, "127.0.0.1", 1
    row, waits, start = queue(), [], clock.now()
    for _turn in range(9):
        before = row.run_after
        with time_machine.travel(max(start, row.run_after), tick=False):
            run(row)
        waits.append(round((row.run_after - before).total_seconds() / 60))
    assert (row.state, row.attempts) == (MailState.PARKED, 9)
    assert [one for one in waits if one] == [1, 5, 15, 60, 120, 240, 480, 720]
    assert "refused" in row.reply
    assert Job.objects.get().state == JobState.DONE


def test_a_server_that_says_nothing_costs_one_time_out_and_no_page(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = BACKEND, *mute.getsockname()
        started = time.monotonic()
        row = queue()
        queued = time.monotonic() - started
        run(row)
    assert queued < 0.3
    assert time.monotonic() - started < 3
    assert (row.state, row.attempts) == (MailState.QUEUED, 1)


@pytest.mark.parametrize("way", ["hang_up", "silent"])
def test_an_answer_lost_after_the_text_is_unknown_and_never_sent_again_by_itself(
    sink: Sink, settings: Any, way: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    setattr(sink, way, True)
    row = run(queue())
    assert row.state == MailState.UNKNOWN
    assert run_later(row, timedelta(days=2)).state == MailState.UNKNOWN
    assert len(sink.texts) == 1


def test_a_final_no_after_the_text_is_a_refusal(sink: Sink) -> None:
    sink.answer = "554 5.7.1 contenu refusé"
    row = run(queue())
    assert (row.state, row.reply) == (MailState.REFUSED, "554 5.7.1 contenu refusé")


def test_a_crash_between_the_servers_yes_and_our_commit_ends_unknown(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = queue()
    with monkeypatch.context() as dying:
        dying.setattr(mail, "_close", lambda *_a, **_k: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            run(row)
    row.refresh_from_db()
    assert (row.state, Job.objects.get().state) == (MailState.SENDING, JobState.RUNNING)
    assert run(row).state == MailState.SENDING
    assert run_later(row, timedelta(minutes=3)).state == MailState.UNKNOWN
    assert run_later(row, timedelta(days=2)).state == MailState.UNKNOWN
    assert len(sink.texts) == 1


def test_a_crash_before_the_text_is_sent_after_the_lease(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    row = queue()
    with monkeypatch.context() as dying:
        dying.setattr(mail, "_hand", lambda *_a: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            run(row)
    assert sink.texts == []
    assert run_later(row, timedelta(minutes=3)).state == MailState.SENT
    assert len(sink.texts) == 1


def test_a_mail_whose_job_was_set_aside_is_closed_by_the_schedule() -> None:
    queue("early")
    handed = queue("handed")
    Job.objects.update(state=JobState.PARKED, error="x", finished_at=clock.now())
    past = clock.now() - timedelta(minutes=5)
    Mail.objects.filter(pk=handed.pk).update(
        state=MailState.SENDING, lease_until=past, lease_token="0" * 32, handed_at=past
    )
    (due,) = [job for job in schedule.run_due() if job.kind == mail.LOST_KIND]
    jobs.run_now(due.pk)
    assert {row.key: row.state for row in Mail.objects.all()} == {
        "early": MailState.PARKED,
        "handed": MailState.UNKNOWN,
    }
    assert not mail.any_lost(clock.now())


def test_an_account_closed_meanwhile_or_without_address_gets_nothing(sink: Sink) -> None:
    row = queue()
    User.objects.update(is_active=False)
    assert (run(row).state, row.reply) == (MailState.PARKED, "Ce compte est fermé.")
    nobody = queue_mail(key="n", purpose=Purpose.PACK, to=UserFactory(email=""), subject="s", text="t")
    assert (nobody.state, nobody.reply) == (MailState.REFUSED, "Ce compte n’a pas d’adresse e-mail.")
    assert not Job.objects.filter(key="mail:n").exists()
    assert sink.texts == []


def test_a_person_decides_about_the_unknown(sink: Sink) -> None:
    pso = UserFactory()
    arrived, again = queue("arrived"), queue("again")
    sink.hang_up = True
    run(arrived), run(again)
    sink.hang_up = False
    assert mail.mark_arrived(mail=arrived, by=pso).state == MailState.SENT
    assert run(mail.send_again(mail=again, by=pso)).state == MailState.SENT
    assert [message["Message-ID"] for message in sink.of("anne@example.org")][1:] == [mail.message_id("again")] * 2
    acts = list(AuditEntry.objects.order_by("number").values_list("verb", "actor_id", "target_label"))
    assert acts == [("mail.arrived", pso.pk, "arrived"), ("mail.sent_again", pso.pk, "again")]
    for act in (mail.mark_arrived, mail.send_again):
        with pytest.raises(ValidationError):
            act(mail=arrived, by=pso)


def test_a_corrected_address_is_used_when_a_refused_mail_is_sent_again(sink: Sink) -> None:
    sink.refused["anne@example.org"] = "550 inconnue"
    row = run(queue())
    User.objects.filter(pk=row.recipient_id).update(email="anne.b@example.org")
    row = Mail.objects.get(pk=row.pk)
    assert run(mail.send_again(mail=row, by=UserFactory())).state == MailState.SENT
    assert len(sink.of("anne.b@example.org")) == 1


def test_what_is_rolled_back_leaves_no_mail() -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
    assert not Job.objects.exists()


def test_the_backend_that_keeps_mail_in_memory_gets_the_same_message() -> None:
    row = run(queue(html="<p>Texte</p>"))
    (kept,) = outbox.outbox
    assert (row.state, kept.subject, kept.to, kept.body.strip()) == (
        MailState.SENT,
        "Objet",
        ["anne@example.org"],
        "Texte",
    )
    assert kept.message()["Message-ID"] == mail.message_id("k")


def test_drain_tries_what_waits_without_regard_to_back_off(sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    sink.busy = 1
    run(queue())
    call_command("outbox", "status", "--json")
    assert '"queued": 1' in capsys.readouterr().out
    call_command("outbox", "drain", "--json")
    assert '"sent": 1' in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_one_mail(sink: Sink) -> None:
    rows = [queue(f"k{number}") for number in range(5)]

    def work() -> None:
        for row in rows:
            jobs.run_now(Job.objects.get(key=mail.job_key(row)).pk)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.SENT, 1)}
    assert len(sink.texts) == 5
