from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.engines.chasing import ChaseRule, Step, chase_plan, due_step, outcome_of
from portfolio.engines.reporting_calendar import BRUSSELS, to_utc
from tests.formula_tables import worked


def brussels(text: str) -> datetime:
    day, clock = text.split()
    return to_utc(date(2026, 11, int(day)), time.fromisoformat(clock))


OPENS, DUE, FREEZE = brussels("16 07:00"), brussels("20 16:00"), brussels("23 12:00")
USUAL = ChaseRule(first=48, second=6, overdue=1, programme=4, centre=2)
PLAN = chase_plan(USUAL, opens=OPENS, due=DUE, freeze=FREEZE)
HOURS = st.integers(0, 168)


@pytest.mark.parametrize("row", worked("chasing", "plan"), ids=lambda row: row["first"] + "-" + row["overdue"])
def test_plan_worked_numbers(row):
    rule = ChaseRule(**{name: int(row[name]) for name in ("first", "second", "overdue", "programme", "centre")})
    plan = chase_plan(rule, opens=OPENS, due=DUE, freeze=FREEZE)
    told = [f"{one.step} {one.at.astimezone(BRUSSELS):%d %H:%M}" for one in plan]
    assert ", ".join(told) == row["plan"]


@pytest.mark.parametrize("row", worked("chasing", "due now"), ids=lambda row: f"{row['now']}-{row['none']}")
def test_due_now_worked_numbers(row):
    done = {Step(name) for name in (row["sent"] or "").split()}
    possible = set(Step) - {Step(name) for name in (row["none"] or "").split()}
    assert due_step(PLAN, brussels(row["now"]), done=done, possible=possible) == (row["due"] and Step(row["due"]))


@given(
    rule=st.builds(ChaseRule, first=HOURS, second=HOURS, overdue=HOURS, programme=HOURS, centre=HOURS),
    minutes=st.lists(st.integers(-600, 11_000), max_size=40),
)
def test_each_step_is_sent_at_most_once_in_order_and_within_its_time(rule, minutes):
    plan = chase_plan(rule, opens=OPENS, due=DUE, freeze=FREEZE)
    sent = []
    for minute in sorted(minutes):
        now = OPENS + timedelta(minutes=minute)
        step = due_step(plan, now, done=sent)
        if step is not None:
            planned = next(one for one in plan if one.step == step)
            assert planned.at <= now < planned.until
            sent.append(step)
    assert len(sent) == len(set(sent))
    order = [one.step for one in plan]
    assert sent == sorted(sent, key=order.index)


def test_outcome_says_sent_late_missed_or_coming():
    first = next(one for one in PLAN if one.step == Step.FIRST)
    assert outcome_of(first, PLAN, FREEZE, first.at + timedelta(minutes=3)).state == "sent"
    assert outcome_of(first, PLAN, FREEZE, first.at + timedelta(hours=3)).state == "late"
    assert outcome_of(first, PLAN, first.at - timedelta(minutes=1), None).state == "coming"
    assert outcome_of(first, PLAN, first.at, None).state == "due"
    assert outcome_of(first, PLAN, DUE, None).state == "missed"


def test_an_hour_is_an_hour_across_a_clock_change():
    due, freeze = (datetime(2026, 10, day, 11, tzinfo=UTC) for day in (25, 26))
    plan = chase_plan(USUAL, opens=due - timedelta(days=6), due=due, freeze=freeze)
    first = next(one for one in plan if one.step == Step.FIRST)
    assert due - first.at == timedelta(hours=48)
    assert f"{first.at.astimezone(BRUSSELS):%d %H:%M}" == "23 13:00"
