"""The page that follows decisions: what is still owed comes first, the latest first among them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from governance.enums import FollowUpState, OutcomeKind, Verdict
from reporting.engines.edition_decisions import DecisionFacts, EffectFacts, ExceptionFacts, FollowUpFacts
from reporting.engines.fragment import fragments
from reporting.packs.codir import compose
from reporting.sections import follow_up
from reporting.services.pack import html_of
from tests.factories.reporting import edition
from tests.reporting.sections.test_counts import page


def owed(number: int, due: date, state: str = FollowUpState.OPEN, **given: object) -> FollowUpFacts:
    return FollowUpFacts(
        number=f"2026-CODIR-001-{number}",
        decision="2026-CODIR-001",
        project="P-001",
        body="CODIR",
        kind=OutcomeKind.SUBSEQUENT,
        text=f"Condition {number}",
        owner="Anne Durieux",
        due=due,
        state=state,
        **given,  # type: ignore[arg-type]
    )


def decided(text: str = "Le budget est porté à 480 k€.") -> DecisionFacts:
    effect = EffectFacts("budget", "412000.00", "480000.00")
    return DecisionFacts(
        "2026-CODIR-001", "P-001", "CODIR", Verdict.ADOPTED, text, date(2026, 11, 18), "2026-CODIR-D001", (effect,)
    )


def test_what_is_late_comes_first_and_the_title_counts_it() -> None:
    whole = edition(3)
    today = whole.today
    rows = (
        owed(1, today + timedelta(days=5)),
        owed(2, today - timedelta(days=2)),
        owed(3, today - timedelta(days=9)),
        owed(4, today - timedelta(days=30), FollowUpState.SUBMITTED),
        owed(5, today - timedelta(days=4), FollowUpState.MET, closed_on=today),
    )
    document = compose(replace(whole, follow_ups=rows, decisions=(decided(),)), language="fr")
    shown = page(document, "follow_up")
    assert shown.title == "4 suites de décisions restent dues, 2 en retard, 1 décision prise"
    assert [(row.text, row.state) for row in shown.body.owed] == [
        ("Condition 3", "late"),
        ("Condition 2", "late"),
        ("Condition 4", "submitted"),
        ("Condition 1", "open"),
    ]
    assert shown.body.met == 1
    html = html_of(document)
    assert "en retard de 9 jours" in html
    assert "480000.00" in html


def test_what_changed_tells_the_decision_in_place_of_its_request() -> None:
    whole = edition(50)
    taken = replace(decided(), taken_on=whole.today - timedelta(days=3), request=whole.requests[0].number)
    changed = page(compose(replace(whole, decisions=(taken,)), language="fr"), "changes").body.decisions.rows
    assert [(row.number, row.word) for row in changed][:1] == [("2026-CODIR-001", "décidée")]
    assert whole.requests[0].number not in [row.number for row in changed]


def test_no_page_where_nothing_was_decided() -> None:
    assert "follow_up" not in [item.key for item in compose(edition(3), language="fr").pages]


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_a_page_of_decisions_alone_says_that_nothing_is_owed(language: str) -> None:
    with translation.override(language):
        built = follow_up.build(replace(edition(3), decisions=(decided(),)), language)
    assert built is not None
    assert built.title.startswith("1 ")
    assert built.body.owed == ()


def test_the_words_of_a_decision_are_proved_with_its_project() -> None:
    whole = replace(edition(3), decisions=(decided("<script>"),), follow_ups=(owed(1, date(2026, 12, 1)),))
    piece = next(item for item in fragments(whole, sheets=()) if item.code == "P-001")
    paths = {text.path: text.text for text in piece.texts}
    assert paths["decisions.2026-CODIR-001.text"] == "<script>"
    assert paths["follow_ups.2026-CODIR-001-1.owner"] == "Anne Durieux"
    html = html_of(compose(whole, language="fr", withheld={"P-001": frozenset({"decisions.2026-CODIR-001.text"})}))
    assert "&lt;script&gt;" not in html


def test_an_exception_says_its_step_and_its_report_speaks_before_the_status() -> None:
    whole = edition(50)
    plain = page(compose(whole, language="fr"), "exceptions").body.rows[0]
    assert plain.steps == ()
    late = ExceptionFacts(
        number=f"{plain.project.code}-E01",
        project=plain.project.code,
        level=3,
        state="submitted",
        raised_on=whole.today - timedelta(days=20),
        due_on=whole.today - timedelta(days=3),
        cause="La recette a révélé deux interfaces oubliées.",
        recommendation="Ajouter 60 k€ et cinq semaines.",
    )
    document = compose(replace(whole, exceptions=(late,)), language="fr")
    row = next(item for item in page(document, "exceptions").body.rows if item.project.code == plain.project.code)
    assert (row.cause, row.action) == (late.cause, late.recommendation)
    assert [(step.number, step.days_late) for step in row.steps] == [(late.number, 3)]
    assert "en retard de 3 jours" in html_of(document)


def test_confidence_is_printed_apart_from_the_colour() -> None:
    whole = edition(3, top=3, silent=0)
    given = replace(whole.projects[0], confidence="amber_red", confidence_on=date(2026, 11, 12))
    html = html_of(compose(replace(whole, projects=(given, *whole.projects[1:])), language="fr"))
    assert "Compromise, donnée le 12" in html
