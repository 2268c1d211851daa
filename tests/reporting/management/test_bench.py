"""The tools of `bin/bench`: figures beside goals, the status form read back, the floors of a page."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from people.enums import Role
from reporting.management.bench.figures import Figures
from reporting.management.bench.pages import filled
from tests.factories.people import user_with

FORM = """
<form action="/langue/"><input name="language" value="nl"></form>
<form id="status-form"><input type="hidden" name="base" value="{&quot;a&quot;: 1}">
<input type="radio" name="overall" value="red"><input type="radio" name="overall" value="green" checked>
<select name="ask"><option value="none">-</option><option value="info" selected>i</option></select>
<input type="checkbox" name="risk-1"><input name="gone" disabled value="x"><textarea name="message">Avant</textarea>
<button name="action" value="draft"></button></form>
"""


def test_a_figure_over_its_goal_is_missed() -> None:
    figures = Figures()
    figures.add("slow", 3.1, "x", 3)
    figures.add("fast", 3, "x", 3)
    figures.add("plain", 99, "ms")
    assert [row.name for row in figures.missed] == ["slow"]
    assert [line.endswith("MISSED") for line in figures.table()] == [True, False, False]


def test_figures_are_written_as_the_contract_says(tmp_path: Path) -> None:
    figures = Figures()
    figures.add("fast", 2.5, "x", 3)
    figures.write(tmp_path / "var" / "bench.json")
    written = json.loads((tmp_path / "var" / "bench.json").read_text())
    assert written == {"fast": {"value": 2.5, "goal": 3, "unit": "x", "ok": True}}


def test_status_form_is_sent_as_it_came_with_another_message() -> None:
    assert filled(FORM, 7) == [
        ("base", '{"a": 1}'),
        ("overall", "green"),
        ("ask", "info"),
        ("message", "Banc de mesure : statut corrigé, envoi 7."),
        ("action", "publish"),
    ]


def test_a_page_without_the_form_is_refused() -> None:
    with pytest.raises(ValueError, match="no form of the page"):
        filled("<form><input name='other'></form>", 1)


@pytest.mark.django_db
@pytest.mark.urls("config.bench_urls")
def test_floors_answer_beside_the_page() -> None:
    client = Client()
    client.force_login(user_with(Role.DIRECTOR), backend="people.services.login_backend.AccountBackend")
    page = reverse("portfolio:register")
    assert client.get("/bench/hello").content == b"hello"
    assert client.get(f"/bench/uncached{page}").status_code == 200
    assert int(client.get(f"/bench/sql{page}").content) > 0
