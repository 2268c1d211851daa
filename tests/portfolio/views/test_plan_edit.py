"""Planning by hand: added, linked, reshaped and undone from the keyboard; never a circle, never over somebody else."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.enums import Role
from people.models import AuditEntry
from portfolio.models import Activity, Plan
from tests.factories.people import user_with
from tests.factories.portfolio import MilestoneFactory, ProjectFactory
from tests.portfolio.engines.test_mspdi_reader import link
from tests.portfolio.services.test_plan_import import plan_of, row, take

pytestmark = pytest.mark.django_db
at = datetime.fromisoformat


class Desk:
    """A project manager at his own project, which starts on a Monday."""

    def __init__(self) -> None:
        user = user_with(Role.PM)
        self.client = Client()
        self.client.force_login(user)
        self.project = ProjectFactory(code="PRJ-1", manager=user.person, start=date(2026, 11, 23))

    def add(self, name: str, duration: str = "1j", links: str = "", after: int | str = ""):
        data = {"name": name, "duration": duration, "links": links, "row": after}
        return self.client.post(reverse("portfolio:plan_edit", args=["PRJ-1"]), data)

    def act(self, act: str, uid: int | str = "", version: int | None = None):
        version = Plan.objects.get().version if version is None else version
        return self.client.post(
            reverse("portfolio:plan_act", args=["PRJ-1"]), {"act": act, "row": uid, "version": version}
        )

    def edit(self, number: int, **values: object):
        url = reverse("portfolio:activity_edit", args=["PRJ-1", self.uid(number)])
        form = self.client.get(url).context["form"]
        data = {**form.texts(form.initial), "version": form.initial["version"], "base": form.initial["base"]}
        return self.client.post(url, {**data, **values})

    def uid(self, number: int) -> int:
        return Activity.objects.get(number=number).uid

    def rows(self) -> list[tuple[int, str, int]]:
        return list(Activity.objects.order_by("position").values_list("number", "name", "outline_level"))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_activities_are_typed_one_after_the_other_and_dated_at_once(desk: Desk) -> None:
    for name, duration, links in (("Analyse", "3j", ""), ("Réalisation", "2 sem", "1"), ("Recette", "0", "2FS+1j")):
        assert desk.add(name, duration, links).status_code == 303
    dates = {one.name: (one.start, one.finish, one.kind) for one in Activity.objects.all()}
    assert dates["Analyse"] == (at("2026-11-23T08:00"), at("2026-11-25T17:00"), "task")
    assert dates["Réalisation"][1] == at("2026-12-09T17:00")
    assert dates["Recette"] == (at("2026-12-10T17:00"), at("2026-12-10T17:00"), "milestone")
    assert all(Activity.objects.values_list("is_critical", flat=True))
    page = desk.client.get(reverse("portfolio:plan_edit", args=["PRJ-1"])).content.decode()
    assert "2FS+1j" in page
    assert "autofocus" in page
    assert AuditEntry.objects.filter(verb="plan.edited").count() == 3


def test_a_day_off_of_the_community_is_not_worked(desk: Desk) -> None:
    desk.add("Longue", "30j")
    assert Activity.objects.get().finish == at("2027-01-05T17:00")


def test_what_is_no_link_or_no_duration_is_told_and_kept(desk: Desk) -> None:
    desk.add("A")
    for duration, links, told in (
        ("abc", "", "Ce n’est pas une durée"),
        ("1j", "7", "Il n’y a pas de ligne 7"),
        ("1j", "1XX", "n’est pas un lien"),
        ("1j", "1;1SS", "citée deux fois"),
    ):
        answer = desk.add("B", duration, links)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert Activity.objects.count() == 1


def test_a_circle_is_refused_with_its_path(desk: Desk) -> None:
    desk.add("A")
    desk.add("B", links="1")
    answer = desk.edit(1, links="2")
    assert answer.status_code == 422
    assert "1 A → 2 B → 1 A" in answer.content.decode()
    assert not Activity.objects.get(number=1).predecessors.exists()


def test_rows_are_indented_moved_and_deleted_with_what_is_below_them(desk: Desk) -> None:
    for name in ("Lot", "Étude", "Pose", "Fin"):
        desk.add(name)
    lot, study = desk.uid(1), desk.uid(2)
    desk.act("indent", study)
    desk.act("indent", desk.uid(3))
    assert desk.rows() == [(1, "Lot", 1), (2, "Étude", 2), (3, "Pose", 2), (4, "Fin", 1)]
    assert Activity.objects.get(uid=lot).kind == "summary"
    desk.act("down", study)
    desk.act("down", lot)
    assert [name for _number, name, _level in desk.rows()] == ["Fin", "Lot", "Pose", "Étude"]
    assert desk.act("up", desk.uid(1)).status_code == 422
    desk.act("delete", lot)
    assert desk.rows() == [(1, "Fin", 1)]


def test_the_last_change_is_undone_and_only_the_last(desk: Desk) -> None:
    gate = MilestoneFactory(project=desk.project, name="Recette")
    desk.add("Analyse", "3j")
    desk.add("Recette", "0", "1")
    gate.refresh_from_db()
    assert gate.forecast == date(2026, 11, 25)
    desk.edit(1, duration="5j", optimistic="4j", most_likely="5j", pessimistic="8j")
    desk.act("delete", desk.uid(2))
    assert desk.act("undo").status_code == 303
    last = Activity.objects.get(number=2)
    assert (last.milestone, last.finish) == (gate, at("2026-11-27T17:00"))
    assert last.predecessors.get().predecessor.number == 1
    assert desk.act("undo").status_code == 422
    assert Activity.objects.get(number=1).most_likely == 2400


def test_a_change_of_an_activity_is_undone_with_its_estimates(desk: Desk) -> None:
    desk.add("Analyse", "3j")
    desk.edit(1, name="Étude", percent="50", optimistic="4j", most_likely="5j", pessimistic="8j")
    row = Activity.objects.get()
    assert (row.name, row.percent_complete, row.remaining, row.actual_start) == (
        "Étude",
        50,
        720,
        at("2026-11-23T08:00"),
    )
    desk.act("undo")
    row.refresh_from_db()
    assert (row.name, row.percent_complete, row.optimistic, row.actual_start) == ("Analyse", 0, None, None)


def test_a_table_that_has_moved_on_changes_nothing(desk: Desk) -> None:
    desk.add("A")
    version = Plan.objects.get().version
    desk.add("B")
    answer = desk.act("delete", desk.uid(1), version)
    assert answer.status_code == 409
    assert Activity.objects.count() == 2


def test_two_people_on_one_activity_are_merged_by_field(desk: Desk) -> None:
    desk.add("A", "2j")
    url = reverse("portfolio:activity_edit", args=["PRJ-1", desk.uid(1)])
    form = desk.client.get(url).context["form"]
    seen = {**form.texts(form.initial), "version": form.initial["version"], "base": form.initial["base"]}
    desk.edit(1, duration="4j")
    assert desk.client.post(url, {**seen, "name": "Autre"}).status_code == 303
    row = Activity.objects.get()
    assert (row.name, row.duration) == ("Autre", 1920)
    assert desk.client.post(url, {**seen, "duration": "9j"}).status_code == 409


def test_an_imported_plan_is_changed_in_place_and_comes_back_from_its_tool(desk: Desk) -> None:
    data = plan_of(row(1, 2), row(2, 3, link(1)))
    take(desk.project, data)
    desk.add("Ajoutée", "1j", "2", after=1)
    assert [name for _number, name, _level in desk.rows()] == ["Tâche 1", "Ajoutée", "Tâche 2"]
    report = take(desk.project, data)
    assert len(report.kept) == 1
    made = Activity.objects.get(is_own=True)
    assert made.predecessors.get().predecessor.uid == 2


def test_a_change_costs_as_many_statements_in_a_large_plan_as_in_a_small_one(desk: Desk) -> None:
    counts = []
    for size in (3, 40):
        take(desk.project, plan_of(*(row(uid, 1) for uid in range(1, size + 1))))
        desk.add("Avant", after=1)
        with CaptureQueriesContext(connection) as seen:
            desk.add("Après", after=1)
        counts.append(len(seen))
    assert counts[0] == counts[1]
