"""A project manager reads his own sheets of a published pack, a programme manager those of his programme, no other."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from config import clock
from people.enums import Role
from portfolio.models import Project, ReportingCycle
from portfolio.services.standing import refresh_standing
from tests.factories.packs import published_pack, rendered_pack
from tests.factories.people import user_with
from tests.factories.portfolio import ProgrammeFactory, ProjectFactory, ReportingCycleFactory, StatusReportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


@pytest.fixture
def lead():
    return user_with(Role.PM)


@pytest.fixture
def head():
    return user_with(Role.PROGRAMME_MANAGER)


@pytest.fixture
def cycle(lead, head) -> ReportingCycle:
    """Two priority projects of one programme, one outside; the first is led by `lead`."""
    row = ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4))
    programme = ProgrammeFactory(manager=head.person)
    for rank, words in enumerate(("Sien", "Voisin", "Ailleurs"), start=1):
        project = ProjectFactory(
            code=f"S-{rank}",
            name_fr=words,
            is_top=True,
            priority_rank=rank,
            programme=programme if rank < 3 else None,
            **({"manager": lead.person} if rank == 1 else {}),
        )
        StatusReportFactory(project=project, cycle=row, overall="red", message=f"Message {words}")
    refresh_standing(None, now=clock.now())
    return row


def get(user, name: str, *args: str, **query: str):
    client = Client()
    client.force_login(user)
    return client.get(reverse(f"reporting:{name}", args=args), query)


def test_a_project_manager_reads_his_sheet_and_nothing_of_the_others(cycle: ReportingCycle, lead) -> None:
    published_pack(cycle)
    page = get(lead, "pack_sheet", "S-1", cycle.slug)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Message Sien" in text
    assert 'id="sheet-1"' in text
    assert "Voisin" not in text
    assert "Ailleurs" not in text
    assert "pack_online" not in text
    assert reverse("reporting:pack_online", args=[cycle.slug]) not in text
    for code in ("S-2", "S-3"):
        assert get(lead, "pack_sheet", code, cycle.slug).status_code == 404
        assert get(lead, "pack_sheets", code).status_code == 404
    assert get(lead, "pack_online", cycle.slug).status_code == 404


def test_a_programme_manager_reads_the_sheets_of_his_programme_only(cycle: ReportingCycle, head) -> None:
    published_pack(cycle)
    answers = [get(head, "pack_sheet", code, cycle.slug).status_code for code in ("S-1", "S-2", "S-3")]
    assert answers == [200, 200, 404]


def test_a_sheet_is_unknown_until_its_pack_is_published(cycle: ReportingCycle, lead) -> None:
    assert get(lead, "pack_sheet", "S-1", cycle.slug).status_code == 404
    rendered_pack(cycle)
    assert get(lead, "pack_sheet", "S-1", cycle.slug).status_code == 404
    assert get(lead, "pack_sheets", "S-1").context["packs"] == []


def test_the_list_names_the_weeks_and_the_history_leads_to_it(cycle: ReportingCycle, lead) -> None:
    published_pack(cycle)
    packs = get(lead, "pack_sheets", "S-1").context["packs"]
    assert [pack.cycle_id for pack in packs] == [cycle.pk]
    client = Client()
    client.force_login(lead)
    history = client.get(reverse("portfolio:statuses", args=["S-1"])).content.decode()
    assert reverse("reporting:pack_sheets", args=["S-1"]) in history
    other = client.get(reverse("portfolio:statuses", args=["S-3"])).content.decode()
    assert reverse("reporting:pack_sheets", args=["S-3"]) not in other


def test_a_project_outside_the_priorities_has_no_sheet(cycle: ReportingCycle, lead) -> None:
    Project.objects.filter(code="S-1").update(is_top=False, priority_rank=None)
    published_pack(cycle)
    assert get(lead, "pack_sheet", "S-1", cycle.slug).status_code == 404
    assert get(lead, "pack_sheets", "S-1").context["packs"] == []


def test_the_sheet_speaks_the_language_asked_for(cycle: ReportingCycle, lead) -> None:
    published_pack(cycle)
    page = get(lead, "pack_sheet", "S-1", cycle.slug, language="en").content.decode()
    assert '<div class="pack pk-pages" lang="en">' in page


def test_the_secretary_of_a_body_reads_no_pack(cycle: ReportingCycle) -> None:
    published_pack(cycle)
    secretary = user_with(Role.SECRETARY)
    assert get(secretary, "pack", cycle.slug).status_code == 404
    assert get(secretary, "pack_sheet", "S-1", cycle.slug).status_code == 404
