import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config import clock
from config.web import formats
from people.enums import Role
from people.services import jobs
from portfolio.models import ImportRun, ImportUpload, Project
from portfolio.services.importers.uploads import LIFETIME, purge_expired, shown_name
from portfolio.tasks import PURGE
from tests.factories.people import user_with
from tests.portfolio.services.test_importers_shared import TRANSPOSED, shared
from tests.portfolio.services.test_importers_write import FIRST, FORMAT, HEADER

pytestmark = pytest.mark.django_db
LIST = f"{HEADER}\n{FIRST}\n".encode()


def client_of(role: Role = Role.PSO) -> Client:
    client = Client()
    client.force_login(user_with(role))
    return client


def send(client: Client, data: bytes, *, chosen: str = "other", described: object = None, name: str = "liste.csv"):
    files = {"file": SimpleUploadedFile(name, data)}
    if described is not None:
        files["description"] = SimpleUploadedFile("format.json", json.dumps(described).encode())
    return client.post(reverse("portfolio:import"), {"format": chosen, **files})


def stored() -> list[Path]:
    return [path for path in (Path(settings.MEDIA_ROOT) / "imports").glob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def no_file_left() -> None:
    for path in stored():
        path.unlink()


def test_file_goes_from_upload_to_report_without_scripts() -> None:
    client = client_of()

    deposited = send(client, LIST, described=FORMAT)
    assert deposited.status_code == 303
    preview = client.get(deposited.url)
    assert "2 projets lus" in preview.content.decode()
    assert "1\u202f500\u202f000,00\u00a0€" in preview.content.decode()
    assert len(stored()) == 1

    reconcile = reverse("portfolio:import_reconciliation", args=[ImportUpload.objects.get().token])
    page = client.get(reconcile, {"as_of": "2026-01-31"})
    assert "2 projets à créer" in page.content.decode()
    assert not Project.objects.exists()

    agreed = {name: page.context["form"].initial[name] for name in ("as_of", "expected")}
    done = client.post(reconcile, agreed)
    report = client.get(done.url)
    assert "2 lignes : 2 créées, 0 modifiées, 0 inchangées, 0 écartées" in report.content.decode()
    assert Project.objects.count() == 2
    assert (ImportUpload.objects.count(), stored()) == (0, [])
    assert client.get(reverse("portfolio:import")).context["runs"][0].created == 2


def test_second_file_shows_old_and_new_values() -> None:
    client = client_of()
    for data in (LIST, LIST.replace(b"2026-12-31", b"2027-06-30").replace(b"1,5", b"2,25")):
        deposited = send(client, data, described=FORMAT)
        reconcile = f"{deposited.url}reconciliation/"
        page = client.get(reconcile, {"as_of": "2026-01-31"})
        client.post(reconcile, {name: page.context["form"].initial[name] for name in ("as_of", "expected")})

    text = page.content.decode()
    assert "1 à modifier" in text
    assert formats.date_short(date(2026, 12, 31)) in text
    assert formats.date_short(date(2027, 6, 30)) in text
    assert "2\u202f250\u202f000,00\u00a0€" in text


def test_same_file_again_offers_nothing_to_import() -> None:
    client = client_of()
    for _time in range(2):
        deposited = send(client, LIST, described=FORMAT)
        reconcile = f"{deposited.url}reconciliation/"
        page = client.get(reconcile, {"as_of": "2026-01-31"})
        done = client.post(reconcile, {name: page.context["form"].initial[name] for name in ("as_of", "expected")})

    assert "Ce fichier ne change rien" in page.content.decode()
    assert done.url == reverse("portfolio:import")
    assert ImportRun.objects.count() == 1


def test_portfolio_changed_since_the_reconciliation_answers_409() -> None:
    client = client_of()
    deposited = send(client, LIST, described=FORMAT)

    answer = client.post(f"{deposited.url}reconciliation/", {"as_of": "2026-01-31", "expected": "0" * 64})

    assert answer.status_code == 409
    assert not Project.objects.exists()


def test_format_is_described_on_the_screen_and_never_chosen_from_the_file() -> None:
    client = client_of()
    deposited = send(client, LIST)
    page = client.get(deposited.url)
    assert "point-virgule × 6" in page.content.decode()
    assert [page.context["form"][name].value() for name in ("encoding", "delimiter", "decimal")] == [None, None, None]

    chosen = {
        "source": "essai",
        "encoding": "utf-8",
        "delimiter": ";",
        "header_line": "1",
        "date_format": "yyyy-mm-dd",
        "decimal": ",",
        "group": "",
        "unit": "1000000",
    }
    columns = client.post(f"{deposited.url}?describe", chosen)
    roles = dict(
        zip((f"role_{n}" for n in range(7)), ("name", "axis_code", "start", "end", "", "cost", ""), strict=True)
    )
    described = client.post(
        f"{deposited.url}?describe", {**chosen, **roles, "columns": columns.context["roles"].signature}
    )

    assert described.status_code == 303
    assert client.get(deposited.url).context["preview"].totals["cost"] == "1500000.00"


def test_wrong_description_is_answered_with_the_line_and_two_roles_are_refused() -> None:
    client = client_of()
    deposited = send(client, LIST)
    chosen = {
        "source": "essai",
        "encoding": "cp1252",
        "delimiter": ";",
        "header_line": "1",
        "date_format": "yyyy-mm-dd",
        "decimal": ",",
        "group": "",
        "unit": "1",
    }

    garbled = client.post(f"{deposited.url}?describe", chosen)
    columns = client.post(f"{deposited.url}?describe", {**chosen, "encoding": "utf-8"})
    doubled = client.post(
        f"{deposited.url}?describe",
        {
            **chosen,
            "encoding": "utf-8",
            "role_0": "name",
            "role_1": "name",
            "columns": columns.context["roles"].signature,
        },
    )

    assert garbled.status_code == 422
    assert "alors que l’encodage déclaré est cp1252" in garbled.content.decode()
    assert doubled.status_code == 422
    assert "Deux colonnes ne peuvent pas alimenter le même champ." in doubled.content.decode()


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (b"", 422, "Le fichier est vide."),
        (b"%PDF-1.7", 422, "Ce fichier est de type PDF"),
        (b"PK\x03\x04", 422, "Ce classeur est endommagé"),
        (b"a;b\n" + b"x" * (10 * 1024 * 1024), 413, "Le fichier dépasse la limite de 10 Mo."),
    ],
)
def test_unusable_file_is_refused_at_once_and_not_kept(data: bytes, status: int, sentence: str) -> None:
    answer = send(client_of(), data)

    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert (ImportUpload.objects.count(), stored()) == (0, [])


def test_file_that_does_not_fit_its_format_says_why_and_writes_nothing() -> None:
    client = client_of()

    plain = client.get(send(client, LIST, chosen="gmpp").url)
    transposed = client.get(send(client, shared("gmpp-uk/uk_2015.csv").read_bytes(), chosen="gmpp").url)
    bad = client.get(send(client, LIST.replace(b"2025-02-01", b"01/02/2025"), described=FORMAT).url)

    assert (plain.status_code, transposed.status_code, bad.status_code) == (422, 422, 422)
    assert "Colonnes absentes" in plain.content.decode()
    assert TRANSPOSED in transposed.content.decode()
    assert "01/02/2025" in bad.content.decode()


def test_bad_format_file_is_an_error_on_its_field() -> None:
    answer = send(client_of(), LIST, described={**FORMAT, "encoding": "klingon"})

    assert answer.status_code == 422
    assert "encoding" in str(answer.context["form"].errors["description"])


def test_upload_expires_and_its_file_goes() -> None:
    client = client_of()
    deposited = send(client, LIST, described=FORMAT)
    ImportUpload.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    assert client.get(deposited.url).status_code == 410
    assert purge_expired(clock.now() + LIFETIME) == 1
    assert stored() == []
    assert client.get(deposited.url).status_code == 410


def test_upload_whose_file_is_gone_counts_as_expired() -> None:
    client = client_of()
    deposited = send(client, LIST, described=FORMAT)
    stored()[0].unlink()

    assert client.get(deposited.url).status_code == 410


def test_upload_of_somebody_else_does_not_exist() -> None:
    deposited = send(client_of(), LIST, described=FORMAT)

    assert client_of().get(deposited.url).status_code == 404
    assert client_of().get(f"{deposited.url}reconciliation/?as_of=2026-01-31").status_code == 404


@pytest.mark.parametrize("role", [Role.PM, Role.DIRECTOR, Role.CODIR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_the_pso_imports(role: Role) -> None:
    client = client_of(role)

    assert client.get(reverse("portfolio:import")).status_code == 403
    assert send(client, LIST, described=FORMAT).status_code == 403
    assert not ImportUpload.objects.exists()


def test_hostile_file_name_is_only_a_label() -> None:
    assert shown_name("../../etc/pass\x00wd\u202e.csv") == "passwd.csv"
    assert shown_name("C:\\x\\CON") == "CON"
    deposited = send(client_of(), LIST, described=FORMAT, name='"><script>.csv')

    assert stored()[0].name == ImportUpload.objects.get().token.hex
    assert deposited.status_code == 303


def test_report_of_a_missing_run_is_404() -> None:
    assert client_of().get(reverse("portfolio:import_run", args=[999])).status_code == 404


def test_project_page_shows_the_source_row_to_those_who_may_see_money() -> None:
    client = client_of()
    deposited = send(client, LIST, described=FORMAT)
    page = client.get(f"{deposited.url}reconciliation/", {"as_of": "2026-01-31"})
    agreed = {name: page.context["form"].initial[name] for name in ("as_of", "expected")}
    client.post(f"{deposited.url}reconciliation/", agreed)

    text = client_of(Role.FINANCE).get(reverse("portfolio:project", args=["MI-02"])).content.decode()

    assert "Ce que dit la source" in text
    assert "<dt>Coût</dt><dd>NC</dd>" in text


def test_nightly_purge_removes_what_expired() -> None:
    send(client_of(), LIST, described=FORMAT)
    ImportUpload.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    job = jobs.enqueue(kind=PURGE, key="imports.purge:essai", payload={}, by=None)

    jobs.run_now(job.pk)

    assert (ImportUpload.objects.count(), stored()) == (0, [])


def test_an_edition_older_than_the_last_import_is_told_before_its_changes() -> None:
    client = client_of()
    deposited = send(client, LIST, described=FORMAT)
    page = client.get(f"{deposited.url}reconciliation/", {"as_of": "2026-01-31"})
    agreed = {name: page.context["form"].initial[name] for name in ("as_of", "expected")}
    client.post(f"{deposited.url}reconciliation/", agreed)
    older = send(client, LIST.replace(b"1,5", b"1,4"), described=FORMAT)

    page = client.get(f"{older.url}reconciliation/", {"as_of": "2025-01-31"}).content.decode()

    told, changes = page.index("Édition plus ancienne"), page.index("Projets modifiés")
    assert told < changes
    assert "31\u00a0janv.\u00a02025" in page[told:changes]
    assert "31\u00a0janv.\u00a02026" in page[told:changes]
