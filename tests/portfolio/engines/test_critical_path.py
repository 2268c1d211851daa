import csv
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.engines.critical_path import Rules, schedule
from portfolio.engines.longest_path import PlainLink, longest_path, typed_path
from portfolio.engines.network import Activity, ConstraintType, Lag, LagKind, Link, LinkType, Mode, build_network
from portfolio.engines.working_calendar import CONTINUOUS, STANDARD, PlainClock, WorkingClock, instant, moment
from tests.formula_tables import worked
from tests.portfolio.engines.networks import PLAIN, read_instance, read_mspdi, table_network
from tests.shared_data import shared, shared_files

CLOCK = WorkingClock(STANDARD)
CLOCKS = {"": CLOCK, "24 h": WorkingClock(CONTINUOUS)}
MONDAY = instant(datetime.fromisoformat("2026-11-23 08:00"))


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


def planned(activities, links=(), **rules):
    return schedule(build_network(activities, links), CLOCKS, Rules(**{"start": MONDAY, **rules}))


def day(row) -> tuple[str, str]:
    return (f"{moment(row.start):%a %H:%M}", f"{moment(row.finish):%a %H:%M}")


def test_general_foundry_has_the_published_floats():
    rows = worked("critical_path", "N1 General Foundry")
    found = schedule(table_network(rows), PLAIN, Rules())
    assert found.finish == 15
    assert "".join(found.critical_path) == "ACEGH"
    for row in rows:
        one = found.activities[row["activity"]]
        assert (one.early_start, one.total_float, one.free_float) == (
            int(row["es"]),
            int(row["total"]),
            int(row["free"]),
        )
        assert one.interfering_float == one.total_float - one.free_float


def test_network_of_all_link_types_has_the_published_dates():
    rows = worked("critical_path", "N3 all link types")
    found = schedule(table_network(rows), PLAIN, Rules())
    assert found.finish == 14
    for row in rows:
        one = found.activities[row["activity"]]
        dates = (one.early_start, one.early_finish, one.late_start, one.late_finish)
        assert dates == tuple(int(row[key]) for key in ("es", "ef", "ls", "lf")), row["activity"]


@pytest.mark.parametrize(
    "row", worked("critical_path", "constraints"), ids=lambda row: f"{row['constraint']} {row['value']} {row['honour']}"
)
def test_constraints_bind_as_ms_project_says(row):
    bound = Activity("B", 3)
    if row["constraint"] == "deadline":
        bound = replace(bound, deadline=int(row["value"]))
    elif row["value"] is not None:
        bound = replace(bound, constraint=ConstraintType(row["constraint"]), constraint_date=int(row["value"]))
    network = build_network([Activity("A", 5), bound, Activity("C", 2)], [Link("A", "B"), Link("B", "C")])
    found = schedule(network, PLAIN, Rules(honour_constraints=row["honour"] == "yes"))
    assert found.finish == int(row["length"])
    assert found.activities["B"].start == int(row["es"])
    for name in "ABC":
        assert found.activities[name].total_float == int(row[f"float_{name.lower()}"]), name
    assert found.out_of_logic == (("B",) if found.activities["B"].start < 5 else ())


def rows_of(name):
    with shared(name).open() as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", shared_files("psplib-rcpsp", "*.sm") + shared_files("psplib-rcpsp", "*.rcp"))
def test_published_instance_has_its_own_length(name):
    instance = read_instance(shared(name))
    known = next(row for row in rows_of("psplib-rcpsp/known_answers.csv") if row["file"] == name.split("/")[1])
    plain = longest_path(instance.durations, instance.links)
    activities = [Activity(str(place), duration) for place, duration in enumerate(instance.durations)]
    links = [Link(str(before), str(then)) for before, then in instance.links]
    found = schedule(build_network(activities, links), PLAIN, Rules())
    assert plain.length == found.finish <= int(known["resource_constrained_optimum"].split("..")[-1])
    if known["cpm_makespan_MPM_Time"]:
        assert found.finish == int(known["cpm_makespan_MPM_Time"])
    for place in range(len(activities)):
        assert plain.starts[place] == found.activities[str(place)].early_start
        assert plain.late_starts[place] == found.activities[str(place)].late_start


def test_psplib_j301_1_has_the_published_critical_path():
    instance = read_instance(shared("psplib-rcpsp/j301_1.sm"))
    found = longest_path(instance.durations, instance.links)
    critical = [place + 1 for place in range(32) if found.slack(place) == 0]
    assert critical == [1, 3, 8, 12, 14, 17, 22, 23, 24, 30, 32]


@pytest.mark.parametrize("name", shared_files("mpsplib-msproject", "*.mspdi.xml"))
def test_dates_and_floats_are_those_of_ms_project_to_the_minute(name):
    plan = read_mspdi(shared(name))
    found = schedule(plan.network, plan.clocks, Rules(start=plan.start))
    assert len(found.activities) == len(plan.tasks) >= 64
    for uid, task in plan.tasks.items():
        one = found.activities[uid]
        for field, value in (
            ("Start", one.start),
            ("Finish", one.finish),
            ("EarlyStart", one.early_start),
            ("EarlyFinish", one.early_finish),
            ("LateStart", one.late_start),
            ("LateFinish", one.late_finish),
        ):
            assert moment(value).isoformat() == task[field], (uid, field)
        assert one.total_float * 10 == int(task.get("TotalSlack", 0)), uid
        assert one.free_float * 10 == int(task.get("FreeSlack", 0)), uid
        assert one.critical == (task["Critical"] == "1"), uid


@pytest.mark.parametrize("name", shared_files("psplib-rcpsp", "*.mspdi.xml"))
def test_calendar_dates_are_those_of_mpxj(name):
    plan = read_mspdi(shared(name))
    found = schedule(plan.network, plan.clocks, Rules(start=plan.start))
    folder, file = name.split("/")
    for row in rows_of(f"{folder}/expected_tasks/{file}.tasks.csv"):
        one = found.activities[row["uid"]]
        assert f"{moment(one.start):%Y-%m-%dT%H:%M}" == row["start"], row["uid"]
        assert f"{moment(one.finish):%Y-%m-%dT%H:%M}" == row["finish"], row["uid"]
        assert one.total_float / 60 == float(row["total_slack_hours"]), row["uid"]
        assert one.critical == (row["critical"] == "True")


@pytest.mark.parametrize(
    ("link", "lag", "expected"),
    [
        ("FS", Lag(480), ("Thu 08:00", "Thu 17:00")),
        ("FS", Lag(-240), ("Tue 13:00", "Wed 12:00")),
        ("FS", Lag(1440, LagKind.ELAPSED), ("Thu 08:00", "Thu 17:00")),
        ("FS", Lag(2880, LagKind.ELAPSED), ("Fri 08:00", "Fri 17:00")),
        ("FS", Lag(50, LagKind.PERCENT), ("Thu 08:00", "Thu 17:00")),
        ("FS", Lag(-25, LagKind.PERCENT), ("Tue 13:00", "Wed 12:00")),
        ("SS", Lag(240), ("Mon 13:00", "Tue 12:00")),
        ("FF", Lag(0), ("Tue 08:00", "Tue 17:00")),
        ("SF", Lag(960), ("Tue 08:00", "Tue 17:00")),
    ],
)
def test_lags_run_on_the_successors_calendar(link, lag, expected):
    found = planned([Activity("A", 960), Activity("B", 480)], [Link("A", "B", LinkType(link), lag)])
    assert day(found.activities["B"]) == expected


def test_weekend_costs_no_float_and_a_milestone_stands_where_work_ends():
    activities = [Activity("A", 5 * 480), Activity("M"), Activity("B", 480)]
    found = planned(activities, [Link("A", "M"), Link("M", "B")])
    assert day(found.activities["M"]) == ("Fri 17:00", "Fri 17:00")
    assert day(found.activities["B"]) == ("Mon 08:00", "Mon 17:00")
    assert found.critical_path == ("A", "M", "B")


def test_activity_as_late_as_possible_takes_its_followers_along():
    activities = [
        Activity("A", 2400),
        Activity("L", 480, constraint=ConstraintType.ALAP),
        Activity("N", 480),
        Activity("Z"),
    ]
    found = planned(activities, [Link("L", "N"), Link("A", "Z"), Link("N", "Z")])
    assert day(found.activities["L"]) == ("Thu 08:00", "Thu 17:00")
    assert day(found.activities["N"]) == ("Fri 08:00", "Fri 17:00")
    assert moment(found.activities["L"].early_start) == moment(MONDAY)
    assert found.activities["N"].total_float == 0


def test_progress_keeps_what_happened_and_places_the_rest():
    activities = [
        Activity("done", 960, actual_start=at("2026-11-23 08:00"), actual_finish=at("2026-11-25 12:00")),
        Activity("begun", 1440, actual_start=at("2026-11-24 08:00"), remaining=960),
        Activity("next", 480),
    ]
    links = [Link("done", "begun"), Link("begun", "next")]
    found = planned(activities, links)
    assert day(found.activities["done"]) == ("Mon 08:00", "Wed 12:00")
    assert day(found.activities["begun"]) == ("Tue 08:00", "Thu 17:00")
    assert not found.activities["done"].critical
    assert found.activities["begun"].late_start == at("2026-11-24 08:00")
    assert day(found.activities["next"]) == ("Fri 08:00", "Fri 17:00")
    later = planned(activities, links, data_date=at("2026-11-26 08:00"))
    assert day(later.activities["begun"]) == ("Tue 08:00", "Fri 17:00")


def test_manual_activity_keeps_its_dates_and_drives_others():
    given_dates = {"start": at("2026-12-01 09:00"), "finish": at("2026-12-02 11:00")}
    activities = [Activity("A", 480), Activity("M", 480, mode=Mode.MANUAL, **given_dates), Activity("B", 480)]
    found = planned(activities, [Link("A", "M"), Link("M", "B")])
    assert (found.activities["M"].start, found.activities["M"].finish) == tuple(given_dates.values())
    assert day(found.activities["B"]) == ("Wed 11:00", "Thu 11:00")
    assert found.activities["A"].free_float > 0


def test_inactive_activity_binds_nobody():
    activities = [Activity("A", 4800, mode=Mode.INACTIVE), Activity("B", 480)]
    found = planned(activities, [Link("A", "B")])
    assert set(found.activities) == {"B"}
    assert found.activities["B"].start == MONDAY


def test_links_on_summaries_reach_the_activities_below():
    activities = [
        Activity("S"),
        Activity("S1", 480, parent="S"),
        Activity("S2", 960, parent="S", constraint=ConstraintType.SNET, constraint_date=at("2026-11-24 08:00")),
        Activity("T"),
        Activity("T1", 480, parent="T"),
        Activity("E", 240),
    ]
    found = planned(activities, [Link("S", "T"), Link("S", "E", LinkType.SS, Lag(240))])
    assert day(found.activities["T1"]) == ("Thu 08:00", "Thu 17:00")
    assert day(found.activities["E"]) == ("Mon 13:00", "Mon 17:00")
    assert day(found.activities["S"]) == ("Mon 08:00", "Wed 17:00")
    assert found.activities["S"].is_summary
    assert found.activities["S"].critical


def test_dates_of_a_summary_bound_the_activities_below():
    bounded = Activity("S", constraint=ConstraintType.SNET, constraint_date=at("2026-11-25 08:00"))
    nested = Activity("T", parent="S", deadline=at("2026-11-26 17:00"))
    found = planned([bounded, nested, Activity("T1", 1440, parent="T"), Activity("Z", 4800)])
    assert day(found.activities["T1"]) == ("Wed 08:00", "Fri 17:00")
    assert found.activities["T1"].total_float == found.activities["S"].total_float == -480


def test_each_activity_is_reckoned_on_its_own_calendar():
    found = planned([Activity("A", 2880, calendar="24 h"), Activity("B", 480)], [Link("A", "B")])
    assert day(found.activities["A"]) == ("Mon 08:00", "Wed 08:00")
    assert day(found.activities["B"]) == ("Wed 08:00", "Wed 17:00")


PLANS = st.integers(2, 14).flatmap(
    lambda count: st.tuples(
        st.lists(st.integers(0, 20), min_size=count, max_size=count),
        st.lists(
            st.tuples(
                st.integers(0, count - 1), st.integers(0, count - 1), st.sampled_from(LinkType), st.integers(-3, 6)
            ).filter(lambda link: link[0] < link[1]),
            max_size=3 * count,
        ),
    )
)


def drawn(plan, scale=1):
    durations, links = plan
    activities = [Activity(str(place), duration * scale) for place, duration in enumerate(durations)]
    return build_network(activities, [Link(str(a), str(b), kind, Lag(lag * scale)) for a, b, kind, lag in links])


@given(plan=PLANS)
def test_plain_passes_and_dated_passes_agree(plan):
    durations, links = plan
    plain = typed_path(durations, [PlainLink(*link) for link in links])
    found = schedule(drawn(plan), PLAIN, Rules())
    assert plain.length == found.finish
    for place in range(len(durations)):
        one = found.activities[str(place)]
        assert (one.early_start, one.late_start) == (plain.starts[place], plain.late_starts[place])


@given(plan=PLANS, seed=st.randoms(use_true_random=False))
def test_plain_passes_do_not_depend_on_how_a_plan_is_written(plan, seed):
    durations, links = plan
    pairs = [(before, then) for before, then, _kind, _lag in links]
    expected = typed_path(durations, [PlainLink(*pair) for pair in pairs])
    seed.shuffle(pairs)
    assert longest_path(durations, pairs) == expected
    names = list(range(len(durations)))
    seed.shuffle(names)
    renamed = longest_path(
        [durations[names.index(place)] for place in range(len(names))],
        [(names[before], names[then]) for before, then in pairs],
    )
    assert renamed.length == expected.length
    assert [renamed.starts[names[place]] for place in range(len(names))] == expected.starts
    assert [renamed.late_starts[names[place]] for place in range(len(names))] == expected.late_starts


@given(plan=PLANS, shift=st.integers(-500, 500))
def test_without_dates_float_is_never_negative_and_a_shifted_start_shifts_all(plan, shift):
    found, moved = (schedule(drawn(plan), PLAIN, Rules(start=start)) for start in (0, shift))
    for one in found.activities.values():
        assert 0 <= one.free_float <= one.total_float
        assert one.start <= one.late_start
        assert moved.activities[one.id].start == one.start + shift
        assert moved.activities[one.id].total_float == one.total_float
    assert any(one.critical for one in found.activities.values())


@given(plan=PLANS, days=st.integers(0, 30))
def test_one_calendar_gives_the_plain_schedule_in_working_time(plan, days):
    start = CLOCK.add(MONDAY, 0) + days * 1440
    found = schedule(drawn(plan, 60), CLOCKS, Rules(start=start))
    plain = schedule(drawn(plan, 60), {"": PlainClock()}, Rules())
    for one in plain.activities.values():
        dated = found.activities[one.id]
        assert CLOCK.between(start, dated.early_start) == one.early_start
        assert CLOCK.between(start, dated.early_finish) == one.early_finish
        assert dated.total_float == one.total_float


@given(plan=PLANS, place=st.integers(0, 13), longer=st.integers(1, 10))
def test_delay_within_the_total_float_does_not_move_the_finish(plan, place, longer):
    durations, links = plan
    links = [link for link in links if link[2] is LinkType.FS]
    place %= len(durations)
    found = schedule(drawn((durations, links)), PLAIN, Rules())
    grown = schedule(drawn(([d + longer * (p == place) for p, d in enumerate(durations)], links)), PLAIN, Rules())
    spare = found.activities[str(place)].total_float
    assert grown.finish == found.finish + max(longer - spare, 0)
