"""Weeks counted from issues: nothing is counted twice, what comes in either leaves, ends or is still open."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.engines.jira_flow import Tracked, flow_of, progress_of
from portfolio.engines.jira_item import Category, Grouping, Issue, IssueRole, Move
from portfolio.engines.reporting_calendar import IsoWeek

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
ALL = {"", "V1", "V2"}


def work(number: int, created: date | None, done: date | None = None, **more) -> Tracked:
    gone = more.pop("gone_on", None)
    category = Category.DONE if done else Category.TODO
    stated = {"category": category, "created_on": created, "done_on": done, **more}
    return Tracked(Issue(key=f"ABC-{number}", row=number, **stated), gone)


def test_weeks_tell_what_came_in_left_and_got_done() -> None:
    found = flow_of(
        [
            work(1, date(2026, 11, 2), date(2026, 11, 10)),
            work(2, date(2026, 11, 3)),
            work(3, date(2026, 11, 9), date(2026, 11, 18), is_dropped=True),
            work(4, date(2026, 11, 9), gone_on=date(2026, 11, 19)),
            work(5, date(2026, 11, 2), role=IssueRole.PART),
            work(6, date(2026, 11, 2), role=IssueRole.CONTAINER),
        ],
        Grouping.VERSION,
        ALL,
        SATURDAY,
    )
    assert [(row.week.week, row.added, row.removed, row.done, row.open) for row in found.weeks] == [
        (45, 2, 0, 0, 2),
        (46, 2, 0, 1, 3),
        (47, 0, 2, 0, 1),
    ]
    assert (found.total, found.done, found.remaining, found.current) == (2, 1, 1, None)


def test_an_issue_is_in_scope_while_its_version_is_followed() -> None:
    moves = (
        Move(date(2026, 11, 5), Grouping.VERSION, "", "V1"),
        Move(date(2026, 11, 12), Grouping.VERSION, "V1", "V9"),
        Move(date(2026, 11, 17), Grouping.VERSION, "V9", "V2"),
    )
    found = flow_of([work(1, date(2026, 9, 1), versions=("V2",), moves=moves)], Grouping.VERSION, {"V1", "V2"}, FRIDAY)
    assert [(row.week.week, row.added, row.removed) for row in found.weeks] == [(45, 1, 0), (46, 0, 1)]
    assert found.current is not None
    assert (found.current.week, found.current.added) == (IsoWeek(2026, 47), 1)
    assert found.total == 1


def test_what_joins_a_version_once_it_is_done_was_there_when_it_was_done() -> None:
    moves = (Move(date(2026, 11, 17), Grouping.VERSION, "", "V1"),)
    one = work(1, date(2026, 9, 1), date(2026, 11, 4), versions=("V1",), moves=moves)
    found = flow_of([one], Grouping.VERSION, {"V1"}, SATURDAY)
    assert next((row.week.week, row.added, row.done) for row in found.weeks) == (45, 1, 1)


def test_progress_is_half_up_and_a_hundred_only_at_the_end() -> None:
    issues = [work(number, None, SATURDAY if number <= 399 else None) for number in range(1, 401)]
    assert progress_of(issues).percent == 99
    assert progress_of(issues[:398]).percent == 100
    assert progress_of(issues[397:]).percent == 67
    assert progress_of([work(1, None, SATURDAY, is_dropped=True)]).percent is None


days = st.integers(0, 200).map(lambda count: date(2026, 1, 5) + timedelta(days=count))
moves = st.lists(
    st.tuples(days, st.sampled_from(["", "V1", "V2", "V9"]), st.sampled_from(["", "V1", "V2", "V9"])), max_size=4
)


@st.composite
def tracked(draw: st.DrawFn) -> Tracked:
    log = sorted(draw(moves))
    done = draw(st.none() | days)
    return work(
        draw(st.integers(1, 999)),
        draw(st.none() | days),
        done,
        versions=draw(st.sampled_from([(), ("V1",), ("V2", "V9"), ("V9",)])),
        moves=tuple(Move(day, Grouping.VERSION, left, entered) for day, left, entered in log if left != entered),
        is_dropped=done is not None and draw(st.booleans()),
        gone_on=draw(st.none() | days),
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(tracked(), max_size=12), st.sampled_from([{"V1"}, {"V1", "V2"}, {""}, ALL]))
def test_what_came_in_left_ended_or_is_open(issues: list[Tracked], followed: set[str]) -> None:
    found = flow_of(issues, Grouping.VERSION, followed, date(2026, 12, 27))
    assert found.done <= found.total <= len(issues)
    if found.weeks:
        assert found.weeks[-1].open == found.remaining
        assert sum(week.done for week in found.weeks) == found.done
