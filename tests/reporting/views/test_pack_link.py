"""The personal link of a mail: one file, one person, as long as he may read it."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from django.test import Client

from config import clock
from people.enums import Role
from people.models import AuditEntry, RoleAssignment, User
from reporting.models import Pack, PackDownload, PackRecipient
from reporting.services.distribution import distribute
from reporting.views.pack_file import LINK_CALLS
from tests.factories.packs import published_pack
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.reporting.services.test_freeze import portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


@pytest.fixture
def member() -> User:
    return user_with(Role.CODIR)


@pytest.fixture
def link(member: User) -> str:
    """The address as it stands in the mail of a pack with a restricted project."""
    cycle = portfolio(1)
    ProjectFactory(confidentiality="restricted")
    distribute(pack=published_pack(cycle), now=clock.now())
    text = PackRecipient.objects.get(user=member).mail.text
    found = re.search(rf"{re.escape(settings.BASE_URL)}(/p/[\w-]{{43}}/)", text)
    assert found
    return found.group(1)


def test_one_activation_gives_the_marked_file_without_a_session(link: str, member: User) -> None:
    client = Client()
    answer = client.get(link)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        assert str(document.docinfo["/CadranOriginalSHA256"]) == answer["X-Original-SHA256"]
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    row = PackDownload.objects.get()
    assert (row.user, row.channel) == (member, "link")
    assert AuditEntry.objects.get(verb="pack.downloaded").data["channel"] == "link"
    assert client.get("/reports/").status_code == 302


def test_a_look_ahead_of_a_mail_reader_counts_for_nothing(link: str) -> None:
    answer = Client().head(link)
    assert (answer.status_code, answer.content) == (200, b"")
    assert not PackDownload.objects.exists()


def expired(_member: User) -> None:
    PackRecipient.objects.update(
        created_at=clock.now() - timedelta(days=40), expires_at=clock.now() - timedelta(seconds=1)
    )


def revoked(_member: User) -> None:
    PackRecipient.objects.update(revoked_at=clock.now())


def without_role(member: User) -> None:
    RoleAssignment.objects.filter(user=member).update(valid_to=clock.today())


def closed(member: User) -> None:
    User.objects.filter(pk=member.pk).update(is_active=False)


@pytest.mark.parametrize("end", [expired, revoked, without_role, closed])
def test_a_link_ends_with_its_time_its_revocation_or_the_right_to_read(end, link: str, member: User) -> None:
    unknown = Client().get("/p/" + "x" * 43 + "/")
    end(member)
    answer = Client().get(link)
    assert answer.status_code == unknown.status_code == 404
    bare = [re.sub(rb"[0-9a-f]{12}|nonce-\S+", b"", one.content) for one in (answer, unknown)]
    assert len(bare[0]) == len(bare[1])
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not PackDownload.objects.exists()


def test_only_a_hash_of_the_link_is_kept_with_the_recipient(link: str) -> None:
    token = link.split("/")[2]
    assert not PackRecipient.objects.filter(token_hash__contains=token).exists()
    assert Client().get(f"/p/{PackRecipient.objects.first().token_hash}/").status_code == 404


def test_guessing_is_slowed_down(link: str) -> None:
    client = Client()
    answers = [client.get(f"/p/{number:043d}/").status_code for number in range(LINK_CALLS + 1)]
    assert set(answers[:-1]) == {404}
    assert answers[-1] == 429
    assert Pack.objects.count() == 1
