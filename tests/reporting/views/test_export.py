import csv
import io

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client

from config import clock
from people.enums import Role
from people.models import User
from portfolio.enums import Confidentiality, LifeCycle
from portfolio.services.standing import refresh_standing
from tests.factories.people import user_with
from tests.factories.portfolio import ProgrammeFactory, ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db
EXPORTERS = {
    Role.PM,
    Role.PROGRAMME_MANAGER,
    Role.PSO,
    Role.HEAD_OF_CENTRE,
    Role.DIRECTOR,
    Role.FINANCE,
    Role.AUDITOR,
}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def codes(answer: HttpResponse) -> list[str]:
    text = answer.content.decode("utf-8-sig")
    return [line["Code"] for line in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_only_who_may_export(role: Role, kind: str) -> None:
    answer = signed_in(user_with(role)).get(f"/projects/export.{kind}")

    assert answer.status_code == (200 if role in EXPORTERS else 403)


def test_file_is_a_download_that_no_cache_keeps() -> None:
    answer = signed_in(user_with(Role.PSO)).get("/projects/export.xlsx")

    assert answer["Content-Disposition"] == f'attachment; filename="registre-{clock.today()}.xlsx"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"] == "sandbox"
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "Registre"


def test_file_follows_the_filter_of_the_register() -> None:
    programme = ProgrammeFactory(code="PRG-A")
    kept = ProjectFactory(programme=programme)
    ProjectFactory()
    closed = ProjectFactory(life_cycle=LifeCycle.CLOSED, actual_end=clock.today(), programme=programme)
    client = signed_in(user_with(Role.PSO))

    assert codes(client.get("/projects/export.csv?programme=PRG-A")) == [kept.code]
    assert set(codes(client.get("/projects/export.csv?programme=PRG-A&closed=1"))) == {kept.code, closed.code}
    assert client.get("/projects/export.csv?owner=1").status_code == 400


def test_restricted_project_never_reaches_the_file_of_an_outsider() -> None:
    ProjectFactory(code="P-SECRET", confidentiality=Confidentiality.RESTRICTED)

    assert codes(signed_in(user_with(Role.PM)).get("/projects/export.csv")) == []
    assert codes(signed_in(user_with(Role.AUDITOR)).get("/projects/export.csv")) == ["P-SECRET"]


def test_words_of_an_unfrozen_status_only_for_who_may_read_them() -> None:
    StatusReportFactory(cycle=ReportingCycleFactory(), message="Mot secret")
    refresh_standing(None, now=clock.now())

    assert "Mot secret" in signed_in(user_with(Role.PSO)).get("/projects/export.csv").content.decode("utf-8-sig")
    finance = signed_in(user_with(Role.FINANCE)).get("/projects/export.csv").content.decode("utf-8-sig")
    assert "Mot secret" not in finance


def test_unknown_kind_is_not_found() -> None:
    assert signed_in(user_with(Role.PSO)).get("/projects/export.pdf").status_code == 404


def test_more_rows_than_a_page_of_the_register() -> None:
    for _number in range(205):
        ProjectFactory(sponsor=None, manager=None, axis=None)

    assert len(codes(signed_in(user_with(Role.PSO)).get("/projects/export.csv"))) == 205


def test_register_offers_both_kinds_with_its_filter() -> None:
    page = signed_in(user_with(Role.PSO)).get("/projects/?preset=top").content.decode()

    assert "/projects/export.xlsx?preset=top" in page
    assert "/projects/export.csv?preset=top" in page


@pytest.mark.parametrize(("role", "offered"), [(Role.FINANCE, True), (Role.CODIR, False)])
def test_reports_offer_the_files_to_who_may_export(role: Role, offered: bool) -> None:
    page = signed_in(user_with(role)).get("/reports/").content.decode()

    assert ("/projects/export.csv" in page) is offered


def test_links_follow_a_filter_changed_without_a_new_page() -> None:
    ProjectFactory()
    headers = {"HX-Request": "true", "HX-Target": "register"}

    fragment = signed_in(user_with(Role.PSO)).get("/projects/?q=projet", headers=headers).content.decode()

    assert 'id="register-exports" hx-swap-oob="true"' in fragment
    assert "/projects/export.csv?q=projet" in fragment
