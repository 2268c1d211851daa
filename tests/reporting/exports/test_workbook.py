"""What spreadsheets will open: text stays text, figures stay figures (trust case 17)."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from portfolio.selectors.register_row import RegisterRow
from reporting.exports.cells import LIMIT, clean, inert
from reporting.exports.workbook import Origin, as_csv, as_xlsx

HOSTILE = (
    '=HYPERLINK("http://example.org";"clic")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "＝1",
    "a\x0bb",
)
ORIGIN = Origin(at=datetime(2026, 11, 20, 18, tzinfo=UTC), by="Ann Peeters", selection="", source="registre")


def row(**fields: Any) -> RegisterRow:
    values: dict[str, Any] = {
        "pk": 1,
        "version": 1,
        "code": "P-001",
        "name": "Annuaire",
        "rank": 3,
        "is_top": True,
        "state": "red",
        "previous": "amber",
        "manager": "Ann Peeters",
        "programme_code": "PRG-A",
        "programme": "Socle",
        "axis_code": "AX1",
        "axis": "Servir",
        "life_cycle": "Séquence",
        "message": "Lot 2 recetté",
        "message_language": "fr",
        "milestone": "Bascule",
        "milestone_on": date(2026, 12, 1),
        "milestone_slip": -3,
        "end_slip": 12,
        "first_end_slip": None,
        "bac": Decimal("400000.00"),
        "eac": Decimal("412000.50"),
        "exposure": Decimal("12000.50"),
        "computed": "amber",
        "gap_weeks": 0,
        "greener": False,
        "history": [],
        "last_status_on": date(2026, 11, 20),
    }
    return RegisterRow(**{**values, **fields})


def sheets(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("text", HOSTILE)
def test_user_text_never_becomes_a_formula_in_a_workbook(text: str) -> None:
    content = as_xlsx([row(name=text, message=text, manager=text, axis=text, programme=text)], ORIGIN)

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in parts.read(name)
                assert b"<hyperlink" not in parts.read(name)
    cell = sheets(content)["Registre"]["B2"]
    assert cell.data_type == "s"
    assert cell.value.strip() == clean(text).strip()


@pytest.mark.parametrize("text", HOSTILE[:8])
def test_user_text_never_begins_like_a_formula_in_csv(text: str) -> None:
    content = as_csv([row(name=text)]).decode("utf-8-sig")

    cell = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))[1][1]

    assert cell == f"'{clean(text)}"


def test_quote_prefix_marks_the_cell_that_looks_like_a_formula() -> None:
    book = sheets(as_xlsx([row(name="=1+1"), row(name="Annuaire")], ORIGIN))

    assert [book["Registre"][place].quotePrefix for place in ("B2", "B3")] == [True, False]


def test_figures_and_days_keep_their_type_and_unknown_ones_stay_empty() -> None:
    book = sheets(as_xlsx([row(eac=None)], ORIGIN))
    values = dict(
        zip([cell.value for cell in book["Registre"][1]], [c.value for c in book["Registre"][2]], strict=True)
    )

    assert values["Budget approuvé (€)"] == 400000
    assert values["Écart du jalon (jours)"] == -3
    assert values["Date du jalon"] == datetime(2026, 12, 1)  # noqa: DTZ001 -- a workbook knows no zones
    assert values["Coût final estimé, EAC (€)"] is None
    assert values["Écart de fin, 1re approbation (jours)"] is None
    assert values["État"] == "rouge"


def test_csv_holds_iso_days_decimal_points_and_a_negative_figure_without_apostrophe() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv([row()]).decode("utf-8-sig"), newline=""), delimiter=";"))

    assert lines[0]["Statut du"] == "2026-11-20"
    assert lines[0]["Coût final estimé, EAC (€)"] == "412000.50"
    assert lines[0]["Écart du jalon (jours)"] == "-3"


def test_sums_by_axis_follow_the_rows() -> None:
    rows = [
        row(code="A", axis="Servir", bac=Decimal(100), eac=None),
        row(code="B", axis="Servir", bac=Decimal(50), eac=Decimal(70), state="stale"),
        row(code="C", axis="", bac=None, eac=None, state="none"),
    ]

    sheet = sheets(as_xlsx(rows, ORIGIN))["Par axe"]

    assert [[cell.value for cell in line] for line in sheet.iter_rows()] == [
        ["Axe", "Projets", "rouge", "périmé", "sans état", "Budget approuvé (€)", "Coût final estimé, EAC (€)"],
        ["Servir", 2, 1, 1, 0, 150, 70],
        ["Sans axe stratégique", 1, 0, 0, 1, None, None],
        ["Total", 3, 1, 1, 1, 150, 70],
    ]


def test_empty_selection_still_gives_files() -> None:
    assert sheets(as_xlsx([], ORIGIN)).sheetnames == ["Registre", "Lecture"]
    assert len(as_csv([]).decode("utf-8-sig").splitlines()) == 1


def test_origin_says_when_by_whom_and_of_what() -> None:
    sheet = sheets(as_xlsx([row()], ORIGIN))["Lecture"]
    said = {line[0].value: line[1].value for line in sheet.iter_rows()}

    assert said["Extrait le"] == "20/11/2026 18:00"
    assert said["Par"] == "Ann Peeters"
    assert said["Projets"] == "1"


def test_overlong_text_is_cut_to_what_a_cell_holds() -> None:
    assert len(inert("=" + "x" * 40_000)) == LIMIT
