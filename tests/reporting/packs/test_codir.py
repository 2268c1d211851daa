"""The pages of a pack: which there are, what their sentences say, and that silence has no colour."""

import re

import pytest

from config.web import glyphs
from reporting.engines.edition import RED, STALE, PackChoices
from reporting.packs.codir import SWITCHES, compose, page_names
from reporting.sections.base import TITLE_MAX
from reporting.services.pack import html_of
from tests.factories.reporting import edition, unreported


def keys(document) -> list[str]:
    return [page.key for page in document.pages if page.level == 1]


def page(document, key):
    return next(page for page in document.pages if page.key == key)


def test_a_reporting_portfolio_has_every_page_and_one_sheet_per_priority_project() -> None:
    document = compose(edition(50), language="fr")
    assert keys(document) == [
        "cover",
        "changes",
        "decisions",
        "health",
        "top",
        "exceptions",
        "finances",
        "milestones",
    ]
    assert sum(page.level == 2 for page in document.pages) == 24


def test_five_silent_projects_of_fifty_are_counted_named_and_without_colour() -> None:
    whole = edition(50, silent=5, top=50)
    document = compose(whole, language="fr")
    assert (whole.received, whole.expected) == (45, 50)
    assert "45 statuts sur 50" in page(document, "cover").title
    health = page(document, "health").body
    assert [row.project.code for row in health.silent] == ["P-046", "P-047", "P-048", "P-049", "P-050"]
    assert health.total.stale == 5
    assert {row.state for row in whole.silent} == {STALE}
    html = html_of(document)
    for row in whole.silent:
        assert row.names.fr in html


def test_a_silent_project_of_the_top_shows_no_inherited_colour() -> None:
    whole = edition(24, silent=5, top=24)
    document = compose(whole, language="fr")
    silent = {row.code for row in whole.silent}
    assert {row.last_state for row in whole.silent} <= {"green", "amber", "red"}
    lines = [line for line in page(document, "top").body.lines if line.project.code in silent]
    sheets = [item.body for item in document.pages if item.level == 2 and item.body.project.code in silent]
    assert len(lines) == len(sheets) == 5
    assert {state for line in lines for state in line.declared} == {STALE}
    assert {row.declared for sheet in sheets for row in sheet.dimensions} == {STALE}


def test_an_imported_portfolio_says_that_nobody_reported_and_shows_its_budgets() -> None:
    document = compose(unreported(61), language="fr")
    assert keys(document) == ["cover", "health", "top", "finances"]
    assert page(document, "cover").title == "Semaine 47 : 0 statut sur 61"
    assert page(document, "top").name == "Les 24 plus grands budgets"
    assert page(document, "health").title.startswith("61 projets, aucun statut")
    budgets = [line.budget for line in page(document, "top").body.lines]
    assert budgets == sorted(budgets, reverse=True)


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
@pytest.mark.parametrize("whole", [edition(50), unreported(61), edition(3, silent=3, top=0)], ids=["50", "61", "3"])
def test_every_title_is_a_sentence_of_110_signs_at_most(whole, language: str) -> None:
    for item in compose(whole, language=language).pages:
        if item.level == 1 and item.key != "cover":
            assert 0 < len(item.title) <= TITLE_MAX, item.title


def test_the_order_of_the_top_is_the_rank_whatever_the_state() -> None:
    lines = page(compose(edition(50), language="fr"), "top").body.lines
    assert [line.position for line in lines] == list(range(1, 25))


def test_a_page_switched_off_before_the_freeze_is_not_printed() -> None:
    from dataclasses import replace

    whole = replace(edition(30), choices=PackChoices(hidden_pages=("finances", "sheets")))
    document = compose(whole, language="fr")
    assert "finances" not in keys(document)
    assert not [item for item in document.pages if item.level > 1]
    assert set(page_names("fr")) == set(SWITCHES)


def test_decisions_follow_the_chosen_order() -> None:
    from dataclasses import replace

    whole = replace(edition(30), choices=PackChoices(decision_order=("D-2026-015", "D-2026-014")))
    asks = page(compose(whole, language="fr"), "decisions").body.asks
    assert [ask.number for ask in asks] == ["D-2026-015", "D-2026-014"]


def test_exceptions_hold_only_breaches_and_at_most_eight() -> None:
    body = page(compose(edition(50), language="fr"), "exceptions").body
    assert 0 < len(body.rows) <= 8
    assert all(row.breaches for row in body.rows)
    exposures = [row.exposure for row in body.rows]
    assert exposures == sorted(exposures, reverse=True)


def test_what_people_write_is_escaped_and_the_message_keeps_only_its_emphasis() -> None:
    from dataclasses import replace

    whole = edition(4)
    hostile = replace(whole.projects[0], purpose="<script>alert(1)</script>")
    choices = PackChoices(director_message='**bon** <table colspan="99999"><tr><td>x</td></tr></table>')
    html = html_of(compose(replace(whole, projects=(hostile, *whole.projects[1:]), choices=choices), language="fr"))
    assert "<script" not in html
    assert "<strong>bon</strong>" in html
    assert "<table colspan" not in html


def test_every_figure_of_the_page_begins_with_its_title() -> None:
    html = html_of(compose(edition(50), language="fr"))
    figures = re.findall(r"<svg[^>]*>(.{7})", html)
    assert len(figures) > 100
    assert {start[:6] for start in figures} == {"<title"}


@pytest.mark.parametrize("state", glyphs.STATES)
def test_the_glyph_files_are_those_of_the_screen(state: str) -> None:
    from django.conf import settings

    folder = settings.BASE_DIR / "static/img/glyphs"
    assert glyphs.shape(state, small=True) in (folder / f"{state}-small.svg").read_text()
    for language in ("fr", "nl", "en"):
        letter = glyphs.LETTERS[language].get(state, "")
        name = f"{state}-{letter}.svg" if state in ("green", "amber") else f"{state}.svg"
        assert glyphs.shape(state, lang=language) in (folder / name).read_text()


def test_a_red_project_that_was_not_red_is_the_only_kind_of_new_alert() -> None:
    whole = edition(50)
    alerts = sum(row.state == RED and row.previous.state != RED for row in whole.projects)
    assert f"{alerts} nouvelle" in page(compose(whole, language="fr"), "cover").title
