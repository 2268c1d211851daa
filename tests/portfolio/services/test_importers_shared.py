"""The shared files against an oracle that shares no code with the importer: plain csv, openpyxl and sums."""

import csv
import io
import os
import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from portfolio.engines.source_fields import Field
from portfolio.services.importers.presets import PRESETS
from portfolio.services.importers.preview import Preview, preview
from portfolio.services.importers.refusals import ImportRefusedError

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("CADRAN_SHARED_DATA", ROOT.parent / "shared" / "data"))
MILLION = Decimal(1_000_000)
TRANSPOSED = "Cette feuille est transposée : les projets sont en colonnes, il les faut en lignes."

# file: (format, projects, whole-life cost, how many state it, year budget, year forecast, starts, ends, warnings)
EXPECTED = {
    "fr-panorama/panorama_projets_si_2017-02.csv": (
        *("dinsic-panorama", 57, "2292900000.00", 49, None, None, 56, 49, 17),
    ),
    "fr-panorama/panorama_2018-03-26.xlsx": ("dinsic-panorama", 61, "2826280000.00", 60, None, None, 61, 60, 4),
    "gmpp-uk/uk_2018.csv": (*("gmpp", 133, "422739430000.00", 119, "26805560000.00", "26235080000.00", 131, 128, 39),),
    "gmpp-uk/uk_2020.csv": (*("gmpp", 125, "447920350000.00", 113, "27011080000.00", "24962880000.00", 122, 120, 39),),
    "gmpp-uk/uk_2021.csv": (*("gmpp", 184, "541951370000.00", 164, "46250730000.00", "44406000000.00", 181, 178, 51),),
    "gmpp-uk/uk_2022.csv": (*("gmpp", 235, "494181000000.00", 191, "43128880000.00", "39554020000.00", 224, 218, 132),),
    "gmpp-uk/transposed_df_2021.csv": (
        *("gmpp", 184, "541951370000.00", 164, "46250730000.00", "44406000000.00", 181, 178, 51),
    ),
    "gmpp-uk/transposed_df_2022.csv": (
        *("gmpp", 235, "494181000000.00", 191, "43128880000.00", "39554020000.00", 224, 218, 132),
    ),
}
# file: (encoding, delimiter, position of cost, budget, forecast, start, end), read by eye from each file
POSITIONS = {
    "gmpp-uk/uk_2018.csv": ("cp1252", ",", 10, 8, 9, 5, 6),
    "gmpp-uk/uk_2020.csv": ("latin-1", ",", 10, 8, 9, 5, 6),
    "gmpp-uk/uk_2021.csv": ("latin-1", ";", 14, 11, 12, 8, 9),
    "gmpp-uk/uk_2022.csv": ("latin-1", ";", 15, 12, 13, 9, 10),
    "gmpp-uk/transposed_df_2021.csv": ("utf-8", ",", 14, 10, 11, 7, 8),
    "gmpp-uk/transposed_df_2022.csv": ("utf-8", ",", 15, 11, 12, 8, 9),
}


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not here: set CADRAN_SHARED_DATA")
    return path


def previewed(name: str, mapping: str) -> Preview:
    return preview(shared(name).read_bytes(), PRESETS[mapping])


def millions(texts: list[str]) -> list[Decimal]:
    """The amounts among the texts, in units; whatever is not an amount is no amount."""
    plain = [text.replace("£", "").replace("Ł", "").replace(",", "").strip() for text in texts]
    return [Decimal(text) * MILLION for text in plain if re.fullmatch(r"\d+(\.\d+)?", text)]


@pytest.mark.parametrize("name", EXPECTED)
def test_file_gives_the_counts_and_totals_worked_out_by_hand(name: str) -> None:
    mapping, projects, cost, known, budget, forecast, starts, ends, warnings = EXPECTED[name]

    found = previewed(name, mapping)

    totals = found.totals
    assert found.extraction.rows == projects
    assert not found.extraction.skipped
    assert (totals["cost"], totals["cost_known"]) == (cost, known)
    assert (totals.get("year_budget"), totals.get("year_forecast")) == (budget, forecast)
    assert (totals["with_start"], totals["with_end"]) == (starts, ends)
    assert len(found.extraction.warnings) == warnings


@pytest.mark.parametrize("name", POSITIONS)
def test_gmpp_amounts_equal_the_oracle_to_the_cent(name: str) -> None:
    encoding, delimiter, *positions, start, end = POSITIONS[name]
    text = shared(name).read_bytes().decode(encoding)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[1:]

    found = previewed(name, "gmpp")

    for feeds, position in zip((Field.COST, Field.YEAR_BUDGET, Field.YEAR_FORECAST), positions, strict=True):
        amounts = [record.money[feeds] for record in found.extraction.records]
        assert [amount for amount in amounts if amount is not None] == millions([row[position] for row in rows])
    dated = re.compile(r"\d+[.-]\d+[.-]\d+")
    assert found.totals["with_start"] == sum(bool(dated.fullmatch(row[start])) for row in rows)
    assert found.totals["with_end"] == sum(bool(dated.fullmatch(row[end])) for row in rows)


def test_panorama_2017_amounts_equal_the_oracle_to_the_cent() -> None:
    name = "fr-panorama/panorama_projets_si_2017-02.csv"
    rows = list(csv.reader(io.StringIO(shared(name).read_bytes().decode("utf-8"), newline="")))[1:]
    rows = [row for row in rows if any(row)]

    found = previewed(name, "dinsic-panorama")

    assert len(rows) == found.extraction.rows
    assert sum(millions([row[9] for row in rows])) == Decimal(found.totals["cost"])
    assert sum(row[9] == "En cadrage" for row in rows) == found.totals["cost_unknown"]


def test_panorama_2018_amounts_equal_the_oracle_to_the_cent() -> None:
    name = "fr-panorama/panorama_2018-03-26.xlsx"
    sheet = openpyxl.load_workbook(shared(name)).active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[2]]

    found = previewed(name, "dinsic-panorama")

    assert len(rows) == found.extraction.rows
    assert sum(millions([str(row[9]).replace(",", ".") for row in rows])) == Decimal(found.totals["cost"])
    assert [str(row[8]) for row in rows] == [record.phase for record in found.extraction.records]


def test_panorama_text_in_money_and_duration_is_kept_with_its_row() -> None:
    found = previewed("fr-panorama/panorama_2018-03-26.xlsx", "dinsic-panorama")

    kept = {(item.row, item.column): (item.value, item.kept_as) for item in found.extraction.warnings}
    assert kept[2, "Coût estimé"] == ("NA", "text")
    assert kept[50, "Durée prévisionnelle en année"] == ("6.75", "6.75")
    first = found.extraction.records[0]
    assert (first.name, first.cost, first.end) == ("FRANCE CONNECT PHASE II", None, None)
    assert first.source_values["Coût estimé"] == "NA"


def test_panorama_duration_gives_the_end_the_source_had_in_mind() -> None:
    """3.24657534246575 years of 365 days from 2015-01-01 is the last day of March 2018."""
    found = previewed("fr-panorama/panorama_2018-03-26.xlsx", "dinsic-panorama")

    ends = {record.name: str(record.end) for record in found.extraction.records}
    assert ends["SEGUR"] == "2018-03-31"
    assert ends["VITAM"] == "2020-04-01"


@pytest.mark.parametrize("year", ["2015", "2017"])
def test_transposed_year_is_refused_with_that_sentence(year: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        previewed(f"gmpp-uk/uk_{year}.csv", "gmpp")

    assert (refused.value.code, refused.value.message) == ("transposed", TRANSPOSED)


def test_two_opinions_on_one_colour_are_both_kept() -> None:
    found = previewed("gmpp-uk/uk_2022.csv", "gmpp")

    opinions = [
        (record.source_values.get("colour_rating [1]", ""), record.source_values.get("colour_rating [2]", ""))
        for record in found.extraction.records
    ]
    assert sum(first == "Amber" for first, _second in opinions) == 118
    assert sum(second == "Amber" for _first, second in opinions) == 52
    assert ("", "Amber") in opinions


def test_undecodable_byte_of_2020_is_named_with_its_row() -> None:
    found = previewed("gmpp-uk/uk_2020.csv", "gmpp")

    odd = [item for item in found.extraction.warnings if item.kept_as == "\ufffd"]
    assert [(item.column, item.value) for item in odd] == [("description_aims", "1 × ?")]


@pytest.mark.parametrize("mapping", PRESETS)
@pytest.mark.parametrize(
    "name",
    [
        "import_dates",
        "import_iso8859-1",
        "import_issues",
        "import_issues_utf8_with_bom",
        "import_subtasks_with_relations",
        "import_time_entries",
    ],
)
def test_hostile_csv_is_refused_with_a_line_number(name: str, mapping: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        previewed(f"csv-hostile/{name}.csv", mapping)

    assert refused.value.details["line"] in (1, 2)
    assert refused.value.message.startswith("Ligne ")
