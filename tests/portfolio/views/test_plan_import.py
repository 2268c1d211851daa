"""From a file to the plan on screen: deposited, compared, agreed to."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from people.enums import Role
from portfolio.models import Activity, ImportRun, ImportUpload, Plan, PlanResource
from portfolio.services.importers import mpxj
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProjectFactory
from tests.portfolio.engines.test_mspdi_reader import document, link, task
from tests.portfolio.services.test_plan_import import plan_of, row, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    """A project manager at his own project."""
    user = user_with(Role.PM)
    client = Client()
    client.force_login(user)
    return client, ProjectFactory(code="PRJ-1", manager=user.person)


def deposit(client: Client, project, data: bytes, name: str = "plan.xml"):
    url = reverse("portfolio:plan_import", args=[project.code])
    return client.post(url, {"file": SimpleUploadedFile(name, data)})


def agree(client: Client, project, url: str):
    page = client.get(url)
    assert page.status_code == 200
    form = page.context["form"]
    return page, client.post(reverse("portfolio:plan_import", args=[project.code]), dict(form.initial))


def test_a_plan_is_compared_before_it_is_written(desk) -> None:
    client, project = desk
    deposited = deposit(client, project, plan_of(row(1, 2), row(2, 3, link(1))))
    assert deposited.status_code == 303
    assert not Plan.objects.exists()
    page, done = agree(client, project, deposited.url)
    assert "2 activités ajoutées" in page.content.decode()
    assert done.status_code == 303
    assert done.url == reverse("portfolio:plan", args=["PRJ-1"])
    assert Activity.objects.count() == 2
    assert not ImportUpload.objects.exists()
    run = ImportRun.objects.get()
    assert (run.project, run.rows, run.created) == (project, 3, 3)

    page, _done = agree(client, project, deposit(client, project, plan_of(row(1, 5), row(2, 3, link(1)))).url)
    text = page.content.decode()
    assert "1 ligne modifiée" in text
    assert "<del>2 j</del>" in text
    assert "5 j" in text
    page = client.get(deposit(client, project, plan_of(row(1, 5), row(2, 3, link(1)))).url)
    assert "ne change rien" in page.content.decode()


def test_a_hostile_or_circular_file_is_refused_with_its_line(desk) -> None:
    client, project = desk
    for data in (document(task(1, link(2)) + task(2, link(1))), b'<!DOCTYPE x [<!ENTITY a "b">]><Project/>'):
        answer = deposit(client, project, data)
        assert answer.status_code == 422
        assert "Ligne " in answer.content.decode()
    assert not ImportUpload.objects.exists()


def test_a_file_of_another_tool_says_how_to_save_it_where_mpxj_is_absent(desk, monkeypatch) -> None:
    client, project = desk
    monkeypatch.setattr(mpxj, "installed", lambda: None)
    answer = deposit(client, project, b"ERMHDR\t8.0", "plan.xer")
    assert answer.status_code == 422
    assert "enregistrez le planning au format XML" in answer.content.decode()


def test_what_moved_on_since_the_comparison_is_compared_again(desk) -> None:
    client, project = desk
    first, second = (deposit(client, project, plan_of(row(1, days))).url for days in (2, 3))
    initial = dict(client.get(first).context["form"].initial)
    agree(client, project, second)
    answer = client.post(reverse("portfolio:plan_import", args=[project.code]), initial)
    assert answer.status_code == 409
    assert "Refaire la comparaison" in answer.content.decode()


def test_an_upload_serves_its_author_and_its_project_only(desk) -> None:
    client, project = desk
    url = deposit(client, project, plan_of(row(1, 2))).url
    token = url.rpartition("=")[2]
    other = ProjectFactory(code="PRJ-2", manager=project.manager)
    assert client.get(f"{reverse('portfolio:plan_import', args=[other.code])}?upload={token}").status_code == 410
    pso = Client()
    pso.force_login(user_with(Role.PSO))
    assert pso.get(url).status_code == 404


def test_a_resource_is_proposed_by_its_address_and_settled_once(desk) -> None:
    client, project = desk
    ada = PersonFactory(first_name="Ada", last_name="Lambert", email="ada@example.org")
    PersonFactory(first_name="Jo", last_name="Double", email="a@example.org")
    PersonFactory(first_name="Jo", last_name="Double", email="b@example.org")
    head = b'<Project xmlns="http://schemas.microsoft.com/project"><Tasks/><Resources>'
    rows = b"".join(
        b"<Resource><UID>%d</UID><Name>%s</Name><EmailAddress>%s</EmailAddress></Resource>" % one
        for one in ((1, b"A. L.", b"ADA@example.org"), (2, b"Jo Double", b""), (3, b"Equipe", b""))
    )
    data = head + rows + b"</Resources></Project>"
    agree(client, project, deposit(client, project, data).url)
    assert list(PlanResource.objects.order_by("uid").values_list("person", flat=True)) == [ada.pk, None, None]
    url = reverse("portfolio:plan_people", args=[project.code])
    assert "Proposé d’après" in client.get(url).content.decode()
    first, second, third = PlanResource.objects.order_by("uid")
    posted = {f"resource_{first.pk}": "", f"resource_{second.pk}": str(ada.pk), f"resource_{third.pk}": ""}
    assert client.post(url, posted).status_code == 303
    take(project, data.replace(b"Equipe", b"Equipe 2"))
    assert list(PlanResource.objects.order_by("uid").values_list("person", flat=True)) == [None, ada.pk, None]
    assert client.post(url, {f"resource_{first.pk}": "999999"}).status_code == 422
