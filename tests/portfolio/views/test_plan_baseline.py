"""A baseline is proposed after fourteen checks, in force through a decision, and kept for ever."""

from datetime import date, datetime, timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from config import clock
from people.enums import Role
from portfolio.models import Activity, PlanBaseline
from portfolio.services.decided import name_decision, set_baseline_end
from tests.factories.people import user_with
from tests.factories.portfolio import BudgetLineFactory, MilestoneFactory, ProjectFactory
from tests.portfolio.engines.test_mspdi_reader import link, task
from tests.portfolio.services.test_plan_import import plan_of, row, take

pytestmark = pytest.mark.django_db
GATE = "<Milestone>1</Milestone>"


@pytest.fixture
def desk():
    user = user_with(Role.PM)
    client = Client()
    client.force_login(user)
    project = ProjectFactory(code="PRJ-1", manager=user.person, planned_end=date(2026, 12, 1))
    take(project, plan_of(row(1, 2), row(2, 3, link(1)), task(3, GATE, link(2))))
    return client, project, user


def propose(client: Client, **more: object):
    url = reverse("portfolio:plan_baseline", args=["PRJ-1"])
    version = client.get(url).context["form"].initial["version"]
    return client.post(url, {"reason": "Périmètre revu", "version": version, **more})


def decide(project, number: str, day: date, by) -> None:
    with transaction.atomic():
        name_decision(number)
        set_baseline_end(project=project, day=day, by=by)


def test_the_checks_are_shown_before_anything_is_proposed(desk) -> None:
    client, _project, _user = desk
    text = client.get(reverse("portfolio:plan_baseline", args=["PRJ-1"])).content.decode()
    assert "Activités sans personne" in text
    assert "1 Tâche 1" in text
    assert "ne sont pas passés" in text or "n’est pas passé" in text


def test_a_proposed_baseline_counts_only_once_a_decision_has_set_the_end(desk) -> None:
    client, project, user = desk
    gate = MilestoneFactory(project=project, name="Tâche 3", baseline=date(2026, 11, 20))
    take(project, plan_of(row(1, 2), row(2, 4, link(1)), task(3, GATE, link(2))))
    assert propose(client).status_code == 303
    assert Activity.objects.get(uid=2).baseline_finish is None
    assert propose(client).status_code == 422
    decide(project, "2026-CODIR-007", date(2026, 12, 31), user)
    found = PlanBaseline.objects.get()
    assert (found.state, found.decision, found.effective_on) == ("in_force", "2026-CODIR-007", clock.today())
    assert Activity.objects.get(uid=2).baseline_finish == datetime.fromisoformat("2026-11-30T17:00")
    gate.refresh_from_db()
    assert gate.baseline == date(2026, 11, 30)
    take(project, plan_of(row(1, 9), row(2, 4, link(1)), task(3, GATE, link(2))))
    assert Activity.objects.get(uid=2).baseline_finish == datetime.fromisoformat("2026-11-30T17:00")


def test_the_one_before_is_replaced_and_none_is_ever_lost(desk) -> None:
    client, project, user = desk
    for number in ("D-1", "D-2"):
        propose(client)
        decide(project, number, date(2026, 12, 31), user)
    assert list(PlanBaseline.objects.order_by("number").values_list("state", flat=True)) == ["replaced", "in_force"]
    for page in ("plan", "project"):
        assert "référence remplacée × 1" in client.get(reverse(f"portfolio:{page}", args=["PRJ-1"])).content.decode()
    assert "réf. ×1" in client.get(reverse("portfolio:register")).content.decode()
    assert "réf. ×1" in client.get(reverse("portfolio:roadmap")).content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanBaseline.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanBaseline.objects.update(rows={})


def test_a_withdrawn_proposal_is_kept_and_never_counts(desk) -> None:
    client, project, user = desk
    propose(client)
    client.post(reverse("portfolio:baseline_withdraw", args=["PRJ-1"]))
    decide(project, "D-1", date(2026, 12, 31), user)
    assert PlanBaseline.objects.get().state == "withdrawn"


def test_a_plan_that_moved_on_is_checked_again(desk) -> None:
    client, project, _user = desk
    page = client.get(reverse("portfolio:plan_baseline", args=["PRJ-1"]))
    take(project, plan_of(row(1, 5)))
    answer = propose(client, version=page.context["form"].initial["version"])
    assert answer.status_code == 422
    assert "relisez-les" in answer.content.decode()


def test_what_changed_between_two_days_is_told_field_by_field(desk) -> None:
    client, project, _user = desk
    month_ago = clock.now() - timedelta(days=30)
    for model in ("ActivityEvent", "ActivityLinkEvent"):
        with pgtrigger.ignore(f"portfolio.{model}:append_only"):
            apps.get_model("portfolio", model)._default_manager.update(pgh_created_at=month_ago)
    take(project, plan_of(row(1, 4), row(2, 3), row(4, 1)))
    url = reverse("portfolio:plan_changes", args=["PRJ-1"])
    text = client.get(url).content.decode()
    assert "<del>2 j</del>" in text
    assert "<ins>4 j</ins>" in text
    assert "<del>1</del>" in text
    assert "<del>Tâche 3</del>" in text
    assert "<ins>Tâche 4</ins>" in text
    old = clock.today() - timedelta(days=20)
    assert "n’a pas changé" in client.get(url, {"since": str(old), "until": str(old)}).content.decode()
    assert client.get(url, {"since": "hier"}).status_code == 422


def test_cost_and_progress_are_told_at_the_same_two_days(desk) -> None:
    client, project, _user = desk
    line = BudgetLineFactory(project=project, approved=100_000, forecast=100_000)
    month_ago = clock.now() - timedelta(days=30)
    for model in ("ActivityEvent", "ActivityLinkEvent", "BudgetLineEvent", "ProjectEvent"):
        with pgtrigger.ignore(f"portfolio.{model}:append_only"):
            apps.get_model("portfolio", model)._default_manager.update(pgh_created_at=month_ago)
    line.forecast = 120_000
    line.save()
    Activity.objects.filter(uid=1).update(percent_complete=50)
    url = reverse("portfolio:plan_changes", args=["PRJ-1"])
    figures = {one.name: (one.old, one.new) for one, *_told in client.get(url).context["figures"]}
    assert figures["forecast"] == (100_000, 120_000)
    assert figures["approved"] == (100_000, 100_000)
    assert figures["progress"] == (0, 20)
    assert "<del>100" in client.get(url).content.decode()
