"""Minutes are frozen with the closing, printed once for each who may read what, and printed again to the same bytes."""

import io
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse

from governance.models import Minutes, MinutesPrint
from governance.services.agenda import add_item
from governance.services.closing import write_notes
from governance.services.minutes import KIND, hash_of, html_of
from people.models import AuditEntry, Job
from people.services import jobs
from people.services.printing import print_pdf
from tests.governance.services.test_session import Meeting
from tests.governance.views.test_meeting import client_of

pytestmark = pytest.mark.django_db
SECRET = "Le fournisseur a baissé son prix de moitié"


def closed(*, recused: bool = False) -> Meeting:
    meeting = Meeting()
    add_item(sitting=meeting.sitting, by=meeting.secretary, kind="information", title="Climat de travail")
    meeting.begin()
    if recused:
        meeting.item.recusals.create(person=meeting.members[4], ground="other", at=meeting.now)
    meeting.poll()
    for person in meeting.members[:4]:
        meeting.vote(person)
    write_notes(item=meeting.fresh(), by=meeting.secretary, text=SECRET, version=1)
    meeting.count()
    meeting.decide()
    meeting.finish()
    return meeting


def print_all() -> None:
    jobs.run_now(Job.objects.get(kind=KIND).pk)


def test_the_closing_freezes_what_was_said_and_nothing_changes_it() -> None:
    meeting = closed()
    minutes = Minutes.objects.get()
    item = minutes.data["items"][0]
    assert (item["notes"], item["verdict"], item["decisions"][0]["number"]) == (SECRET, "Adoptée", item_number(meeting))
    assert minutes.data_hash == hash_of(minutes.data)
    assert AuditEntry.objects.filter(number=minutes.data["chain"]["number"]).exists()
    for act in (lambda: Minutes.objects.update(data={}), lambda: Minutes.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            act()


def item_number(meeting: Meeting) -> str:
    return meeting.item.decisions.get().number


def test_the_print_is_tagged_and_made_once_and_a_lost_file_comes_back_the_same() -> None:
    closed()
    print_all()
    (row,) = MinutesPrint.objects.all()
    path = Path(settings.PACKS_ROOT) / row.path
    first = path.read_bytes()
    with pikepdf.open(io.BytesIO(first)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"
        assert "Procès-verbal" in str(document.docinfo.Title)
        assert b"pdfuaid" in document.Root.Metadata.read_bytes()
    path.unlink()
    jobs.enqueue_again(kind=KIND, key=Job.objects.get(kind=KIND).key, payload={"minutes": row.minutes_id}, by=None)
    print_all()
    assert MinutesPrint.objects.get().pdf_sha256 == row.pdf_sha256
    assert path.read_bytes() == first
    assert AuditEntry.objects.filter(verb="minutes.printed").count() == 1
    minutes = Minutes.objects.get()
    html = html_of(minutes, "")
    assert print_pdf(html, identifier="x").data == print_pdf(html, identifier="x").data


def test_a_recused_member_is_given_a_print_without_his_item() -> None:
    meeting = closed(recused=True)
    minutes = Minutes.objects.get()
    assert SECRET in html_of(minutes, "")
    withheld = html_of(minutes, "1")
    assert SECRET not in withheld
    assert meeting.request.question not in withheld
    assert "Climat de travail" in withheld
    print_all()
    assert sorted(MinutesPrint.objects.values_list("withheld", flat=True)) == ["", "1"]
    address = reverse("governance:meeting_minutes_pdf", args=[meeting.sitting.pk])
    whole, part = (client_of(user).get(address)["X-SHA256"] for user in (meeting.users[0], meeting.users[4]))
    assert whole == MinutesPrint.objects.get(withheld="").pdf_sha256
    assert part == MinutesPrint.objects.get(withheld="1").pdf_sha256


def test_the_page_says_that_the_print_is_on_its_way_and_then_links_it() -> None:
    meeting = closed()
    page, pdf = (reverse(f"governance:{name}", args=[meeting.sitting.pk]) for name in MINUTES)
    chair = client_of(meeting.users[0])
    assert "en cours d’impression" in chair.get(page).content.decode()
    assert chair.get(pdf).status_code == 404
    print_all()
    assert pdf in chair.get(page).content.decode()


MINUTES = ("meeting_minutes", "meeting_minutes_pdf")
