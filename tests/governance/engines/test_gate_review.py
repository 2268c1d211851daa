"""Rules of gates: what is missing, how ready, which lessons, which confidence. Figures reckoned by hand."""

from datetime import date
from decimal import Decimal

import pytest

from governance.engines import confidence, lesson
from governance.engines.gate_defaults import CHECKLISTS
from governance.engines.gate_review import (
    Criterion,
    Gap,
    Ruling,
    checklist_method,
    gaps_of,
    is_evidence,
    missing_before_submission,
    needs_investment_decision,
    readiness,
)


def line(reply: str = "yes", *, mandatory: bool = True, evidence: str = "", comment: str = "") -> Criterion:
    return Criterion(1, mandatory, reply, evidence, comment)


@pytest.mark.parametrize(
    ("item", "gap"),
    [
        (line(""), Gap.ANSWER),
        (line("yes"), Gap.EVIDENCE),
        (line("partly"), Gap.EVIDENCE),
        (line("no"), Gap.COMMENT),
        (line("na"), Gap.COMMENT),
        (line("yes", evidence="javascript:alert(1)"), Gap.EVIDENCE),
        (line("", mandatory=False), None),
        (line("yes", mandatory=False), None),
        (line("yes", evidence="PV de réception du 3 mars"), None),
        (line("no", comment="Reporté à la séquence 3"), None),
    ],
)
def test_a_mandatory_line_wants_an_answer_and_its_evidence(item: Criterion, gap: Gap | None) -> None:
    assert [one.gap for one in gaps_of(item)] == ([gap] if gap else [])


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("https://ged.example.org/1", True),
        ("http://ged.example.org/1", False),
        ("javascript:alert(1)", False),
        ("//evil.example", False),
        ("file:///etc/passwd", False),
        ("DIP v3, chapitre 2", True),
        ("ok", False),
        ("https://a b", False),
    ],
)
def test_evidence_is_an_https_page_or_a_reference_in_words(text: str, holds: bool) -> None:
    assert is_evidence(text) is holds


def test_readiness_counts_half_for_partly_and_leaves_out_what_does_not_apply() -> None:
    assert readiness([line("yes"), line("partly"), line("no"), line("na")]) == Decimal("0.5")


def test_a_mandatory_criterion_without_answer_is_not_met_and_an_optional_one_is_left_out() -> None:
    assert readiness([line("yes"), line(""), line("", mandatory=False)]) == Decimal("0.5")
    assert readiness([line("na")]) is None


def test_lessons_report_and_business_case_are_asked_too() -> None:
    missing = missing_before_submission(
        [line("yes", evidence="PV 12")],
        [(7, "applied", ""), (8, "not_relevant", "pas de marché")],
        performance="",
        forecast="x",
        business_case="",
    )
    assert [(one.gap, one.key) for one in missing] == [(Gap.LESSON, 7), (Gap.REPORT, 0), (Gap.CASE, 0)]


def test_investment_decides_before_g1_above_the_limit_only() -> None:
    limit = Decimal(250000)
    assert needs_investment_decision("G1", Decimal("250000.01"), limit)
    assert not needs_investment_decision("G1", Decimal("250000.00"), limit)
    assert not needs_investment_decision("Gn", Decimal(900000), limit)
    assert not needs_investment_decision("G1", Decimal(900000), None)


def test_rulings_name_the_gate_to_pass_again() -> None:
    assert [one.back_to for one in Ruling] == ["", "", "", "G0", "G1", "Gc"]


def test_five_levels_become_three_with_the_middle_amber() -> None:
    assert [confidence.reduced(level).value for level in confidence.Level] == [
        "green",
        "amber",
        "amber",
        "amber",
        "red",
    ]
    assert confidence.disagrees(confidence.Level.AMBER_GREEN, "green")
    assert not confidence.disagrees(confidence.Level.AMBER_RED, "red")
    assert not confidence.disagrees(confidence.Level.RED, "")


def test_similar_lessons_come_first_and_five_at_most() -> None:
    exposed = lesson.exposures(has_procurement=True, handles_personal_data=False, is_off_plan=False)
    traits = lesson.Traits(axis=1, method="agile", exposed_to=exposed)

    def known(key: int, axis: int | None, method: str, kind: str, day: int = 1) -> lesson.Known:
        return lesson.Known(key, axis, method, kind, date(2026, 1, day))

    lessons = [
        known(1, 1, "agile", "supplier"),  # 7
        known(2, 2, "agile", "supplier"),  # 4
        known(3, 1, "prince2", "data"),  # 3
        known(4, 2, "agile", "data"),  # 2, left out
        known(5, 1, "prince2", "data", day=9),  # 3, newer
        known(6, None, "agile", "supplier"),  # 4
        known(7, 1, "agile", "quality"),  # 5
    ]
    assert lesson.proposed(traits, lessons) == [1, 7, 2, 6, 5]


def test_every_method_but_hybrid_has_a_list_for_every_gate() -> None:
    assert set(CHECKLISTS) == {"prince2", "pm2", "agile"}
    for gates in CHECKLISTS.values():
        assert set(gates) == {"G0", "G1", "Gn", "Gc"}
        assert all(sum(one.mandatory for one in lines) >= 4 for lines in gates.values())
    texts = [one.text for gates in CHECKLISTS.values() for lines in gates.values() for one in lines]
    assert max(map(len, texts)) <= 240
    assert len(set(texts)) >= len(texts) - 2
    assert checklist_method("hybrid", {"prince2", "agile"}) == "prince2"
    assert checklist_method("agile", {"prince2", "agile"}) == "agile"
