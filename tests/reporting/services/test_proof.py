"""A text nobody can print never stops the pack: it is found by name, withheld visibly, and told."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.utils import translation

from config import clock
from people.enums import Role
from people.models import Job, Notification
from people.services import jobs
from portfolio.models import Project, StatusReport
from portfolio.services.after_status import status_published
from reporting.enums import ProofState
from reporting.models import FragmentProof
from reporting.packs.codir import compose
from reporting.services import pack as pack_service
from reporting.services import pdf, proof, trial
from reporting.services.freeze import freeze_cycle
from reporting.services.proof_queue import PROVE
from tests.factories.people import user_with
from tests.factories.portfolio import ProjectFactory
from tests.factories.reporting import edition
from tests.reporting.services.test_freeze import portfolio

STATIC = Path(settings.BASE_DIR) / "static"
POISON = "POISON"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A renderer that cannot print a document with the word in it; answers the documents of each call."""
    calls: list[int] = []

    def try_documents(documents: list[str], *, static_root: Path) -> list[trial.Trial]:
        calls.append(len(documents))
        return [trial.Trial("RecursionError: poison" if POISON in text else "", 0.1, 1000) for text in documents]

    monkeypatch.setattr(proof, "try_documents", try_documents)
    return calls


def message_of(code: str, text: str, size: int = 14) -> Any:
    whole = edition(size, silent=0, top=4)
    return replace(
        whole,
        projects=tuple(
            replace(row, status=replace(row.status, message=text)) if row.code == code else row
            for row in whole.projects
        ),
    )


@pytest.mark.django_db
def test_only_what_is_unproved_is_tried_and_together(poison: list[int]) -> None:
    whole = edition(14, silent=0, top=4)
    assert proof.prove_edition(whole, now=clock.now()) == {}
    assert poison == [2]
    assert FragmentProof.objects.filter(state=ProofState.PROVED).count() == 15
    assert proof.prove_edition(whole, now=clock.now()) == {}
    assert poison == [2]
    proof.prove_edition(message_of("P-002", "Autre texte"), now=clock.now())
    assert poison == [2, 1]


@pytest.mark.django_db
def test_a_failing_text_is_named_withheld_and_told_to_the_pso_and_the_project_manager(poison: list[int]) -> None:
    pso, lead = user_with(Role.PSO), user_with(Role.PM)
    other = user_with(Role.PM)
    ProjectFactory(code="P-002", manager=lead.person)
    whole = message_of("P-002", f"{POISON} !")
    withheld = proof.prove_edition(whole, now=clock.now())
    assert withheld == {"P-002": ("status.message",)}
    assert proof.withheld_of(whole) == withheld
    row = FragmentProof.objects.get(state=ProofState.FAILED)
    assert (row.field, row.cause, row.project.code) == ("status.message", "RecursionError: poison", "P-002")
    told = Notification.objects.filter(kind=proof.FAILED)
    assert {note.user for note in told} == {pso, lead}
    assert other not in {note.user for note in told}
    proof.prove_edition(whole, now=clock.now())
    assert Notification.objects.filter(kind=proof.FAILED).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Non rendu, projet P-002 : message au CODIR."),
        ("nl", "P-002"),
        ("en", "P-002"),
    ],
)
def test_the_pack_shows_a_box_on_the_cover_and_the_sheet_and_a_mark_in_the_rows(language: str, said: str) -> None:
    whole = message_of("P-002", f"{POISON} !")
    document = compose(whole, language=language, withheld={"P-002": ("status.message",)})
    html = pack_service.html_of(document)
    assert POISON not in html
    assert html.count('class="pk-unprinted"') == 2
    assert said in html
    with translation.override(language):
        mark = translation.gettext("« non rendu »")
    assert html.count(mark) >= 2
    assert whole.projects[1].status.message == f"{POISON} !"


@pytest.mark.django_db(transaction=True)
def test_a_pack_with_a_failing_text_is_complete_tagged_and_frozen_as_typed(poison: list[int]) -> None:
    cycle = portfolio(3)
    project = Project.objects.order_by("code").first()
    Project.objects.filter(pk=project.pk).update(purpose=f"{POISON} finalité")
    built = pack_service.build_pack(cycle=cycle, language="fr", by=None, now=clock.now())
    assert any(row["purpose"] == f"{POISON} finalité" for row in built.snapshot.data["projects"])
    with pikepdf.open(built.path) as document:
        assert document.Root.MarkInfo.Marked
    assert FragmentProof.objects.get(state=ProofState.FAILED).field == "purpose"


@pytest.mark.django_db
def test_a_text_that_fails_only_beside_others_withholds_the_whole_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    def try_documents(documents: list[str], *, static_root: Path) -> list[trial.Trial]:
        return [trial.Trial("too much" if "ONE" in text and "TWO" in text else "") for text in documents]

    monkeypatch.setattr(proof, "try_documents", try_documents)
    whole = message_of("P-002", "ONE")
    second = replace(whole.projects[1], purpose="TWO")
    whole = replace(whole, projects=(whole.projects[0], second, *whole.projects[2:]))
    assert proof.prove_edition(whole, now=clock.now()) == {"P-002": ("*",)}


def test_a_document_that_kills_its_child_leaves_the_others_their_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "WALL_SECONDS", 6)
    good = '<!doctype html><html lang="fr"><head><title>x</title></head><body><p>x</p></body></html>'
    hostile = good.replace("<p>x</p>", "<table><tr><td colspan=1000000>x</td></tr></table>")
    deep = good.replace("<p>x</p>", "<ul><li>" * 400 + "x")
    answers = trial.try_documents([good, deep, hostile, good], static_root=STATIC)
    assert [bool(answer.cause) for answer in answers] == [False, True, True, False]
    assert all(answer.peak_kb > 0 for answer in (answers[0], answers[1], answers[3]))


def test_a_real_pack_of_fourteen_projects_is_proved() -> None:
    whole = edition(14, silent=2, top=6)
    with translation.override("fr"):
        pieces = proof.pieces_of(whole)
        answers = proof._try(whole, [[proof.Piece(piece) for piece in pieces]])
    assert [answer.cause for answer in answers] == [""]


def test_signs_no_page_can_hold_are_replaced_before_printing() -> None:
    assert pdf.printable("a\x00b\x0bc\ud800d\u202ee\ttab\n") == "a\ufffdb\ufffdc\ufffdd\ufffde\ttab\n"
    page = '<!doctype html><html lang="fr"><head><title>x\ud800</title></head><body><p>\x0b</p></body></html>'
    with pikepdf.open(io.BytesIO(pdf.render(page, identifier="x", static_root=STATIC).data)) as document:
        assert len(document.pages) == 1


@pytest.mark.django_db
def test_a_published_status_leaves_a_job_that_proves_its_texts(poison: list[int]) -> None:
    cycle = portfolio(2)
    report = StatusReport.objects.filter(cycle=cycle).first()
    StatusReport.objects.filter(pk=report.pk).update(message=f"{POISON} !")
    status_published(report)
    status_published(report)
    job = Job.objects.get(kind=PROVE)
    assert jobs.run_now(job.pk) == "done"
    assert FragmentProof.objects.get(state=ProofState.FAILED).field == "status.message"
    freeze_cycle(cycle, None, clock.now())
    assert proof.prove_week(cycle.pk, now=clock.now()) == {}
