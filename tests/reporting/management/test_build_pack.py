"""`build_pack`: its JSON, its refusals and its exit codes (contract.md)."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from config import clock
from portfolio.engines.reporting_calendar import current_week
from portfolio.models import ReportingCycle
from portfolio.services.standing import refresh_standing
from reporting.services import pdf
from tests.factories.portfolio import ProjectFactory, ReportingCycleFactory

pytestmark = pytest.mark.django_db
KEYS = {"path", "data_hash", "pdf_sha256", "pages", "version", "received", "expected"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKS_ROOT", tmp_path / "packs")


@pytest.fixture
def week() -> str:
    cycle = ReportingCycleFactory(opens_at=clock.now() - timedelta(days=4))
    ProjectFactory()
    refresh_standing(None, now=clock.now())
    return cycle.slug


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("build_pack", *arguments, "--json", stdout=out, stderr=StringIO())
    except SystemExit as leaving:
        return int(leaving.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_it_says_where_the_pack_is_and_what_it_holds(week: str) -> None:
    status, answer = run("--week", week)
    assert (status, set(answer)) == (0, KEYS)
    assert Path(answer["path"]).name == f"CODIR-{week}-fr-v1.pdf"
    assert (answer["version"], answer["received"], answer["expected"]) == (1, 0, 1)
    assert run("--week", week) == (0, answer)


def test_output_writes_a_copy(week: str, tmp_path: Path) -> None:
    status, answer = run("--week", week, "--output", str(tmp_path / "copy.pdf"))
    assert (status, answer["path"]) == (0, str(tmp_path / "copy.pdf"))
    assert (tmp_path / "copy.pdf").read_bytes().startswith(b"%PDF")


def test_output_that_cannot_be_written_is_refused(week: str, tmp_path: Path) -> None:
    status, answer = run("--week", week, "--output", str(tmp_path / "none" / "copy.pdf"))
    assert (status, answer["error"]["code"]) == (1, "cannot_write")


def test_this_week_is_opened_when_nobody_has() -> None:
    ProjectFactory()
    refresh_standing(None, now=clock.now())
    status, answer = run("--week", str(current_week(clock.now())))
    assert (status, answer.get("expected")) == (0, 1)


@pytest.mark.parametrize(
    ("week", "status", "code"),
    [
        ("2026-47", 2, "bad_week"),
        ("2026-W54", 2, "bad_week"),
        ("2031-W02", 1, "week_not_open"),
        ("2020-W02", 1, "unknown_week"),
    ],
)
def test_a_week_that_cannot_be_built_is_refused_and_nothing_is_written(week: str, status: int, code: str) -> None:
    answer = run("--week", week)
    assert (answer[0], answer[1]["error"]["code"]) == (status, code)
    assert set(answer[1]["error"]) == {"code", "message", "details"}
    assert not ReportingCycle.objects.exists()


def test_an_unknown_language_or_kind_is_misuse(week: str) -> None:
    for arguments in (("--language", "de"), ("--kind", "other")):
        with pytest.raises((SystemExit, CommandError)):
            call_command("build_pack", "--week", week, *arguments)


def test_a_page_that_cannot_be_printed_is_refused(week: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise pdf.RenderError("mise en page")

    monkeypatch.setattr(pdf, "render", fail)
    status, answer = run("--week", week)
    assert (status, answer["error"]["code"]) == (1, "render_failed")
