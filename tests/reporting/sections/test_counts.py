"""The counts a title or a legend gives cover every project of the page."""

import re
from dataclasses import replace

from django.conf import settings

from config.web import glyphs
from reporting.engines.edition import NOT_OWED, PAUSED, Names, PackChoices
from reporting.packs.codir import compose
from reporting.sections.base import TITLE_MAX
from reporting.services import pdf
from reporting.services.pack import html_of
from tests.factories.reporting import edition, unreported


def page(document, key):
    return next(item for item in document.pages if item.key == key)


def test_the_top_title_counts_every_project_of_the_top() -> None:
    title = page(compose(edition(50, silent=30), language="fr"), "top").title
    counts = title.split(" : ", 1)[1].split(" ; ")[0]
    assert sum(int(number) for number in re.findall(r"\d+", counts)) == 24
    assert "sans statut" in title
    assert len(title) <= TITLE_MAX


def test_both_populations_are_said_where_they_differ() -> None:
    whole = edition(6, silent=1, top=0)
    paused = replace(whole.projects[0], state=PAUSED, owes_status=False, status=None)
    early = replace(whole.projects[1], state=NOT_OWED, owes_status=False, status=None)
    document = compose(replace(whole, projects=(paused, early, *whole.projects[2:])), language="fr")
    assert "6 projets actifs · 4 doivent un statut" in page(document, "health").subtitle
    html = html_of(document)
    assert "en pause</span>" in html
    assert "aucun statut attendu</span>" in html


def test_no_final_cost_is_printed_where_nobody_estimated_one() -> None:
    whole = edition(3)
    silent = replace(whole.projects[0], eac=None)
    document = compose(replace(whole, projects=(silent, *whole.projects[1:])), language="fr")
    assert page(document, "top").body.lines[0].eac is None


def test_a_pack_never_calls_stale_what_is_only_missing_this_week() -> None:
    html = html_of(compose(edition(24, silent=5), language="fr"))
    assert "périmé" not in html
    assert glyphs.state_word("stale") == "périmé"
    assert glyphs.strip_title(["green", "stale"]).endswith("dernière : sans statut")


def test_the_largest_projects_of_an_import_fit_one_page() -> None:
    whole = unreported(61)
    long = "Le projet vise la modernisation et la réingénierie de l’activité bancaire de la direction générale. " * 3
    axes = tuple(
        replace(axis, names=Names(f"Ministère de l’Éducation nationale et de l’Enseignement supérieur {axis.code}"))
        for axis in whole.axes
    )
    projects = tuple(replace(row, purpose=long) for row in whole.projects)
    whole = replace(whole, projects=projects, axes=axes, choices=PackChoices(hidden_pages=("sheets",)))
    document = compose(whole, language="fr")
    printed = pdf.render(html_of(document), identifier="x", static_root=settings.BASE_DIR / "static")
    assert printed.pages == len(document.pages)
