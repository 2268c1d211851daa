"""The register leaves the house with its hashes, within what the reader may read; precedents stand beside it."""

import hashlib
import io
import json

import pikepdf
import pytest
from django.urls import reverse

from governance.models import Decision
from governance.selectors.precedents import precedents_of_decision, precedents_of_request
from governance.services.closing import content_hash
from people.engines.audit_chain import canonical_json
from people.enums import Role
from people.models import AuditEntry
from tests.factories.governance import BodyFactory, DecisionFactory, DecisionRequestFactory, FollowUpFactory
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.governance.services.test_session import Meeting
from tests.governance.views.test_meeting import client_of

pytestmark = pytest.mark.django_db


def test_the_file_holds_every_decision_with_what_proves_it() -> None:
    meeting = Meeting().begin().poll()
    for person in meeting.members:
        meeting.vote(person)
    meeting.count()
    meeting.decide(rationale="Parce que.")
    (decision,) = meeting.finish()
    answer = client_of(meeting.secretary).get(reverse("governance:decisions_export", args=["json"]))
    content = json.loads(answer.content)
    (row,) = content["decisions"]
    entry = AuditEntry.objects.get(number=row["audit"]["number"])
    assert (row["number"], row["audit"]["hash"]) == (decision.number, entry.hash)
    assert row["content_hash"] == content_hash(Decision.objects.get())
    assert content["sha256"] == hashlib.sha256(canonical_json(content["decisions"]).encode()).hexdigest()
    exported = AuditEntry.objects.get(verb="decision_register.exported")
    assert exported.data["sha256"] == content["sha256"]
    assert content["chain"]["number"] == exported.number - 1


def test_what_the_reader_may_not_read_is_not_in_his_file_and_the_filter_holds() -> None:
    DecisionFactory(text="Le jalon est refusé", publication="body")
    kept = DecisionFactory(text="Le budget est porté à 400 k€", body=BodyFactory(code="COPIL"))
    client, address = client_of(user_with(Role.DIRECTOR)), reverse("governance:decisions_export", args=["json"])
    numbers = [row["number"] for row in json.loads(client.get(address).content)["decisions"]]
    assert numbers == [kept.number]
    assert json.loads(client.get(address, {"q": "budgets"}).content)["count"] == 1
    assert json.loads(client.get(address, {"q": "jalon"}).content)["count"] == 0
    assert client.get(reverse("governance:decisions_export", args=["exe"])).status_code == 404


def test_the_print_is_made_for_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    FollowUpFactory(decision__rationale="Motif « à dire »")
    client, address = client_of(user_with(Role.SECRETARY)), reverse("governance:decisions_export", args=["pdf"])
    with pikepdf.open(io.BytesIO(client.get(address).content)) as document:
        assert document.Root.MarkInfo.Marked
        with document.open_metadata() as facts:
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "A")
        assert len(document.Root.OutputIntents) == 1
        assert str(document.docinfo.Title) == "Registre des décisions"
    monkeypatch.setattr("governance.services.register_export.PRINTED_MAX", 0)
    assert client.get(address).status_code == 422


def test_a_word_is_found_in_its_other_forms() -> None:
    row = DecisionFactory(text="Les tolérances de délai sont élargies")
    page = client_of(user_with(Role.DIRECTOR)).get(reverse("governance:decisions"), {"q": "tolérance élargie"})
    assert row.number in page.content.decode()


def test_precedents_are_of_the_same_matter_body_or_words_and_only_what_the_reader_may_read() -> None:
    body, project = BodyFactory(), ProjectFactory()
    alike = DecisionFactory(kind="budget", text="Le transfert de budget est approuvé", item__sitting__body=body)
    DecisionFactory(kind="appointment", text="Un chef de projet est désigné")
    DecisionFactory(kind="budget", text="Caché", publication="body")
    asked = DecisionRequestFactory(body=body, project=project, kind="budget", question="Autoriser le transfert ?")
    director = user_with(Role.DIRECTOR)
    found = precedents_of_request(director, asked)
    assert [one.decision for one in found] == [alike]
    assert found[0].why == "même matière, même instance, mots communs"
    page = client_of(director).get(asked.get_absolute_url()).content.decode()
    assert alike.number in page
    assert alike not in [one.decision for one in precedents_of_decision(director, alike)]
    assert client_of(director).get(alike.get_absolute_url()).status_code == 200
