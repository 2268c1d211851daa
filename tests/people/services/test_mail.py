"""Mail: one row per key, one SMTP transaction, every way it may end written down and none tried twice in doubt."""

import pytest
from django.core import mail as outbox

from people.enums import MailState, Purpose
from people.models import Job, Mail
from people.services import jobs
from people.services.mail import queue_mail
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def test_a_mail_is_sent_once_with_both_texts() -> None:
    user = UserFactory(email="anne@example.org")
    row = queue_mail(key="k", purpose=Purpose.PACK, to=user, subject="Objet", text="Texte", html="<p>Texte</p>")
    assert queue_mail(key="k", purpose=Purpose.PACK, to=user, subject="Autre", text="Autre").pk == row.pk
    job = Job.objects.get(key="mail:k")
    jobs.run_now(job.pk)
    assert jobs.run_now(job.pk) is None
    row.refresh_from_db()
    assert (row.state, row.attempts, Mail.objects.count()) == (MailState.SENT, 1, 1)
    assert [(one.subject, one.to) for one in outbox.outbox] == [("Objet", ["anne@example.org"])]
