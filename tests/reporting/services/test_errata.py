"""Errata: who may report, what is retained, and a second version that changes nothing of the first."""

from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from config import clock
from config.web.versioned import StaleVersionError
from people.enums import Role
from people.models import Mail, Notification, User
from people.services.notify import worded
from portfolio.models import Project, StatusReport
from reporting.engines.edition import DIMENSIONS
from reporting.enums import CorrectionState, PackState
from reporting.models import Correction, Pack, Snapshot
from reporting.packs.codir import compose
from reporting.services.distribution import distribute
from reporting.services.errata import (
    CannotCorrectError,
    decide_correction,
    prepare_erratum,
    propose_correction,
)
from reporting.services.pack import document_of, edition_of, html_of
from reporting.services.pack_life import approve, publish
from tests.factories.guards import guards_off
from tests.factories.packs import file_for, published_pack, rendered_pack, reread
from tests.factories.people import user_with
from tests.reporting.services.test_freeze import in_thread, portfolio

pytestmark = pytest.mark.django_db(transaction=True)
COLOURS = {"overall": "red", **dict.fromkeys(DIMENSIONS, "amber")}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


@pytest.fixture
def pso() -> User:
    return user_with(Role.PSO)


def reported(pack: Pack, by: User, text: str = "Le lot 2 est livré.", **more) -> Correction:
    project = more.pop("project", None) or Project.objects.order_by("pk").first()
    return propose_correction(project=project, cycle=pack.cycle, by=by, text=text, **more)


def retained(pack: Pack, by: User, text: str = "Le lot 2 est livré.", **more) -> Correction:
    row = reported(pack, by, text, **more)
    return decide_correction(correction=row, accept=True, by=by, version=row.version)


def code(caught: pytest.ExceptionInfo) -> str:
    return caught.value.code


def test_a_project_manager_reports_for_his_projects_only_and_the_pso_is_told(pso: User) -> None:
    manager, stranger = user_with(Role.PM), user_with(Role.PM)
    pack = published_pack(portfolio(2))
    mine = Project.objects.order_by("pk").first()
    with guards_off("portfolio_project"):
        Project.objects.filter(pk=mine.pk).update(manager=manager.person)
    mine.refresh_from_db()
    row = reported(pack, manager, project=mine)
    assert (row.state, row.author, row.kind) == (CorrectionState.PROPOSED, manager, "correction")
    assert list(Notification.objects.filter(kind="correction").values_list("user", flat=True)) == [pso.pk]
    with pytest.raises(CannotCorrectError) as caught:
        reported(pack, stranger, project=mine)
    assert code(caught) == "not_yours"


@pytest.mark.parametrize(("accept", "words"), [(True, "Erratum retenu"), (False, "Erratum écarté")])
def test_who_reported_learns_what_became_of_it(accept: bool, words: str, pso: User) -> None:
    manager = user_with(Role.PM)
    pack = published_pack(portfolio(1))
    with guards_off("portfolio_project"):
        Project.objects.update(manager=manager.person)
    row = reported(pack, manager)
    decide_correction(correction=row, accept=accept, by=pso, version=row.version)
    note = Notification.objects.get(kind="correction_decided")
    assert note.user == manager
    assert worded(note).title.startswith(f"{words} pour {row.project.code}")


def test_before_the_freeze_the_status_itself_is_corrected(pso: User) -> None:
    cycle = portfolio(1)
    with pytest.raises(CannotCorrectError) as caught:
        propose_correction(project=Project.objects.get(), cycle=cycle, by=pso, text="Trop tôt")
    assert code(caught) == "not_frozen"


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 601])
def test_an_empty_or_long_text_is_refused(text: str, pso: User) -> None:
    with pytest.raises(ValidationError):
        reported(published_pack(portfolio(1)), pso, text)
    assert not Correction.objects.exists()


def test_a_late_status_needs_every_colour_and_that_none_came_in_time(pso: User) -> None:
    pack = published_pack(portfolio(2, silent=1))
    given, silent = Project.objects.order_by("pk")
    with pytest.raises(ValidationError):
        reported(pack, pso, project=given, declared=COLOURS)
    with pytest.raises(ValidationError):
        reported(pack, pso, project=silent, declared={"overall": "red"})
    row = reported(pack, pso, project=silent, declared=COLOURS)
    assert (row.kind, row.declared) == ("late_status", COLOURS)
    assert not StatusReport.objects.filter(project=silent).exists()


def test_two_who_decide_at_once_do_not_overwrite_each_other(pso: User) -> None:
    row = reported(published_pack(portfolio(1)), pso)
    decide_correction(correction=Correction.objects.get(), accept=True, by=pso, version=row.version)
    with pytest.raises(StaleVersionError):
        decide_correction(correction=row, accept=False, by=pso, version=1)
    assert Correction.objects.get().state == CorrectionState.ACCEPTED


def test_an_erratum_needs_a_published_pack_and_a_retained_correction(pso: User) -> None:
    cycle = portfolio(1)
    pack = rendered_pack(cycle)
    retained(pack, pso)
    with pytest.raises(CannotCorrectError) as caught:
        prepare_erratum(cycle=cycle, by=pso, now=clock.now())
    assert code(caught) == "not_published"
    director = user_with(Role.DIRECTOR)
    approve(pack=pack, by=director, now=clock.now())
    publish(pack=pack, by=director, now=clock.now())
    Correction.objects.all().delete()
    with pytest.raises(CannotCorrectError) as caught:
        prepare_erratum(cycle=cycle, by=pso, now=clock.now())
    assert code(caught) == "nothing_retained"


def test_version_two_holds_the_same_facts_and_leaves_version_one_alone(pso: User) -> None:
    first = published_pack(portfolio(3))
    before = Snapshot.objects.get()
    body_before = [page.title for page in document_of(first, language="fr").pages[1:]]
    retained(first, pso, "Le lot 2 est livré.")
    reported(first, pso, "À écarter.")
    second = prepare_erratum(cycle=first.cycle, by=pso, now=clock.now())
    assert (second.edition, second.state, second.built_by) == (2, PackState.FROZEN, pso)
    assert Snapshot.objects.get(edition=1).data_hash == before.data_hash
    facts, new = edition_of(before), edition_of(second.snapshot)
    assert new.projects == facts.projects
    assert [(row.text, row.author, row.edition) for row in new.corrections] == [
        ("Le lot 2 est livré.", pso.full_name, 2)
    ]
    document = document_of(second, language="fr")
    assert [page.title for page in document.pages[1:]] == body_before
    page = html_of(document)
    assert "Erratum : 1 correction" in page
    assert "À écarter." not in page
    assert pso.full_name in page
    assert "Le lot 2 est livré." not in html_of(document_of(reread(first), language="fr"))


def test_version_two_is_approved_published_and_sent_like_the_first(pso: User) -> None:
    director = user_with(Role.DIRECTOR)
    first = published_pack(portfolio(1), director)
    distribute(pack=first, now=clock.now())
    at = first.cycle.published_at
    retained(first, pso)
    second = prepare_erratum(cycle=first.cycle, by=pso, now=clock.now())
    file_for(second)
    approve(pack=second, by=director, now=clock.now())
    publish(pack=second, by=director, now=clock.now())
    distribute(pack=reread(second), now=clock.now())
    mail = Mail.objects.get(key=f"pack:{second.pk}:{director.pk}")
    assert "version 2" in mail.subject
    first.cycle.refresh_from_db()
    assert first.cycle.published_at == at or at is None
    assert Correction.objects.get().pack == second


def test_two_who_prepare_at_once_make_one_version(pso: User) -> None:
    first = published_pack(portfolio(1))
    retained(first, pso)
    start = Barrier(2)

    def press() -> Pack:
        start.wait()
        return prepare_erratum(cycle=first.cycle, by=pso, now=clock.now())

    threads = [in_thread(press), in_thread(press)]
    for thread, _outcome in threads:
        thread.join()
    made = [outcome[0] for _thread, outcome in threads]
    assert all(isinstance(one, Pack | CannotCorrectError) for one in made)
    assert Pack.objects.count() == Snapshot.objects.count() == 2


def test_more_than_three_corrections_have_a_page_of_their_own(pso: User) -> None:
    first = published_pack(portfolio(2, silent=1))
    silent = Project.objects.order_by("pk").last()
    for number in range(3):
        retained(first, pso, f"Correction {number}")
    retained(first, pso, "Statut tardif", project=silent, declared=COLOURS)
    second = prepare_erratum(cycle=first.cycle, by=pso, now=clock.now())
    document = compose(edition_of(second.snapshot), language="fr", number=2)
    page = next(page for page in document.pages if page.key == "corrections")
    assert [note.text for note in page.body.notes][-1] == "Statut tardif"
    assert "rouge" in page.body.notes[-1].colours
    assert document.pages[0].body.erratum.more == 1
    assert edition_of(second.snapshot).project(silent.code).state == "stale"


def test_the_next_version_repeats_what_the_one_before_corrected(pso: User) -> None:
    director = user_with(Role.DIRECTOR)
    first = published_pack(portfolio(1), director)
    retained(first, pso, "Un")
    second = prepare_erratum(cycle=first.cycle, by=pso, now=clock.now())
    file_for(second)
    approve(pack=second, by=director, now=clock.now())
    publish(pack=second, by=director, now=clock.now())
    retained(first, pso, "Deux")
    third = prepare_erratum(cycle=first.cycle, by=pso, now=clock.now())
    assert [(row.text, row.edition) for row in edition_of(third.snapshot).corrections] == [("Un", 2), ("Deux", 3)]


def test_the_database_refuses_a_printed_correction_without_its_pack(pso: User) -> None:
    reported(published_pack(portfolio(1)), pso)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(state="printed", decided_by=pso)
