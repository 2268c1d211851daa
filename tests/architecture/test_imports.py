"""Layers, and the homes of the heavy or dangerous libraries."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import APPS, PRODUCTION, ROOT, modules, name, parsed

HOMES = {
    "pandas": ("reporting/exports/",),
    "weasyprint": ("reporting/services/pdf.py",),
    "openpyxl": ("portfolio/services/importers/", "reporting/exports/"),
    "redis": (),
}
CLOCKS = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "timezone.now", "timezone.localdate"}
DRAWING = (
    "django.utils.",
    "config.web.formats",
    "config.web.glyphs",
    "config.web.languages",
    "config.web.marks",
    "portfolio.charts",
    "reporting.charts",
    "portfolio.engines",
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_import_contracts_are_kept() -> None:
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("library", HOMES)
def test_library_stays_in_its_home(library: str) -> None:
    users = {
        name(path) for path in modules(*PRODUCTION) for module in imported(path) if module.split(".")[0] == library
    }
    assert {user for user in users if not user.startswith(HOMES[library])} == set()


def test_charts_only_draw() -> None:
    foreign = {
        f"{name(path)}: {module}"
        for path in modules("portfolio/charts", "reporting/charts")
        for module in imported(path)
        if module.split(".")[0] in ("django", *PRODUCTION) and not module.startswith(DRAWING)
    }
    assert foreign == set()


def test_views_api_and_tasks_leave_rows_to_selectors_and_services() -> None:
    outside = {
        f"{name(path)}:{node.lineno}"
        for app in APPS
        for path in [*modules(f"{app}/views", f"{app}/api"), ROOT / app / "tasks.py"]
        if path.exists()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    }
    assert outside == set()


def test_only_the_clock_reads_the_clock() -> None:
    """A model may name `timezone.now` as a default: that is a reference, the row's birth."""
    readers = {
        f"{name(path)}:{node.lineno}"
        for path in modules(*PRODUCTION)
        if name(path) != "config/clock.py"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CLOCKS
    }
    assert readers == set()
