from datetime import date
from decimal import Decimal

import pytest
from holidays import country_holidays

from governance.engines.arbitration import DEFAULT_PACES, Clock, Impact, Pace, compare, default_pace, due_on, is_late
from portfolio.engines.health import ProjectFacts
from portfolio.engines.tolerance import ToleranceFacts
from portfolio.engines.vocabulary import Target, Unit
from tests.formula_tables import worked

LEGAL = frozenset(country_holidays("BE", years=(2026, 2027)))
AS_OF = date(2026, 11, 20)
PROJECTS = {
    1: ProjectFacts(
        as_of=AS_OF,
        baseline_start=date(2027, 1, 1),
        baseline_end=date(2027, 7, 20),
        forecast_end=date(2027, 7, 30),
        bac=Decimal(1_000_000),
        eac=Decimal(1_020_000),
        tolerances={Target.TIME: ToleranceFacts(plus=Decimal(10)), Target.COST: ToleranceFacts(plus=Decimal(5))},
    ),
    2: ProjectFacts(
        as_of=AS_OF,
        baseline_start=date(2026, 6, 1),
        baseline_end=date(2027, 3, 31),
        forecast_end=date(2027, 3, 31),
        bac=Decimal(200_000),
        eac=Decimal(200_000),
        tolerances={
            Target.TIME: ToleranceFacts(plus=Decimal(14), unit=Unit.DAYS),
            Target.COST: ToleranceFacts(plus=Decimal(10_000), unit=Unit.EUR),
        },
    ),
}
CODES = {"A": 1, "B": 2}


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize("row", worked("arbitration", "clocks"), ids=lambda row: f"{row['clock']} {row['since']}")
def test_worked_clocks(row):
    own = day(row["closing"])
    closed = LEGAL | ({own} if own else frozenset())
    assert due_on(day(row["since"]), DEFAULT_PACES[Clock(row["clock"])], closed, day(row["session"])) == day(row["due"])


def test_a_step_is_late_from_the_day_after_its_end():
    assert [is_late(date(2026, 11, 24), date(2026, 11, one)) for one in (24, 25)] == [False, True]
    assert not is_late(None, date(2030, 1, 1))


@pytest.mark.parametrize(
    ("kind", "pace"),
    [
        ("project_committee", Pace(2)),
        ("project_board", Pace(5)),
        ("programme_board", Pace(10)),
        ("arbitration", Pace(15, next_session=True)),
        ("executive", Pace(15, next_session=True)),
    ],
)
def test_each_nature_of_body_has_its_reaction_time(kind, pace):
    assert default_pace(Clock.REACTION, kind) == pace


def test_worked_comparison():
    rows = worked("arbitration", "comparison")
    impacts = {
        (int(row["option"]), CODES[row["project"]]): Impact(days=int(row["days"]), cost=Decimal(row["cost"]))
        for row in rows
    }
    result = compare([1, 2, 3], PROJECTS, impacts)
    for row in rows:
        cell = result.cells[int(row["option"]), CODES[row["project"]]]
        said = (cell.end, cell.end_rag.value, cell.cost, cell.cost_rag.value)
        assert said == (day(row["end"]), row["end use"], Decimal(row["estimate"]), row["cost use"])
    totals = [(one.cost, one.longest, one.beyond) for one in result.totals.values()]
    assert totals == [(Decimal(35000), 5, 1), (Decimal(15000), 15, 1), (Decimal(36000), 10, 0)]
    assert result.best == 3


def test_an_option_without_all_its_effects_is_never_best():
    result = compare([1, 2], PROJECTS, {(1, 1): Impact(), (2, 1): Impact(days=99), (2, 2): Impact()})
    assert (result.best, len(result.cells)) == (2, 3)
