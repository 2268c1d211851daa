"""The pages of a pack's life: one next step, who may take it, where each copy went, errata."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from config import clock
from people.enums import JobState, MailState, Role
from people.models import AuditEntry, Job, Mail, User
from people.services import jobs
from portfolio.models import Project, ReportingCycle
from reporting.enums import PackState
from reporting.models import Correction, Pack, PackDownload, PackRecipient
from reporting.selectors.edition import distribution_key
from reporting.services.distribution import distribute
from tests.factories.packs import file_for, published_pack, rendered_pack, reread
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.reporting.services.test_freeze import portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


def client_of(user: User | Role) -> Client:
    client = Client()
    client.force_login(user_with(user) if isinstance(user, Role) else user)
    return client


def url(name: str, cycle: ReportingCycle, *more: object) -> str:
    return reverse(f"reporting:{name}", args=[cycle.slug, *more])


def page(client: Client, cycle: ReportingCycle) -> str:
    return client.get(url("pack", cycle)).content.decode()


def test_the_director_is_offered_one_step_at_a_time() -> None:
    pack, client = rendered_pack(portfolio(1)), client_of(Role.DIRECTOR)
    cycle = pack.cycle
    assert "Approuver le pack" in page(client, cycle)
    assert client.post(url("pack_approve", cycle), {"edition": 1}).status_code == 303
    shown = page(client, cycle)
    assert "Approuver le pack" not in shown
    assert '<dialog id="publish-dialog"' in shown
    question = client.get(url("pack_publish", cycle)).content.decode()
    assert "Publier et envoyer" in question
    assert client.post(url("pack_publish", cycle), {"edition": 1}).status_code == 303
    assert reread(pack).state == PackState.PUBLISHED
    assert jobs.run_now(Job.objects.get(key=distribution_key(pack)).pk) == JobState.DONE
    assert "Distribué" in page(client, cycle)


def test_who_built_the_pack_is_told_that_another_must_approve() -> None:
    both = user_with(Role.PSO, Role.DIRECTOR)
    pack, client = rendered_pack(portfolio(1), both), client_of(both)
    assert "une autre personne doit l’approuver" in page(client, pack.cycle)
    client.post(url("pack_approve", pack.cycle), {"edition": 1})
    api = APIClient()
    api.force_authenticate(both)
    answer = api.post(f"/api/v1/packs/{pack.cycle.slug}/approve/", {}, format="json")
    assert answer.status_code == 409
    assert reread(pack).state == PackState.RENDERED


def test_the_api_approves_and_publishes_once_per_key() -> None:
    pack = rendered_pack(portfolio(1))
    api = APIClient()
    api.force_authenticate(user_with(Role.DIRECTOR))
    for step, state in (("approve", "approved"), ("publish", "published")):
        address = f"/api/v1/packs/{pack.cycle.slug}/{step}/"
        first = api.post(address, {}, format="json", headers={"Idempotency-Key": step})
        again = api.post(address, {}, format="json", headers={"Idempotency-Key": step})
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.json()["state"] == again.json()["state"] == state
        assert again["Idempotency-Replayed"] == "true"
        assert api.post(address, {}, format="json").status_code == 409
    assert AuditEntry.objects.filter(verb__in=["pack.approved", "pack.published"]).count() == 2


@pytest.mark.parametrize(
    "role", [Role.CODIR, Role.INVESTMENT_COMMITTEE, Role.FINANCE, Role.HEAD_OF_CENTRE, Role.AUDITOR]
)
def test_readers_of_what_is_decided_wait_for_the_publication(role: Role) -> None:
    pack, client = rendered_pack(portfolio(1)), client_of(role)
    assert client.get(url("pack", pack.cycle)).status_code == 404
    assert client.get(url("pack_pdf", pack.cycle, "fr")).status_code == 404
    director = user_with(Role.DIRECTOR)
    approver = client_of(director)
    approver.post(url("pack_approve", pack.cycle), {"edition": 1})
    assert client.get(url("pack_online", pack.cycle)).status_code == 404
    approver.post(url("pack_publish", pack.cycle), {"edition": 1})
    shown = client.get(url("pack", pack.cycle))
    assert shown.status_code == 200
    assert "Destinataires" not in shown.content.decode()
    assert client.get(url("pack_pdf", pack.cycle, "fr")).status_code == 200


def test_the_page_says_who_received_and_who_was_refused_in_the_servers_own_words() -> None:
    members = [user_with(Role.CODIR), user_with(Role.CODIR)]
    pack = published_pack(portfolio(1))
    distribute(pack=pack, now=clock.now())
    Mail.objects.filter(recipient=members[0]).update(state=MailState.REFUSED, reply="550 5.1.1 No such user here")
    Mail.objects.filter(recipient=members[1]).update(state=MailState.UNKNOWN, reply="")
    client_of(members[1]).get(url("pack_pdf", pack.cycle, "fr"))
    shown = page(client_of(Role.PSO), pack.cycle)
    assert "550 5.1.1 No such user here" in shown
    assert "Issue inconnue" in shown
    assert "Téléchargements" in shown
    assert PackDownload.objects.get().user == members[1]


def test_the_pso_ends_the_link_of_one_recipient_of_that_week() -> None:
    member, cycle = user_with(Role.CODIR), portfolio(1)
    ProjectFactory(confidentiality="restricted")
    pack = published_pack(cycle)
    distribute(pack=pack, now=clock.now())
    row = PackRecipient.objects.get(user=member)
    pso = client_of(Role.PSO)
    assert pso.post(url("pack_link_revoke", pack.cycle, 987_654)).status_code == 404
    assert pso.post(url("pack_link_revoke", pack.cycle, row.pk)).status_code == 303
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_a_frozen_status_leads_to_the_erratum_and_the_erratum_to_version_two() -> None:
    manager, pso = user_with(Role.PM), client_of(Role.PSO)
    pack = published_pack(portfolio(2, silent=1))
    given, silent = Project.objects.order_by("pk")
    Project.objects.update(manager=manager.person)
    author = client_of(manager)
    status = author.get(reverse("portfolio:status", args=[given.code, pack.cycle.slug])).content.decode()
    assert url("correction_new", pack.cycle, given.code) in status
    form = author.get(url("correction_new", pack.cycle, given.code))
    assert "Signaler un erratum" in form.content.decode()
    for _ in range(2):
        sent = author.post(
            url("correction_new", pack.cycle, given.code), {"text": "Le lot 2 est livré.", "once": "a" * 32}
        )
        assert sent.status_code == 303
    row = Correction.objects.get()
    assert row.author == manager
    late = author.get(url("correction_new", pack.cycle, silent.code)).content.decode()
    assert "Remettre le statut après le gel" in late
    assert author.post(url("correction_new", pack.cycle, silent.code), {"text": "Sans couleur"}).status_code == 422
    assert "Le lot 2 est livré." in page(pso, pack.cycle)
    decided = {"choice": "accept", "version": row.version}
    assert pso.post(url("correction_decide", pack.cycle, row.pk), decided).status_code == 303
    stale = pso.post(url("correction_decide", pack.cycle, row.pk), {**decided, "choice": "refuse"}, follow=True)
    assert "a changé entre-temps" in stale.content.decode()
    assert pso.post(url("pack_erratum", pack.cycle)).status_code == 303
    second = Pack.objects.get(edition=2)
    file_for(second)
    reader = client_of(Role.CODIR)
    assert "version 1" in page(reader, pack.cycle)
    shown = page(pso, pack.cycle)
    assert "Erratum : 1 correction" in shown
    assert "?edition=1" in shown


def test_the_list_says_which_version_replaces_which() -> None:
    director = user_with(Role.DIRECTOR)
    pack = published_pack(portfolio(1), director)
    pso = user_with(Role.PSO)
    Correction.objects.create(
        cycle=pack.cycle, project=Project.objects.get(), author=pso, text="x", state="accepted", decided_by=pso
    )
    client_of(pso).post(url("pack_erratum", pack.cycle))
    second = Pack.objects.get(edition=2)
    file_for(second)
    reader = client_of(Role.CODIR)
    assert "remplacé par" not in reader.get(reverse("reporting:reports")).content.decode()
    approver = client_of(director)
    approver.post(url("pack_approve", pack.cycle), {"edition": 2})
    approver.post(url("pack_publish", pack.cycle), {"edition": 2})
    assert "remplacé par la version 2" in reader.get(reverse("reporting:reports")).content.decode()
    assert "version 2" in page(reader, pack.cycle)
    old = reader.get(url("pack", pack.cycle), {"edition": 1})
    assert old.status_code == 200
    assert reader.get(url("pack", pack.cycle), {"edition": 9}).status_code == 404


def test_who_may_not_correct_a_project_is_refused() -> None:
    pack = published_pack(portfolio(1))
    project = Project.objects.get()
    assert client_of(Role.PM).get(url("correction_new", pack.cycle, project.code)).status_code == 403
    assert client_of(Role.DIRECTOR).get(url("correction_new", pack.cycle, project.code)).status_code == 403
    row = Correction.objects.create(cycle=pack.cycle, project=project, author=user_with(Role.PSO), text="x")
    assert client_of(Role.DIRECTOR).post(url("correction_decide", pack.cycle, row.pk)).status_code == 403
