"""What a weekly status must explain before it is published."""

from dataclasses import replace
from datetime import date

import pytest

from portfolio.engines.status_checks import (
    JUDGED,
    Check,
    Level,
    MilestoneEntry,
    StatusEntry,
    check_status,
    errors,
    needs_reason,
    worsened,
)
from portfolio.engines.vocabulary import Rag

TODAY = date(2026, 11, 20)
GREEN = dict.fromkeys(JUDGED, Rag.GREEN)
SOUND = StatusEntry(declared=GREEN, previous=GREEN, computed=dict.fromkeys(JUDGED, Rag.UNKNOWN), message="Tout avance.")


def found(entry: StatusEntry) -> dict[Check, Level]:
    return {finding.check: finding.level for finding in check_status(entry, TODAY)}


def test_a_sound_status_has_no_error() -> None:
    assert errors(check_status(SOUND, TODAY)) == ()
    assert found(SOUND) == {Check.NO_GAP: Level.OK}


@pytest.mark.parametrize(
    ("declared", "computed", "expected"),
    [
        (Rag.GREEN, Rag.AMBER, True),
        (Rag.RED, Rag.AMBER, True),
        (Rag.AMBER, Rag.AMBER, False),
        (Rag.GREEN, Rag.UNKNOWN, False),
        (None, Rag.RED, False),
    ],
)
def test_only_a_difference_with_a_known_computation_needs_a_reason(
    declared: Rag | None, computed: Rag, expected: bool
) -> None:
    assert needs_reason(declared, computed) is expected


@pytest.mark.parametrize(
    ("declared", "previous", "expected"),
    [
        (Rag.AMBER, Rag.GREEN, True),
        (Rag.AMBER, Rag.AMBER, False),
        (Rag.AMBER, Rag.RED, False),
        (Rag.AMBER, None, True),
        (Rag.GREEN, None, False),
        (None, Rag.GREEN, False),
    ],
)
def test_worse_than_last_week_or_not_green_the_first_time(
    declared: Rag | None, previous: Rag | None, expected: bool
) -> None:
    assert worsened(declared, previous) is expected


def test_a_gap_is_an_error_until_its_reason_is_given() -> None:
    entry = replace(SOUND, computed={**SOUND.computed, "cost": Rag.RED})
    assert found(entry)[Check.REASON_MISSING] is Level.ERROR
    assert found(replace(entry, reasons={"cost": "Avenant signé."}))[Check.REASON_GIVEN] is Level.WARNING


def test_a_moved_milestone_is_the_cause_of_a_worse_time_only() -> None:
    moved = (MilestoneEntry(key=1, name="Lot 3", expected=date(2026, 12, 4), reached=False, moved=True),)
    late = replace(SOUND, declared={**GREEN, "time": Rag.AMBER, "overall": Rag.AMBER}, milestones=moved)
    assert found(late)[Check.CAUSE_GIVEN] is Level.OK
    dear = replace(SOUND, declared={**GREEN, "cost": Rag.AMBER, "overall": Rag.AMBER}, milestones=moved)
    assert found(dear)[Check.CAUSE_MISSING] is Level.ERROR


@pytest.mark.parametrize(
    ("day", "reached", "check"),
    [
        (date(2026, 11, 19), False, Check.MILESTONE_PAST),
        (date(2026, 11, 20), False, Check.DATES_COHERENT),
        (date(2026, 11, 20), True, Check.DATES_COHERENT),
        (date(2026, 11, 21), True, Check.REACHED_AHEAD),
    ],
)
def test_open_milestones_lie_ahead_and_reached_ones_behind(day: date, reached: bool, check: Check) -> None:
    milestone = MilestoneEntry(key=1, name="Lot 3", expected=day, reached=reached, moved=False)
    assert check in found(replace(SOUND, milestones=(milestone,)))


def test_a_decision_names_its_question_body_and_coming_date() -> None:
    asked = replace(SOUND, ask_kind="decision")
    fields = {finding.field for finding in errors(check_status(asked, TODAY))}
    assert fields == {"ask_text", "ask_to"}
    past = replace(asked, ask_text="Réserver 0,5 ETP", ask_body="SOCLE", ask_on=date(2026, 11, 19))
    assert found(past)[Check.ASK_PAST] is Level.ERROR
    assert not errors(check_status(replace(past, ask_on=TODAY), TODAY))


def test_an_overall_milder_than_its_dimensions_and_an_old_message_are_told_not_refused() -> None:
    entry = replace(
        SOUND,
        declared={**GREEN, "risk": Rag.AMBER},
        causes={"risk": "Un départ"},
        previous_message=SOUND.message,
    )
    assert found(entry)[Check.OVERALL_MILDER] is Level.WARNING
    assert found(entry)[Check.MESSAGE_UNCHANGED] is Level.WARNING
    assert not errors(check_status(entry, TODAY))


def test_a_missing_colour_and_an_empty_message_are_errors() -> None:
    entry = replace(SOUND, declared={**GREEN, "scope": None}, message="")
    assert {finding.field for finding in errors(check_status(entry, TODAY))} == {"scope", "message"}


def test_unconfirmed_risks_are_counted() -> None:
    finding = next(
        one
        for one in check_status(replace(SOUND, risks_open=3, risks_confirmed=1), TODAY)
        if one.check is Check.RISKS_UNCONFIRMED
    )
    assert (finding.level, finding.count) == (Level.WARNING, 2)
