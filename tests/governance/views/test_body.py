from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from config import clock
from governance.models import Body, Mandate, Seat, Sitting
from people.enums import Role
from tests.factories.governance import BodyFactory, MandateFactory, SeatFactory, SittingFactory
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ReportingCycleFactory

pytestmark = pytest.mark.django_db


def _client(role: Role) -> Client:
    client = Client()
    client.force_login(user_with(role))
    return client


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_queries_for_any_number_of_bodies(
    count: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(count):
        body = BodyFactory()
        SeatFactory(body=body)
        SittingFactory(body=body)
    ReportingCycleFactory()
    client = _client(Role.AUDITOR)
    client.get("/accessibility/")

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        page = client.get(reverse("governance:bodies"))

    assert page.status_code == 200
    assert len(page.context["lines"]) == count


def test_page_shows_mandate_seats_and_sittings_and_no_form_to_a_reader() -> None:
    body = BodyFactory(code="CODIR", name_fr="Comité de direction")
    MandateFactory(body=body, subject="Dossiers d’investissement", amount_max="250000")
    seat = SeatFactory(body=body)
    SittingFactory(body=body)

    text = _client(Role.AUDITOR).get(body.get_absolute_url()).content.decode()

    assert "Dossiers d’investissement" in text
    assert "250\u202f000,00\u00a0€" in text
    assert seat.person.full_name in text
    assert 'method="post" action="/bodies' not in text


def test_secretary_adds_a_seat_a_mandate_and_a_sitting() -> None:
    body, client = BodyFactory(code="CODIR"), _client(Role.SECRETARY)
    person = PersonFactory()

    client.post(
        reverse("governance:seat_add", args=["CODIR"]),
        {"person": person.pk, "role": "chair", "votes": "on", "valid_from": "2026-01-05"},
    )
    client.post(
        reverse("governance:mandate_add", args=["CODIR"]),
        {"kind": "exception", "subject": "Programmes", "amount_max": "5 000 000,00", "valid_from": "05/01/2026"},
    )
    client.post(reverse("governance:sitting_add", args=["CODIR"]), {"starts_at": "2026-12-01T09:30", "place": "A12"})

    assert Seat.objects.get(body=body).role == "chair"
    assert str(Mandate.objects.get(body=body).amount_max) == "5000000.00"
    assert Sitting.objects.get(body=body).starts_at.astimezone(clock.BRUSSELS).hour == 9


def test_mandate_that_ends_before_it_starts_is_refused_and_the_text_is_kept() -> None:
    BodyFactory(code="CODIR")

    page = _client(Role.PSO).post(
        reverse("governance:mandate_add", args=["CODIR"]),
        {"kind": "exception", "subject": "Programmes", "valid_from": "2026-05-01", "valid_to": "2026-01-01"},
    )

    assert page.status_code == 422
    assert "Le mandat finit après son début." in page.content.decode()
    assert 'value="Programmes"' in page.content.decode()
    assert not Mandate.objects.exists()


def test_seat_that_ends_stays_readable_but_leaves_the_page() -> None:
    body = BodyFactory(code="CODIR")
    seat = SeatFactory(body=body, valid_from=clock.today() - timedelta(days=400))
    client = _client(Role.PSO)

    client.post(reverse("governance:seat_end", args=["CODIR", seat.pk]))

    seat.refresh_from_db()
    assert seat.valid_to == clock.today()


def test_two_editors_of_one_body_on_different_fields_are_merged_and_on_the_same_field_asked() -> None:
    body, client = BodyFactory(code="CODIR", name_fr="Direction"), _client(Role.PSO)
    url = reverse("governance:body_edit", args=["CODIR"])
    shown = client.get(url).context["form"]
    fields = {name: shown.texts(shown.initial)[name] for name in shown.own_fields}
    hidden = {"version": 1, "base": shown.initial["base"]}
    Body.objects.filter(pk=body.pk).update(name_fr="Comité de direction", version=2)

    merged = client.post(url, {**fields, **hidden, "cadence": "chaque mardi"})
    clash = client.post(url, {**fields, **hidden, "name_fr": "CODIR élargi"})

    body.refresh_from_db()
    assert merged.status_code == 303
    assert (body.name_fr, body.cadence) == ("Comité de direction", "chaque mardi")
    assert clash.status_code == 409
    assert "Comité de direction" in clash.content.decode()
    assert "CODIR élargi" in clash.content.decode()


def test_reader_may_not_write_and_learns_what_he_lacks() -> None:
    BodyFactory(code="CODIR")

    assert _client(Role.PM).post(reverse("governance:body_edit", args=["CODIR"])).status_code == 403
    assert _client(Role.PM).get(reverse("governance:body", args=["NOPE"])).status_code == 404
