from decimal import Decimal

import pytest

from portfolio.engines.duration_notation import DurationError, read_duration, write_duration
from portfolio.engines.record_codec import decoded, encoded
from portfolio.engines.schedule_file import Link, ProjectHeader, Span, Task, TimeUnit

HEADER = ProjectHeader(minutes_per_day=456, minutes_per_week=2280)


@pytest.mark.parametrize(
    ("text", "minutes", "again"),
    [
        ("5", 2280, "5j"),
        ("2,5 j", 1140, "2,5j"),
        ("2sem", 4560, "2sem"),
        ("8 h", 480, "8h"),
        ("90min", 90, "90min"),
        ("1mois", 9120, "1mois"),
        ("3je", 4320, "3je"),
        ("0", 0, "0j"),
    ],
)
def test_a_duration_reads_back_as_it_was_written(text: str, minutes: int, again: str) -> None:
    span = read_duration(text, HEADER)
    assert span.amount == minutes
    assert write_duration(span, HEADER) == again
    assert read_duration(again, HEADER) == span


@pytest.mark.parametrize("text", ["", "j", "5 lunes", "-3j", "1e9", "99999999", "9999999mois"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(DurationError):
        read_duration(text, HEADER)


def test_a_record_comes_back_from_json_as_it_was() -> None:
    task = Task(uid=7, row=0, name="A", duration=Span(Decimal("480.5"), TimeUnit.WEEKS), links=(Link(3),))
    assert decoded(Task, encoded(task)) == task
    assert set(encoded(task)) == {"uid", "row", "name", "duration", "links"}
