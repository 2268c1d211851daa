"""Sizes that keep a file readable in one go."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import PRODUCTION, modules, name, parsed, templates


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("paths", "budget"),
    [(list(modules(*PRODUCTION)), 400), (list(modules("tests")), 600), (list(templates()), 150)],
    ids=["modules", "test modules", "templates"],
)
def test_files_keep_their_budget(paths: list[Path], budget: int) -> None:
    assert {name(path): length(path) for path in paths if length(path) > budget} == {}


@pytest.mark.parametrize(
    ("kind", "budget"), [((ast.FunctionDef, ast.AsyncFunctionDef), 40), ((ast.ClassDef,), 200)], ids=["def", "class"]
)
def test_functions_and_classes_keep_their_budget(kind: tuple[type[ast.AST], ...], budget: int) -> None:
    too_long = {}
    for path in modules(*PRODUCTION):
        for node in ast.walk(parsed(path)):
            if not isinstance(node, kind):
                continue
            assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > budget:
                too_long[f"{name(path)}:{node.name}"] = lines
    assert too_long == {}
