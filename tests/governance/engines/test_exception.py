"""When a deviation is covered, what a complete report is, and which clock runs."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from governance.engines.exception import Lack, Pace, lacks, options_fit, reaction_days, tolerances_fit, uncovered
from governance.engines.lifecycles import EXCEPTION
from portfolio.engines.verdict import Rule, Verdict
from portfolio.engines.vocabulary import Rag, Target

WHOLE = {
    "label": "Réduire le périmètre",
    "consequence": "deux écrans en moins",
    "case": "inchangé",
    "effects": {target.value: "inchangé" for target in Target},
    "recommended": True,
}
OTHER = {**WHOLE, "label": "Ajouter 9 k€", "recommended": False}


def breach(deviation: str) -> dict[str, Verdict]:
    return {"cost": Verdict(Rag.RED, Rule.BEYOND_TOLERANCE, {"deviation": Decimal(deviation)}, Decimal("1.05"))}


@pytest.mark.parametrize(
    ("now", "accepted", "raises"),
    [
        ("21000", {}, True),
        ("21000", {"cost": Decimal(21000)}, False),
        ("20000", {"cost": Decimal(21000)}, False),
        ("21001", {"cost": Decimal(21000)}, True),
        ("-21000", {"cost": Decimal(21000)}, True),
    ],
)
def test_an_accepted_deviation_covers_as_much_on_its_side(now: str, accepted: dict[str, Decimal], raises: bool) -> None:
    assert bool(uncovered(breach(now), accepted)) is raises


def report(**values: Any) -> list[Lack]:
    texts = dict.fromkeys(("cause", "consequences", "business_case", "recommendation"), "texte")
    return lacks(**{**texts, "options": [WHOLE, OTHER], **values})


def test_a_report_needs_two_options_that_say_their_effect_on_the_seven_targets() -> None:
    assert report() == []
    assert report(options=[WHOLE]) == [Lack.OPTIONS]
    assert report(cause=" ") == [Lack.CAUSE]
    short = {**OTHER, "effects": {**OTHER["effects"], "sustainability": ""}}  # type: ignore[dict-item]
    assert report(options=[WHOLE, short]) == [Lack.EFFECTS]
    assert report(options=[OTHER, OTHER]) == [Lack.RECOMMENDED]


def test_the_ladder_is_two_five_ten_until_a_dated_row_says_otherwise() -> None:
    assert [reaction_days(level, date(2026, 11, 2), []) for level in (1, 2, 3)] == [2, 5, 10]
    rows = [Pace(2, 5, date(2020, 1, 1)), Pace(2, 3, date(2026, 12, 1))]
    assert [reaction_days(2, day, rows) for day in (date(2026, 11, 30), date(2026, 12, 1))] == [5, 3]


def test_what_is_stored_is_read_strictly() -> None:
    assert options_fit([WHOLE, OTHER])
    for wrong in ("x", [WHOLE] * 5, [{**WHOLE, "extra": 1}], [{**WHOLE, "label": "x" * 201}]):
        assert not options_fit(wrong)
    assert tolerances_fit({"cost": {"minus": "", "plus": "7.5"}})
    for wrong in (
        {"cost": {"plus": "-1"}},
        {"cost": {"plus": "NaN"}},
        {"cash": {"plus": "1"}},
        {"cost": {"plus": "1e99"}},
    ):
        assert not tolerances_fit(wrong)


def test_every_state_may_close_and_nothing_leaves_closed() -> None:
    assert EXCEPTION.final == {"closed"}
    assert set(EXCEPTION.sources("close")) == EXCEPTION.states - {"closed"}
    assert not EXCEPTION.allows("submit", "raised")
    assert not EXCEPTION.allows("approve_plan", "decided")
