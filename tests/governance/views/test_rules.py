import re

import pytest
from django.test import Client
from django.urls import reverse

from config import clock
from governance.models import BodyRules, Interest, InterestStatement, MeetingRule, RaciActivity
from people.enums import Role
from people.models import User
from tests.factories.governance import (
    BodyFactory,
    DecisionRequestFactory,
    MandateFactory,
    RaciActivityFactory,
    SeatFactory,
)
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_who_decides_answers_with_the_way_up() -> None:
    board, codir = BodyFactory(level=2, name_fr="Comité proche"), BodyFactory(level=7, name_fr="Comité haut")
    MandateFactory(body=board, amount_max="1000", kind="change")
    MandateFactory(body=codir, kind="change")
    page = client_of(user_with(Role.PM)).get(
        reverse("governance:who_decides"), {"kind": "change", "amount": "1 000,01", "on": "2026-06-01"}
    )
    text = page.content.decode()
    assert "Comité haut décide" in text
    assert "le montant dépasse sa limite" in text
    api = client_of(user_with(Role.AUDITOR)).get(
        reverse("governance_api:who_decides"), {"kind": "change", "amount": "1000.00", "on": "2026-06-01"}
    )
    assert api.json()["body"] == board.code
    assert [step["decides"] for step in api.json()["steps"]] == [True]


def test_a_request_sent_to_a_body_without_the_mandate_says_so() -> None:
    body, codir = BodyFactory(level=2, name_fr="Comité proche"), BodyFactory(level=7)
    MandateFactory(body=codir)
    row = DecisionRequestFactory(body=body, project=ProjectFactory(), kind="exception")
    text = client_of(user_with(Role.PSO)).get(row.get_absolute_url()).content.decode()
    assert "Comité proche n’a pas ce mandat : la demande devra monter." in text


def test_secretary_sets_rules_and_rhythm() -> None:
    body, client = BodyFactory(code="CODIR"), client_of(user_with(Role.SECRETARY))
    rules = {
        "valid_from": clock.today().isoformat(),
        "quorum_share": "67",
        "voters_min": "3",
        "proxies_max": "0",
        "tie": "escalate",
        "written_days": "5",
    }
    assert client.post(reverse("governance:rules_set", args=["CODIR"]), rules).status_code == 303
    assert str(BodyRules.objects.get(body=body).quorum_share) == "0.67"
    rhythm = {
        "rhythm": "monthly",
        "every": "1",
        "month_week": "1",
        "weekday": "1",
        "at": "09:00",
        "minutes": "120",
        "closed_day": "next",
        "valid_from": clock.today().isoformat(),
    }
    assert client.post(reverse("governance:rhythm_set", args=["CODIR"]), rhythm).status_code == 303
    assert MeetingRule.objects.get(body=body).month_week == 1
    text = client.get(body.get_absolute_url()).content.decode()
    assert re.search(r"67\s% des voix", text)
    assert "le premier lundi du mois" in text
    refused = client.post(reverse("governance:rules_set", args=["CODIR"]), rules | {"voters_min": "1"})
    assert refused.status_code == 422


def test_a_member_declares_ends_and_states() -> None:
    user = user_with(Role.CODIR)
    SeatFactory(person=user.person)
    project, client = ProjectFactory(), client_of(user)
    page = client.get(reverse("governance:interests")).content.decode()
    assert "votre déclaration annuelle manque" in page
    wrong = client.post(reverse("governance:interest_new"), {"kind": "other"})
    assert wrong.status_code == 422
    client.post(reverse("governance:interest_new"), {"kind": "other", "project": project.pk})
    interest = Interest.objects.get(person=user.person)
    client.post(reverse("governance:interest_statement"))
    assert InterestStatement.objects.filter(person=user.person).exists()
    stranger = client_of(user_with(Role.CODIR)).post(reverse("governance:interest_end", args=[interest.pk]))
    assert stranger.status_code == 404
    client.post(reverse("governance:interest_end", args=[interest.pk]))
    interest.refresh_from_db()
    assert interest.ended_on == clock.today()


def test_the_matrix_is_read_by_all_and_written_a_row_at_a_time() -> None:
    row = RaciActivityFactory(name_fr="Cas d’affaire")
    assert "Cas d’affaire" in client_of(user_with(Role.PM)).get(reverse("governance:raci")).content.decode()
    client = client_of(user_with(Role.PSO))
    address = reverse("governance:raci_row", args=[row.pk])
    assert client.post(address, {"version": "1", "role_board": "A"}).status_code == 422
    row.refresh_from_db()
    assert client.post(address, {"version": row.version, "role_board": "AR"}).status_code == 303
    stale = client.post(address, {"version": row.version, "role_board": "A", "role_pso": "R"})
    assert "Quelqu’un a changé cette ligne" in stale.content.decode()
    client.post(reverse("governance:raci_new"), {"name_fr": "Nouvelle", "role_board": "AR"})
    assert RaciActivity.objects.filter(name_fr="Nouvelle").exists()
