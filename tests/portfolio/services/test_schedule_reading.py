"""Schedule files of every kind: told by content, converted in a limited process, or refused in a sentence."""

import gzip
import io
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from portfolio.engines.mspdi_reader import read_mspdi
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.engines.schedule_mapping import Departure
from portfolio.services.importers import mpxj
from portfolio.services.importers.mpxj import ConversionError, Tools
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.importers.schedule_reading import kind_of, read_plan, read_schedule
from portfolio.services.importers.schedule_words import DEPARTURES, REASONS
from tests.portfolio.schedule_oracle import (
    NATIVE,
    SHARED,
    account_balances,
    counted,
    differences,
    documented,
    expected_rows,
    shared,
    without_rows,
)

needs_mpxj = pytest.mark.skipif(mpxj.installed() is None, reason="MPXJ or a Java runtime is not installed")
FOREIGN = {
    **dict.fromkeys(("mpsplib-msproject/mp_j30_a2_nr5.mpp", "mpsplib-msproject/mp_j30_a5_nr1.mpp"), "mpp"),
    **{f"mpxj-schedules/{name}.xer": "xer" for name in ("PredecessorCalendar", "resource-rates-test")},
    **{
        f"mpxj-schedules/{name}.xml": "pmxml"
        for name in ("PredecessorCalendar", "TwentyFourHourCalendar", "resource-rates-test")
    },
    **{f"mpxj-schedules/{name}.mpx": "mpx" for name in ("caltest98", "empty", "sample", "task-links-project98")},
    **{
        f"mpxj-schedules/{name}.mpp": "mpp"
        for name in ("mpp14baseline", "mpp14recurring", "mpp14relations", "sample", "sample98")
    },
    **{f"mpxj-schedules/planner-{name}.planner": "planner" for name in ("calendar", "sample")},
    "wild-schedules/edudesk_project_plan.mpp": "mpp",
    "wild-schedules/ganttproject_HouseBuildingSample.gan": "ganttproject",
    "wild-schedules/libreplan_ContainerTaskMilestoneDependencies.mpp": "mpp",
    "wild-schedules/libreplan_ContainerTaskMilestoneDependencies.planner": "planner",
    "wild-schedules/uba_gti_plan.gan": "ganttproject",
}
SMALL = b'<Project xmlns="http://schemas.microsoft.com/project"><Tasks/></Project>'
SAVE_AS = "planning au format XML de MS Project"


def refusal(data: bytes) -> ImportRefusedError:
    with pytest.raises(ImportRefusedError) as caught:
        read_schedule(data)
    return caught.value


def zip_bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.xml", b" " * 50_000_000)
    return stream.getvalue()


def bomb(root: str) -> bytes:
    return f'<!DOCTYPE x [<!ENTITY a "{"lol" * 99}">]><{root}>&a;</{root.split()[0]}>'.encode()


@needs_mpxj
@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_file_holds_what_mpxj_reads_in_it(name: str) -> None:
    schedule = read_schedule(shared(name))
    assert schedule.format == FOREIGN[name]
    account_balances(schedule)
    assert list(differences(schedule, expected_rows(name))) == []
    assert counted(schedule, expected_rows(name)) == documented()[name]


def test_every_shared_schedule_is_tried() -> None:
    folders = [SHARED / name for name in ("mpxj-schedules", "wild-schedules", "mpsplib-msproject")]
    found = {
        f"{path.parent.name}/{path.name}"
        for folder in folders
        for path in folder.glob("*")
        if path.is_file() and path.suffix != ".md"
    }
    if not found:
        pytest.skip("the shared schedules are not here: set CADRAN_SHARED_DATA")
    assert found - set(NATIVE) - set(FOREIGN) == {"mpxj-schedules/password-protected-mpp9.mpp"}


@needs_mpxj
def test_protected_file_is_told_from_a_broken_one() -> None:
    protected = refusal(shared("mpxj-schedules/password-protected-mpp9.mpp"))
    assert protected.code == "schedule_protected"
    assert "mot de passe" in protected.message
    broken = refusal(shared("mpxj-schedules/sample.mpp")[:40_000])
    assert broken.code == "schedule_unreadable"
    assert SAVE_AS in broken.message


@pytest.fixture(scope="module")
def read_back(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """Every plan as we write it, read and written again by MPXJ, all in one run of Java."""
    tools = mpxj.installed()
    assert tools is not None
    ours, theirs = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("theirs")
    for name in NATIVE:
        if (SHARED / name).exists():
            plan = read_mspdi((SHARED / name).read_bytes())
            (ours / f"{Path(name).stem}.xml").write_bytes(write_mspdi(plan))
    command = [
        tools.java,
        "-Xmx384m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Duser.timezone=UTC",
        "-cp",
        ":".join(tools.jars),
    ]
    batch = ["org.mpxj.sample.MpxjBatchConvert", str(ours), ".xml", str(theirs), ".xml"]
    subprocess.run([*command, *batch], check=True, capture_output=True, timeout=120)

    def read(name: str) -> bytes:
        shared(name)
        return (theirs / f"{Path(name).stem}.xml").read_bytes()

    return read


@needs_mpxj
@pytest.mark.parametrize("name", NATIVE)
def test_mpxj_reads_our_file_to_the_same_tasks_links_and_dates(name: str, read_back: Callable[[str], bytes]) -> None:
    """Left aside are two habits of MPXJ, which it also has with the given file: it writes slack in days of 480 minutes,
    and does not call the row of a project without tasks a summary.
    """
    found = differences(read_mspdi(read_back(name)), expected_rows(name))
    assert [line for line in found if ".total_slack_hours" not in line and line != "0.summary: 0 is not 1"] == []


@needs_mpxj
def test_mpxj_reads_our_calendars_to_the_same_hours(read_back: Callable[[str], bytes]) -> None:
    name = "mpxj-schedules/caltest.xml"
    before, after = read_mspdi(shared(name)), read_mspdi(read_back(name))
    assert without_rows(after).calendars == without_rows(before).calendars


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (zip_bomb(), "wrong_type"),
        (gzip.compress(b"<Project/>" * 10), "wrong_type"),
        (b"%PDF-1.7", "wrong_type"),
        (b"Name;Start\n", "wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_schedule"),
        (b"<?xml version='1.0'?>\n" + b" " * 11_000_000, "file_too_big"),
        (bomb("APIBusinessObjects"), "xml_document_type"),
        (bomb('project mrproject-version="2"'), "xml_document_type"),
        (bomb('Project xmlns="http://schemas.microsoft.com/project"'), "xml_document_type"),
        (b'<project mrproject-version="2">' + b"<a>" * 20_000, "too_deep"),
    ],
    ids=["nothing", "zip", "gzip", "pdf", "csv", "svg", "big", "p6 bomb", "planner bomb", "bomb", "deep planner"],
)
@needs_mpxj
def test_other_and_hostile_files_are_refused_at_once(data: bytes, code: str) -> None:
    started = time.monotonic()
    caught = refusal(data)
    assert caught.code == code
    assert caught.message
    assert time.monotonic() - started < 5


def test_without_mpxj_a_sentence_says_how_to_save_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mpxj, "installed", lambda: None)
    caught = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert (caught.code, caught.details) == ("schedule_needs_mpxj", {"format": "MS Project MPP"})
    assert SAVE_AS in caught.message


def test_a_plan_is_read_with_its_dates_and_totals() -> None:
    read = read_plan(shared("mpxj-schedules/sample.xml"))
    totals = read.totals.as_json()
    assert totals["dependency_types"] == {"FS": 3, "SS": 1, "FF": 1, "SF": 1}
    assert (totals["tasks"], totals["summaries"], totals["milestones"], totals["with_lead"]) == (19, 3, 1, 1)
    assert (totals["start"], totals["finish"]) == ("2003-01-07T08:00:00", "2003-03-18T08:00:00")
    assert {item.reason for item in read.file.account.skipped} <= REASONS.keys()


def test_a_circle_closed_by_a_summary_is_refused_in_a_sentence() -> None:
    rows = "".join(
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>T{uid}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<PredecessorLink><PredecessorUID>{before}</PredecessorUID></PredecessorLink></Task>"
        for uid, level, before in ((1, 1, 3), (2, 2, 99), (3, 1, 2))
    )
    with pytest.raises(ImportRefusedError) as caught:
        read_plan(SMALL.replace(b"<Tasks/>", f"<Tasks>{rows}</Tasks>".encode()))
    assert caught.value.message == "Ligne 1 : Les liens tournent en rond : 2 T2 → 3 T3 → 2 T2."


def test_every_departure_has_its_sentence() -> None:
    assert DEPARTURES.keys() == set(Departure)


def test_kind_is_told_by_content() -> None:
    assert kind_of(b"ERMHDR\t8.2").name == "xer"
    assert kind_of(b"MPX,Microsoft Project").name == "mpx"
    assert kind_of('<project mrproject-version="2"/>'.encode("utf-16")).name == "planner"


def test_converter_that_never_ends_or_eats_memory_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mpxj, "WALL_SECONDS", 0.4)
    stuck = tmp_path / "stuck"
    stuck.write_text("#!/bin/sh\nexec sleep 30\n")
    stuck.chmod(0o755)
    started = time.monotonic()
    with pytest.raises(ConversionError):
        mpxj.to_mspdi(b"x", "mpp", Tools(str(stuck), ("x",)))
    assert time.monotonic() - started < 5


def test_converter_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "do-not-tell")
    talker = tmp_path / "talker"
    talker.write_text('#!/bin/sh\necho "Exception: $(env | sort | tr "\\n" " ") $(ulimit -v) $(ulimit -f)"\nexit 1\n')
    talker.chmod(0o755)
    with pytest.raises(ConversionError) as caught:
        mpxj.to_mspdi(b"x", "mpp", Tools(str(talker), ("x",)))
    said = str(caught.value)
    assert "do-not-tell" not in said
    assert said.endswith(f"{mpxj.ADDRESS_SPACE // 1024} {mpxj.OUTPUT_BYTES // 512}")
