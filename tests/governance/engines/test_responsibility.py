import pytest

from governance.engines.responsibility import BoardRole, BoardSeat, Letter, board_faults, row_faults
from tests.formula_tables import worked


def pairs(text: str) -> list[tuple[str, str]]:
    return [(left, right) for left, right in (word.split("=") for word in text.split())]


@pytest.mark.parametrize("row", worked("responsibility", "RACI"), ids=lambda row: row["letters"])
def test_worked_raci(row):
    letters = {role: Letter(letter) for role, letter in pairs(row["letters"])}
    assert list(row_faults(letters)) == row["faults"].split()


@pytest.mark.parametrize("row", worked("responsibility", "board"), ids=lambda row: row["seats"])
def test_worked_board(row):
    seats = [BoardSeat(int(person), BoardRole(role)) for person, role in pairs(row["seats"])]
    assert list(board_faults(seats, {5})) == row["faults"].split()
