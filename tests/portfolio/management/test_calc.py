import io
import json
from datetime import date

import pytest
from django.core.management import call_command

from tests.formula_tables import worked
from tests.portfolio.engines.networks import links_of, read_instance
from tests.shared_data import shared, shared_files

HONOURED = [row for row in worked("critical_path", "constraints") if row["honour"] == "yes"]


@pytest.fixture
def calc(monkeypatch, capsys):
    """Run `calc NAME` on a question; the answer, or the error and what the exit code was."""

    def run(name, question, *options):
        monkeypatch.setattr("sys.stdin", io.StringIO(question if isinstance(question, str) else json.dumps(question)))
        call_command("calc", name, *options)
        return json.loads(capsys.readouterr().out)

    return run


def refusal(calc, capsys, name, question):
    with pytest.raises(SystemExit) as left:
        calc(name, question, "--json")
    assert left.value.code == 1
    return json.loads(capsys.readouterr().out)["error"]


def network(heading):
    rows = worked("critical_path", heading)
    links = [link for row in rows for link in links_of(row["activity"], row["predecessors"])]
    return {
        "activities": [{"id": row["activity"], "duration": row["duration"]} for row in rows],
        "links": [
            {"from": one.predecessor, "to": one.successor, "type": one.type.value, "lag": one.lag.value}
            for one in links
        ],
    }


def test_critical_path_answers_the_general_foundry(calc):
    answer = calc("critical-path", network("N1 General Foundry"))
    assert answer["duration"] == "15"
    rows = worked("critical_path", "N1 General Foundry")
    for row, one in zip(rows, answer["activities"], strict=True):
        assert (one["id"], one["es"]) == (row["activity"], row["es"])
        assert (one["total_float"], one["free_float"]) == (row["total"], row["free"])
        assert one["critical"] == (row["total"] == "0")


def test_critical_path_answers_all_link_types(calc):
    answer = calc("critical-path", network("N3 all link types"))
    assert answer["duration"] == "14"
    for row, one in zip(worked("critical_path", "N3 all link types"), answer["activities"], strict=True):
        assert [one[key] for key in ("es", "ef", "ls", "lf")] == [row[key] for key in ("es", "ef", "ls", "lf")]


@pytest.mark.parametrize("row", HONOURED, ids=lambda row: f"{row['constraint']} {row['value']}")
def test_critical_path_answers_constraints_and_deadlines(calc, row):
    bound = {"id": "B", "duration": 3}
    if row["constraint"] == "deadline":
        bound["deadline"] = row["value"]
    else:
        bound["constraint"] = {"type": row["constraint"], "value": row["value"]}
    question = {
        "activities": [{"id": "A", "duration": 5}, bound, {"id": "C", "duration": 2}],
        "links": [{"from": "A", "to": "B"}, {"from": "B", "to": "C"}],
    }
    answer = calc("critical-path", question)
    assert answer["duration"] == row["length"]
    assert [one["total_float"] for one in answer["activities"]] == [row[f"float_{name}"] for name in "abc"]


@pytest.mark.parametrize("name", shared_files("psplib-rcpsp", "j30*_1.sm"))
def test_critical_path_answers_published_instances(calc, name):
    instance = read_instance(shared(name))
    question = {
        "activities": [{"id": place, "duration": duration} for place, duration in enumerate(instance.durations)],
        "links": [{"from": before, "to": then} for before, then in instance.links],
    }
    known = shared("psplib-rcpsp/known_answers.csv").read_text().splitlines()
    length = next(line.split(",")[2] for line in known if line.startswith(name.split("/")[1]))
    assert calc("critical-path", question)["duration"] == length


def test_decimals_are_exact(calc):
    question = '{"activities":[{"id":"A","duration":0.1},{"id":"B","duration":"0.2"}],"links":[{"from":"A","to":"B"}]}'
    assert calc("critical-path", question)["duration"] == "0.3"


def risk_question(name, **more):
    rows = worked("schedule_risk", name)
    return {
        "activities": [
            {"id": row["activity"], "optimistic": row["a"], "most_likely": row["m"], "pessimistic": row["b"]}
            for row in rows
        ],
        "links": [
            {"from": before, "to": row["activity"]} for row in rows for before in (row["predecessors"] or "").split()
        ],
        **more,
    }


@pytest.mark.parametrize("row", worked("schedule_risk", "simulation of N7"), ids=lambda row: row["distribution"])
def test_schedule_risk_answers_reliable_construction(calc, row):
    more = {"distribution": row["distribution"], "iterations": 50_000, "seed": 1, "target": row["target"]}
    answer = calc("schedule-risk", risk_question("N7", **more))
    for key in ("mean", "p50", "p80"):
        assert float(answer[key]) == pytest.approx(float(row[key]), abs=0.15)
    assert float(answer["probability_of_target"]) == pytest.approx(float(row["probability"]), abs=0.01)
    assert float(answer["pert"]["probability_of_target"]) == pytest.approx(0.8413, abs=5e-5)
    assert answer["criticality"]["A"] == "1"
    assert answer == calc("schedule-risk", risk_question("N7", **more))


def test_schedule_risk_without_target_leaves_the_probability_undefined(calc):
    answer = calc("schedule-risk", risk_question("N6"))
    assert answer["probability_of_target"] is None
    assert answer["pert"] == {"mean": "15", "variance": "3.111111", "probability_of_target": None}


@pytest.mark.parametrize("row", worked("working_calendar", "working days"), ids=lambda row: row["year"])
def test_working_days_of_a_year(calc, row):
    span = {"from": f"{row['year']}-01-01", "to": f"{row['year']}-12-31"}
    answer = calc("working-days", {**span, "calendar": "BE"})
    assert answer["working_days"] == row["legal"]
    assert len(answer["holidays"]) == 10
    assert all(date.fromisoformat(day).year == int(row["year"]) for day in answer["holidays"])
    if row["community"] is not None:
        assert calc("working-days", {**span, "calendar": "BE-FWB"})["working_days"] == row["community"]


def test_cycle_is_an_error_that_names_its_path(calc, capsys):
    question = {
        "activities": [{"id": name, "duration": 1} for name in "ABC"],
        "links": [{"from": "A", "to": "B"}, {"from": "B", "to": "C"}, {"from": "C", "to": "A"}],
    }
    error = refusal(calc, capsys, "critical-path", question)
    assert (error["code"], error["details"]) == ("cycle", {"path": ["A", "B", "C", "A"]})
    assert "A -> B -> C -> A" in error["message"]


def test_throughput_gives_the_weeks_of_the_worked_example(calc):
    done, change = (5, 3, 7, 4, 6, 5), (1, 2, 0, 3, 1, 1)
    weeks = [{"done": one, "scope_change": str(more)} for one, more in zip(done, change, strict=True)]
    assert calc("throughput", {"remaining": 60, "weeks": weeks}) == {
        "p50": "12",
        "p80": "13",
        "p90": "14",
        "samples": "6",
        "with_growth": {"p50": "17", "p80": "19", "p90": "20"},
    }
    assert calc("throughput", {"remaining": 60, "weeks": weeks[:5]})["p50"] is None


@pytest.mark.parametrize(
    ("name", "question", "code"),
    [
        ("critical-path", "", "invalid_json"),
        ("critical-path", "[1]", "invalid_json"),
        ("critical-path", {}, "invalid_value"),
        ("critical-path", {"activities": [{"id": "A", "duration": "NaN"}]}, "invalid_value"),
        ("critical-path", {"activities": [{"id": "A", "duration": True}]}, "invalid_value"),
        ("critical-path", {"activities": [{"id": "A", "duration": -1}]}, "invalid_network"),
        ("critical-path", {"activities": [{"id": "A", "duration": "1e999999999"}]}, "invalid_value"),
        ("critical-path", {"activities": [], "links": [{"from": "A", "to": "B"}]}, "unknown_activity"),
        ("critical-path", {"activities": [{"id": "A", "duration": 1}] * 2}, "invalid_network"),
        ("critical-path", {"activities": [{"id": "A", "duration": 1, "constraint": {"type": "X"}}]}, "invalid_value"),
        (
            "schedule-risk",
            {"activities": [{"id": "A", "optimistic": 2, "most_likely": 1, "pessimistic": 3}]},
            "invalid_estimate",
        ),
        ("schedule-risk", {"activities": [], "iterations": 10**9}, "invalid_estimate"),
        ("throughput", {"remaining": -1, "weeks": []}, "invalid_value"),
        ("throughput", {"remaining": 1, "weeks": [], "iterations": 10**6}, "invalid_value"),
        ("working-days", {"from": "2026-02-30", "to": "2026-03-01"}, "invalid_value"),
        ("working-days", {"from": "2026-03-02", "to": "2026-03-01"}, "invalid_value"),
        ("working-days", {"from": "2026-03-01", "to": "2026-03-01", "calendar": "XX"}, "invalid_value"),
    ],
)
def test_question_that_cannot_be_answered_is_refused_with_a_code(calc, capsys, name, question, code):
    assert refusal(calc, capsys, name, question)["code"] == code
