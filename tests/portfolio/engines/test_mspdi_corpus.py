"""Every shared file in Project's XML against what MPXJ reads in it, and back."""

import pytest
from defusedxml import ElementTree

from portfolio.engines.mspdi_reader import read_mspdi
from portfolio.engines.mspdi_writer import write_mspdi
from portfolio.engines.network import LinkType
from portfolio.engines.schedule_file import TimeUnit
from tests.portfolio.schedule_oracle import (
    NATIVE,
    account_balances,
    counted,
    differences,
    documented,
    expected_rows,
    shared,
    without_rows,
)


@pytest.mark.parametrize("name", NATIVE)
def test_every_task_link_lag_date_and_baseline_is_as_mpxj_reads_it(name: str) -> None:
    schedule = read_mspdi(shared(name))
    assert list(differences(schedule, expected_rows(name))) == []
    assert schedule.account.warnings == ()
    account_balances(schedule)
    assert counted(schedule, expected_rows(name)) == documented()[name]


@pytest.mark.parametrize("name", NATIVE)
def test_written_and_read_again_it_is_the_same_plan(name: str) -> None:
    schedule = read_mspdi(shared(name))
    written = write_mspdi(schedule)
    again = read_mspdi(written)
    assert without_rows(again) == without_rows(schedule)
    assert write_mspdi(again) == written


def test_lags_keep_the_unit_they_were_typed_in() -> None:
    schedule = read_mspdi(shared("mpxj-schedules/task-links-project2019-mspdi.xml"))
    lags = [(link.kind, link.lag.unit, link.lag.amount) for task in schedule.tasks for link in task.links]
    assert (LinkType.FS, TimeUnit.WEEKS, 2400) in lags
    assert (LinkType.SF, TimeUnit.DAYS, 960) in lags


@pytest.mark.parametrize("element", ["Project", "Task", "Resource", "Assignment"])
def test_elements_stand_in_the_order_project_writes_them(element: str) -> None:
    file = "calendar-calendars" if element == "Resource" else "task-costs"
    given = shared(f"mpxj-schedules/{file}-project2019-mspdi.xml")
    theirs, ours = order_of(given, element), order_of(write_mspdi(read_mspdi(given)), element)
    common = [name for name in ours if name in theirs]
    assert len(common) > 10
    assert common == [name for name in theirs if name in common]


def order_of(data: bytes, element: str) -> list[str]:
    """Names of the children of the last element of this name, each once."""
    found = [item for item in ElementTree.fromstring(data).iter() if item.tag.endswith(f"}}{element}")]
    return list(dict.fromkeys(child.tag.rpartition("}")[2] for child in found[-1]))
