"""Who is written to, how, and what is left of it when a run dies."""

from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings

from config import clock
from people.enums import Language, MailState, Role
from people.models import AuditEntry, Mail, Notification, RoleAssignment, User
from people.services import retention
from people.services.mail import queue_mail
from portfolio.enums import Confidentiality
from portfolio.models import Project
from reporting.enums import PackState
from reporting.models import PackRecipient
from reporting.services import distribution
from reporting.services.distribution import NotPublishedError, distribute, revoke_link
from tests.factories.packs import file_for, published_pack, rendered_pack, reread
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.reporting.services.test_freeze import portfolio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")
    return tmp_path / "packs"


def keys() -> set[str]:
    return set(Mail.objects.filter(key__startswith="pack:").values_list("key", flat=True))


def test_codir_and_director_with_an_address_receive_it_and_nobody_else() -> None:
    director = user_with(Role.DIRECTOR)
    members = [user_with(Role.CODIR), user_with(Role.CODIR, Role.FINANCE)]
    for role in (Role.PSO, Role.INVESTMENT_COMMITTEE, Role.AUDITOR, Role.PM):
        user_with(role)
    user_with(Role.CODIR, email="")
    user_with(Role.CODIR, is_active=False)
    left = user_with(Role.CODIR)
    RoleAssignment.objects.filter(user=left).update(valid_to=clock.today())
    pack = published_pack(portfolio(1), director)
    distribute(pack=pack, now=clock.now())
    assert keys() == {f"pack:{pack.pk}:{user.pk}" for user in (director, *members)}
    assert reread(pack).state == PackState.DISTRIBUTED
    told = Notification.objects.filter(kind="pack_published")
    assert set(told.values_list("user", flat=True)) == {user.pk for user in (director, *members)}
    assert {note.mail for note in told} == {None}


def test_each_reads_the_pack_in_his_language() -> None:
    member = user_with(Role.CODIR, language=Language.DUTCH)
    pack = published_pack(portfolio(1))
    file_for(pack, "nl")
    distribute(pack=pack, now=clock.now())
    row = PackRecipient.objects.get(user=member)
    assert (row.language, row.mail.language) == ("nl", "nl")


def test_without_restricted_project_the_copy_is_attached_and_marked(own_folder: Path) -> None:
    member = user_with(Role.CODIR)
    pack = published_pack(portfolio(1))
    distribute(pack=pack, now=clock.now())
    row = PackRecipient.objects.get(user=member)
    (attached,) = row.mail.attachments
    assert row.channel == "attachment"
    assert "/p/" not in row.mail.text + row.mail.html
    with pikepdf.open(own_folder / attached["path"]) as document:
        original = pack.renditions.get().pdf_sha256
        assert str(document.docinfo["/CadranOriginalSHA256"]) == original


def test_one_restricted_project_makes_it_a_personal_link_for_all() -> None:
    member = user_with(Role.CODIR)
    cycle = portfolio(1)
    ProjectFactory(confidentiality=Confidentiality.RESTRICTED)
    pack = published_pack(cycle)
    Project.objects.update(confidentiality=Confidentiality.INTERNAL)
    distribute(pack=pack, now=clock.now())
    row = PackRecipient.objects.get(user=member)
    assert (row.channel, row.mail.attachments) == ("link", [])
    assert f"{settings.BASE_URL}/p/" in row.mail.text
    assert row.token_hash not in row.mail.text
    assert row.expires_at - row.created_at == timedelta(days=settings.PACK_LINK_DAYS)


def test_a_run_that_dies_is_taken_up_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        user_with(Role.CODIR)
    pack = published_pack(portfolio(1))
    calls = []

    def dies(**arguments):
        calls.append(arguments)
        if len(calls) == 3:
            raise OSError("killed")
        return queue_mail(**arguments)

    monkeypatch.setattr(distribution, "queue_mail", dies)
    with pytest.raises(OSError, match="killed"):
        distribute(pack=pack, now=clock.now())
    assert (len(keys()), PackRecipient.objects.count()) == (2, 2)
    assert reread(pack).state == PackState.PUBLISHED
    first = dict(PackRecipient.objects.values_list("user", "token_hash"))
    monkeypatch.setattr(distribution, "queue_mail", queue_mail)
    done = distribute(pack=reread(pack), now=clock.now())
    assert (done.queued, done.known) == (3, 2)
    again = dict(PackRecipient.objects.values_list("user", "token_hash"))
    assert first.items() <= again.items()
    assert len(keys()) == len(again) == 5
    assert distribute(pack=reread(pack), now=clock.now()).queued == 0
    assert AuditEntry.objects.filter(verb="pack.distributed").count() == 1


def test_a_pack_that_is_not_published_goes_to_nobody() -> None:
    user_with(Role.CODIR)
    with pytest.raises(NotPublishedError):
        distribute(pack=rendered_pack(portfolio(1)), now=clock.now())
    assert keys() == set()


def test_a_link_is_revoked_once() -> None:
    member, pso = user_with(Role.CODIR), user_with(Role.PSO)
    distribute(pack=published_pack(portfolio(1)), now=clock.now())
    row = PackRecipient.objects.get(user=member)
    assert revoke_link(recipient=row, by=pso, now=clock.now())
    assert not revoke_link(recipient=row, by=pso, now=clock.now())
    entry = AuditEntry.objects.get(verb="pack.link_revoked")
    assert User.objects.get(pk=entry.actor_id) == pso


def test_a_personal_copy_is_deleted_once_its_link_has_expired_and_the_pack_stays(own_folder: Path) -> None:
    user_with(Role.CODIR)
    pack = published_pack(portfolio(1), user_with(Role.DIRECTOR))
    distribute(pack=pack, now=clock.now())
    first, second = PackRecipient.objects.order_by("pk")
    copies = own_folder / "copies"
    assert len(list(copies.iterdir())) == 2
    Mail.objects.update(state=MailState.SENT, sent_at=clock.now())
    past = clock.now() - timedelta(days=1)
    PackRecipient.objects.filter(pk=first.pk).update(created_at=past - timedelta(days=1), expires_at=past)

    due = {item.rule.name: item.count for item in retention.due(clock.now())}
    assert due["copies"] == 1
    retention.purge(clock.now())
    assert [path.name for path in copies.iterdir()] == [Path(second.mail.attachments[0]["path"]).name]
    assert (own_folder / pack.renditions.get().path).is_file()
    assert {item.rule.name: item.count for item in retention.due(clock.now())}["copies"] == 0
