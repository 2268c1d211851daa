"""Products: the table of their life, what reviews lead to, attention, completeness, the breakdown."""

from datetime import date, timedelta

import pytest

from portfolio.engines.machine import IllegalMoveError
from portfolio.engines.product import (
    PRODUCT,
    Attention,
    Dates,
    Description,
    Element,
    after_review,
    attention,
    colour,
    completeness,
    hand_over,
    is_late,
    makes_cycle,
    missing,
    natural_key,
    outline,
    slip,
)
from tests.formula_tables import worked

TODAY = date(2026, 11, 20)
NEVER = Dates(None, None, None)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def test_every_state_of_the_table_is_reached_and_only_by_its_acts() -> None:
    reached, frontier = {PRODUCT.initial}, [PRODUCT.initial]
    while frontier:
        state = frontier.pop()
        for act in PRODUCT.acts:
            if PRODUCT.allows(act, state) and (target := PRODUCT.target(act, state)) not in reached:
                reached.add(target)
                frontier.append(target)
    assert reached == PRODUCT.states
    assert PRODUCT.final == frozenset()
    assert PRODUCT.sources("accept") == ("ready",)
    with pytest.raises(IllegalMoveError):
        PRODUCT.target("accept", "in_review")


@pytest.mark.parametrize(
    ("results", "act"),
    [((), "deliver"), (("passed",), "deliver"), (("failed",), None), (("failed", ""), "submit"), (("",), "submit")],
)
def test_what_failed_is_handed_over_again_only_to_a_new_review(results: tuple[str, ...], act: str | None) -> None:
    assert hand_over(results) == act


@pytest.mark.parametrize(
    ("result", "waiting", "actions", "act"),
    [
        ("failed", 2, 0, "fail"),
        ("passed", 1, 0, None),
        ("passed", 0, 0, "pass"),
        ("passed", 0, 1, "pass_with_follow_ups"),
        ("follow_ups", 0, 2, "pass_with_follow_ups"),
    ],
)
def test_a_review_leads_on_when_it_is_the_last(result: str, waiting: int, actions: int, act: str | None) -> None:
    assert after_review(result, waiting, actions) == act


def test_the_worked_table_gives_slip_attention_and_glyph() -> None:
    rows = worked("products", "")
    assert len(rows) == 11
    for row in rows:
        state, dates = str(row["state"]), Dates(day(row["planned"]), day(row["forecast"]), day(row["accepted"]))
        days = slip(dates, TODAY)
        found = (None if days is None else str(days), attention(state, dates, TODAY).value, colour(state, dates, TODAY))
        assert found == (row["slip"], row["attention"], row["glyph"]), row


def test_a_product_is_late_from_the_day_after() -> None:
    assert not is_late("ready", Dates(TODAY, None, None), TODAY)
    assert is_late("ready", Dates(TODAY - timedelta(days=1), None, None), TODAY)
    assert attention("planned", NEVER, TODAY) is Attention.NONE


def test_a_description_lacks_methods_and_tolerances_where_one_criterion_does() -> None:
    full = Description(True, True, True, True, True, ((True, True), (True, True)))
    assert (missing(full), completeness(full)) == ((), 100)
    half = Description(True, True, True, True, True, ((True, True), (True, False)))
    assert missing(half) == (Element.TOLERANCES,)
    assert completeness(half) == 87
    assert completeness(Description(False, False, False, False, False)) == 0


def test_the_outline_follows_identifiers_as_people_count() -> None:
    rows = [(1, None, "1"), (2, 1, "1.10"), (3, 1, "1.2"), (4, None, "A"), (5, 99, "2"), (6, 3, "1.2.1")]
    assert outline(rows) == [(1, 1), (3, 2), (6, 3), (2, 2), (5, 1), (4, 1)]
    assert natural_key("LV-2") < natural_key("LV-10")


def test_no_product_lies_below_itself() -> None:
    parents = {1: None, 2: 1, 3: 2}
    assert makes_cycle(parents, 1, 3)
    assert makes_cycle(parents, 2, 2)
    assert not makes_cycle(parents, 3, 1)
    assert not makes_cycle(parents, 1, None)
