"""A plan goes out as it came in: MPXJ reads back the same tasks, links and dates."""

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from portfolio.engines.mspdi_reader import read_mspdi
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.services.importers import mpxj
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.portfolio.schedule_oracle import shared
from tests.portfolio.services.test_plan_import import take

pytestmark = pytest.mark.django_db
SAVED_BY_PROJECT = "mpsplib-msproject/mp_j30_a5_nr1.mspdi.xml"


def exported(project, role: Role = Role.PSO) -> bytes:
    client = Client()
    client.force_login(user_with(role))
    answer = client.get(reverse("portfolio:plan_export", args=[project.code]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{project.code}.xml"'
    return answer.content


def facts(data: bytes) -> dict[int, tuple[object, ...]]:
    return {
        one.uid: (
            one.name,
            one.outline_level,
            one.start,
            one.finish,
            sorted((link.predecessor, link.kind, link.lag.amount) for link in one.links),
        )
        for one in read_mspdi(data).tasks
        if not one.is_project_row
    }


@pytest.mark.parametrize("name", [SAVED_BY_PROJECT, "mpxj-schedules/task-links-project2019-mspdi.xml"])
def test_mpxj_reads_back_the_same_tasks_links_and_dates(name: str) -> None:
    tools = mpxj.installed()
    if tools is None:
        pytest.skip("MPXJ or Java is not installed")
    project, data = ProjectFactory(), shared(name)
    take(project, data)
    assert facts(mpxj.to_mspdi(exported(project), "xml", tools)) == facts(data)


def test_an_imported_plan_goes_out_as_writing_its_file_would() -> None:
    project, data = ProjectFactory(), shared(SAVED_BY_PROJECT)
    take(project, data)
    assert exported(project) == write_mspdi(read_mspdi(data))


def test_addresses_leave_with_who_may_change_the_plan_only() -> None:
    project = ProjectFactory()
    head = b'<Project xmlns="http://schemas.microsoft.com/project"><Tasks/><Resources>'
    person = b"<Resource><UID>1</UID><Name>Ada</Name><EmailAddress>ada@example.org</EmailAddress></Resource>"
    take(project, head + person + b"</Resources></Project>")
    assert b"ada@example.org" in exported(project)
    assert b"ada@example.org" not in exported(project, Role.AUDITOR)


def test_without_a_plan_there_is_nothing_to_export() -> None:
    client = Client()
    client.force_login(user_with(Role.PSO))
    assert client.get(reverse("portfolio:plan_export", args=[ProjectFactory().code])).status_code == 404
