"""Create, change, rank and move projects: who may write what, and what the trail keeps."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from config.web.versioned import StaleVersionError
from people.enums import Role
from people.models import AuditEntry
from portfolio.enums import LifeCycle
from portfolio.models import BudgetLine, Project, Standing
from portfolio.services.project import NeedsDecisionError, create_project, move_project, update_project
from portfolio.services.versioned import ForbiddenFieldError
from tests.factories.people import PersonFactory, user_with
from tests.factories.portfolio import ProgrammeFactory, ProjectFactory, StrategicAxisFactory

pytestmark = pytest.mark.django_db


def test_create_project_sets_first_approved_figures_and_a_budget_line() -> None:
    pso = user_with(Role.PSO)
    axis = StrategicAxisFactory()
    project = create_project(
        by=pso, code="P-900", name_fr="Essai", axis=axis, planned_end=date(2027, 6, 30), cost=Decimal("250000.01")
    )
    line = BudgetLine.objects.get(project=project)
    assert (project.first_approved_end, project.forecast_end) == (date(2027, 6, 30), date(2027, 6, 30))
    assert (project.first_approved_cost, line.approved) == (Decimal("250000.01"), Decimal("250000.01"))
    assert Standing.objects.get(project=project).bac == Decimal("250000.01")
    assert AuditEntry.objects.filter(verb="project.created", target_id=str(project.pk)).exists()


def test_create_project_takes_the_axis_of_its_programme() -> None:
    programme = ProgrammeFactory()
    project = create_project(by=user_with(Role.PSO), code="P-901", name_fr="Essai", programme=programme)
    assert project.axis == programme.axis


def test_update_project_writes_only_what_changed_and_bumps_the_version() -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person, name_fr="Avant")
    saved = update_project(project=project, changes={"name_fr": "Après"}, version=1, by=pm)
    entry = AuditEntry.objects.get(verb="project.updated")
    assert (saved.name_fr, saved.version) == ("Après", 2)
    assert entry.data["changes"] == {"name_fr": ["Avant", "Après"]}


def test_update_project_without_difference_writes_nothing() -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person, name_fr="Même")
    saved = update_project(project=project, changes={"name_fr": "Même"}, version=1, by=pm)
    assert saved.version == 1
    assert not AuditEntry.objects.filter(verb="project.updated").exists()


def test_update_project_refuses_a_version_that_moved_on() -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person)
    update_project(project=project, changes={"name_fr": "Un"}, version=1, by=pm)
    with pytest.raises(StaleVersionError):
        update_project(project=project, changes={"name_fr": "Deux"}, version=1, by=pm)


@pytest.mark.parametrize(
    "name", ["priority_rank", "planned_end", "first_approved_cost", "is_top", "sponsor", "version"]
)
def test_update_project_refuses_the_manager_what_belongs_to_a_decision(name: str) -> None:
    pm = user_with(Role.PM)
    project = ProjectFactory(manager=pm.person)
    with pytest.raises(ForbiddenFieldError):
        update_project(project=project, changes={name: None}, version=1, by=pm)


def test_update_project_refuses_somebody_elses_project() -> None:
    with pytest.raises(ForbiddenFieldError):
        update_project(project=ProjectFactory(), changes={"name_fr": "x"}, version=1, by=user_with(Role.PM))


def test_update_project_lets_the_programme_manager_edit_his_own_only() -> None:
    manager = user_with(Role.PROGRAMME_MANAGER)
    own = ProjectFactory(programme=ProgrammeFactory(manager=manager.person))
    assert update_project(project=own, changes={"name_fr": "x"}, version=1, by=manager).name_fr == "x"
    with pytest.raises(ForbiddenFieldError):
        update_project(project=ProjectFactory(), changes={"name_fr": "x"}, version=1, by=manager)


def test_update_project_lets_the_director_edit_sponsored_and_top_projects() -> None:
    director = user_with(Role.DIRECTOR)
    top = ProjectFactory(is_top=True, priority_rank=1)
    sponsored = ProjectFactory(sponsor=director.person)
    for project in (top, sponsored):
        assert update_project(project=project, changes={"name_fr": "x"}, version=1, by=director).name_fr == "x"
    with pytest.raises(ForbiddenFieldError):
        update_project(project=ProjectFactory(), changes={"name_fr": "x"}, version=1, by=director)


def test_ranking_shifts_the_run_of_taken_ranks_and_says_so() -> None:
    pso = user_with(Role.PSO)
    preparing = {"life_cycle": LifeCycle.PREPARATION}
    first, second, fourth = (ProjectFactory(priority_rank=rank, **preparing) for rank in (1, 2, 4))
    newcomer = ProjectFactory(priority_rank=None, **preparing)
    update_project(project=newcomer, changes={"priority_rank": 1}, version=1, by=pso)
    ranks = dict(Project.objects.values_list("pk", "priority_rank"))
    assert (ranks[newcomer.pk], ranks[first.pk], ranks[second.pk], ranks[fourth.pk]) == (1, 2, 3, 4)
    entry = AuditEntry.objects.get(verb="project.ranks_shifted")
    assert entry.data["shifted"] == [first.code, second.code]


def test_nobody_pushes_an_authorised_project_down_without_a_decision() -> None:
    authorised = ProjectFactory(priority_rank=1)
    newcomer = ProjectFactory(priority_rank=None, life_cycle=LifeCycle.PREPARATION)
    with pytest.raises(NeedsDecisionError):
        update_project(project=newcomer, changes={"priority_rank": 1}, version=1, by=user_with(Role.PSO))
    assert Project.objects.get(pk=authorised.pk).priority_rank == 1


def test_an_authorised_project_leaves_its_approved_fields_to_a_decision() -> None:
    pso, project = user_with(Role.PSO), ProjectFactory(priority_rank=1)
    for name in ("manager", "priority_rank", "planned_end", "first_approved_end", "first_approved_cost"):
        with pytest.raises(NeedsDecisionError, match="que par une décision"):
            update_project(project=project, changes={name: None}, version=1, by=pso)
    for target in ("closing", "on_hold", "cancelled"):
        with pytest.raises(NeedsDecisionError):
            move_project(project=project, target=target, version=1, by=pso, reason="Motif", review_on=date(2027, 1, 15))


def test_what_an_import_left_empty_is_filled_once() -> None:
    pso, manager = user_with(Role.PSO), PersonFactory()
    project = ProjectFactory(source="liste", source_key="a", manager=None)
    update_project(project=project, changes={"manager": manager}, version=1, by=pso)
    with pytest.raises(NeedsDecisionError):
        update_project(project=Project.objects.get(pk=project.pk), changes={"manager": None}, version=2, by=pso)


def test_update_project_answers_a_broken_rule_in_words() -> None:
    pso = user_with(Role.PSO)
    person = PersonFactory()
    project = ProjectFactory(manager=person)
    with pytest.raises(ValidationError, match="exécutif n’est pas le chef de projet"):
        update_project(project=project, changes={"sponsor": person}, version=1, by=pso)


def test_move_project_follows_the_table_only() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(life_cycle=LifeCycle.MANDATE)
    moved = move_project(project=project, target="preparation", version=1, by=pso)
    assert moved.life_cycle == LifeCycle.PREPARATION
    with pytest.raises(ValidationError):
        move_project(project=moved, target="closed", version=2, by=pso)
    with pytest.raises(ValidationError):
        move_project(project=moved, target="nowhere", version=2, by=pso)


def test_move_project_through_a_gate_names_its_decision() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(life_cycle=LifeCycle.PREPARATION)
    with pytest.raises(ValidationError):
        move_project(project=project, target="initiation", version=1, by=pso)
    moved = move_project(project=project, target="initiation", version=1, by=pso, reason="CODIR du 24 novembre")
    assert (moved.life_cycle, moved.life_cycle_reason) == ("initiation", "CODIR du 24 novembre")


def test_move_project_to_a_pause_asks_for_its_review() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(life_cycle=LifeCycle.INITIATION)
    with pytest.raises(ValidationError):
        move_project(project=project, target="on_hold", version=1, by=pso, reason="budget")
    moved = move_project(
        project=project, target="on_hold", version=1, by=pso, reason="budget", review_on=date(2027, 1, 15)
    )
    assert moved.review_on == date(2027, 1, 15)


def test_move_project_refuses_a_stale_version() -> None:
    pso = user_with(Role.PSO)
    project = ProjectFactory(life_cycle=LifeCycle.MANDATE)
    move_project(project=project, target="preparation", version=1, by=pso)
    with pytest.raises(StaleVersionError):
        move_project(project=project, target="preparation", version=1, by=pso)
