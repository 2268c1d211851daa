import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.enums import Role
from people.models import AuditEntry
from portfolio.models import BudgetLine, ImportRun, Project, Stage, Standing, StrategicAxis
from portfolio.services.importers.mapping_file import mapping_from_json
from portfolio.services.importers.portfolio_list import import_portfolio
from portfolio.services.importers.presets import PRESETS
from portfolio.services.importers.reconciliation import CodeNumbers
from portfolio.services.importers.refusals import ImportRefusedError
from portfolio.services.importers.report import ImportReport
from tests.factories.guards import settled
from tests.factories.people import user_with
from tests.portfolio.services.test_importers_shared import shared

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HEADER = "Nom;Ministère;Début;Fin;Phase;Coût;Note"
FORMAT: dict[str, Any] = {
    "source": "essai",
    "format": "csv",
    "encoding": "utf-8",
    "delimiter": ";",
    "edition": "2026-01-31",
    "columns": [
        {"header": "Nom", "field": "name"},
        {"header": "Ministère", "field": "axis_code"},
        {"header": "Début", "field": "start", "date_format": "yyyy-mm-dd"},
        {"header": "Fin", "field": "end", "date_format": "yyyy-mm-dd"},
        {"header": "Phase", "field": "phase"},
        {"header": "Coût", "field": "cost", "decimal": ",", "unit": "1000000"},
    ],
    "phases": {
        "Étude": {"life_cycle": "preparation", "stage": 1},
        "Travaux": {"life_cycle": "stage", "stage": 2},
        "Fini": {"life_cycle": "closed"},
    },
}
FIRST = "ALPHA;MI;2025-01-01;2026-12-31;Étude;1,5;a\nBETA;mi;2025-02-01;;Travaux;NC;b"


def run(body: str, **options: Any) -> ImportReport:
    return import_portfolio(
        data=f"{HEADER}\n{body}\n".encode(),
        file_name="liste.csv",
        mapping=mapping_from_json(FORMAT),
        by=options.pop("by", None),
        now=options.pop("now", NOW),
        **options,
    )


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.counts.created, report.counts.updated, report.counts.unchanged


def test_new_projects_come_with_dates_money_axis_and_stage() -> None:
    report = run(FIRST)

    alpha, beta = Project.objects.order_by("code")
    assert counts(report) == (2, 0, 0)
    assert (alpha.code, alpha.name_fr, alpha.life_cycle) == ("MI-01", "ALPHA", "preparation")
    assert alpha.first_approved_end == alpha.planned_end == alpha.forecast_end == date(2026, 12, 31)
    assert alpha.first_approved_cost == Decimal("1500000.00")
    line = BudgetLine.objects.get(project=alpha)
    assert (line.year, line.approved, line.forecast, line.actual) == (2026, Decimal(1_500_000), None, 0)
    assert alpha.standing.eac is None
    assert (beta.planned_end, beta.first_approved_cost) == (None, None)
    assert not BudgetLine.objects.filter(project=beta).exists()
    assert beta.source_values["Coût"] == "NC"
    assert [axis.code for axis in StrategicAxis.objects.all()] == ["MI"]
    assert alpha.axis_id == beta.axis_id
    assert [(stage.number, stage.name, stage.state) for stage in Stage.objects.order_by("number")] == [
        (1, "Étude", "running"),
        (2, "Travaux", "running"),
    ]


def test_nobody_reported_so_nothing_is_declared_and_no_manager_is_invented() -> None:
    run(FIRST)

    assert Standing.objects.count() == 2
    assert set(Standing.objects.values_list("declared_overall", "last_status_on")) == {("", None)}
    assert not Project.objects.filter(manager__isnull=False).exists()
    assert not Project.objects.filter(is_top=True).exists()


def test_same_file_twice_changes_nothing_at_all() -> None:
    run(FIRST)
    before = (Project.objects.values_list("version", flat=True), AuditEntry.objects.count(), ImportRun.objects.count())

    again = run(FIRST)

    assert counts(again) == (0, 0, 2)
    assert again.run_id is None
    assert list(before[0]) == [1, 1]
    assert (AuditEntry.objects.count(), ImportRun.objects.count()) == before[1:]


def test_later_edition_moves_forecasts_and_leaves_what_was_approved() -> None:
    run(FIRST)
    settled()

    report = run("ALPHA;MI;2025-01-01;2027-06-30;Travaux;2,25;a\nBETA;MI;2025-02-01;2026-05-31;Travaux;3;b")

    alpha, beta = Project.objects.order_by("code")
    assert counts(report) == (0, 2, 0)
    assert (alpha.planned_end, alpha.forecast_end) == (date(2026, 12, 31), date(2027, 6, 30))
    line = BudgetLine.objects.get(project=alpha)
    assert (line.approved, line.forecast) == (Decimal(1_500_000), Decimal(2_250_000))
    assert alpha.first_approved_cost == Decimal(1_500_000)
    assert (alpha.life_cycle, Stage.objects.get(project=alpha).name) == ("preparation", "Étude")
    assert [(one.row, one.field, one.old, one.new) for one in report.waiting] == [
        (2, "life_cycle", "preparation", "stage"),
        (2, "stage", "Étude", "Travaux"),
    ]
    assert (beta.first_approved_end, beta.first_approved_cost) == (date(2026, 5, 31), Decimal(3_000_000))
    assert alpha.standing.first_end_slip_days == 181
    assert (alpha.standing.bac, alpha.standing.eac) == (Decimal(1_500_000), Decimal(2_250_000))


def test_value_changed_in_cadran_stays_until_the_source_says_something_new() -> None:
    run(FIRST)
    Project.objects.filter(name_fr="ALPHA").update(name_fr="Projet Alpha", forecast_end=date(2027, 1, 31))

    run(FIRST.replace(";a\n", ";nouvelle note\n"))

    alpha = Project.objects.get(code="MI-01")
    assert (alpha.name_fr, alpha.forecast_end) == ("Projet Alpha", date(2027, 1, 31))
    assert alpha.source_values["Note"] == "nouvelle note"


def test_closed_project_carries_its_end_and_one_without_end_is_still_closing() -> None:
    run("ALPHA;MI;2025-01-01;2025-12-31;Fini;1,5;a\nBETA;MI;2025-02-01;;Fini;NC;b")
    settled()

    alpha, beta = Project.objects.order_by("code")
    assert (alpha.life_cycle, alpha.actual_end) == ("closed", date(2025, 12, 31))
    assert (beta.life_cycle, beta.actual_end) == ("closing", None)

    report = run("ALPHA;MI;2025-01-01;2025-12-31;Travaux;1,5;a\nBETA;MI;2025-02-01;;Fini;NC;b")

    alpha.refresh_from_db()
    assert (alpha.life_cycle, report.waiting[0].code) == ("closed", alpha.code)


def test_one_bad_row_of_fifty_writes_nothing() -> None:
    rows = [f"P{number};MI;2025-01-01;;Étude;1;" for number in range(50)]
    rows[36] = "P36;MI;01/01/2025;;Étude;1;"

    with pytest.raises(ImportRefusedError) as refused:
        run("\n".join(rows))

    assert refused.value.details["cells"] == [{"row": 38, "column": "Début", "value": "01/01/2025"}]
    assert not Project.objects.exists()
    assert not StrategicAxis.objects.exists()


def test_rule_of_the_portfolio_refuses_the_whole_file_in_its_own_words() -> None:
    with pytest.raises(ImportRefusedError) as refused:
        run(FIRST, as_of=date(1980, 1, 1))

    assert refused.value.code == "portfolio_rule"
    assert "L’année va de 1990 à 2100." in refused.value.message
    assert not Project.objects.exists()


def test_dry_run_answers_the_same_report_and_writes_nothing() -> None:
    dry = run(FIRST, dry_run=True)

    assert not Project.objects.exists()
    assert dry.as_json() == run(FIRST).as_json()


def test_agreement_to_another_reconciliation_is_refused() -> None:
    with pytest.raises(ImportRefusedError) as refused:
        run(FIRST, expected="0" * 64)

    assert refused.value.code == "changed_meanwhile"


def test_run_and_audit_entry_keep_what_was_done() -> None:
    user = user_with(Role.PSO)

    report = run(FIRST, by=user)

    kept = ImportRun.objects.get(pk=report.run_id)
    entry = AuditEntry.objects.get(verb="portfolio.imported")
    assert kept.report == json.loads(json.dumps(report.as_json()))
    assert (kept.by, kept.sha256, kept.as_of) == (user, report.sha256, date(2026, 1, 31))
    assert entry.data["created"] == ["MI-01", "MI-02"]


@pytest.mark.parametrize("count", [3, 30])
def test_import_costs_the_same_statements_whatever_its_length(count: int) -> None:
    body = "\n".join(f"P{number};MI;2025-01-01;2026-12-31;Étude;1;" for number in range(count))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        run(body)

    assert len(queries) < 40


def test_code_is_the_next_number_of_its_axis() -> None:
    numbers = CodeNumbers({"MI-09", "MI-2", "MIX-40", "MI-09-A", "P-01", "PNR"})

    assert [numbers.next(prefix) for prefix in ("MAr", "MI", "mi", "DEFRA & DFT", "", "省")] == [
        *("MAR-01", "MI-10", "MI-11", "DEFRA-DFT-01", "P-02", "P-03"),
    ]


def test_code_stays_when_the_project_changes_axis_and_new_ones_follow() -> None:
    run(FIRST)

    run(f"GAMMA;MI;2025-01-01;;Étude;1;\n{FIRST.replace('ALPHA;MI', 'ALPHA;MJ')}")

    codes = dict(Project.objects.values_list("name_fr", "code"))
    assert codes == {"ALPHA": "MI-01", "BETA": "MI-02", "GAMMA": "MI-03"}


def test_two_editions_of_the_panorama_meet_on_one_project() -> None:
    mapping = PRESETS["dinsic-panorama"]
    for name in ("panorama_projets_si_2017-02.csv", "panorama_2018-03-26.xlsx"):
        data = shared(f"fr-panorama/{name}").read_bytes()
        report = import_portfolio(data=data, file_name=name, mapping=mapping, by=None, now=NOW)

    samu = Project.objects.get(name_fr="SI SAMU")
    assert counts(report) == (14, 47, 0)
    assert (samu.first_approved_cost, samu.standing.eac) == (Decimal("59000000.00"), Decimal("75100000.00"))


@pytest.mark.parametrize("name", ["uk_2018", "uk_2020", "uk_2021", "uk_2022"])
def test_gmpp_year_imports_once_and_then_changes_nothing(name: str) -> None:
    data = shared(f"gmpp-uk/{name}.csv").read_bytes()
    first, second = (
        import_portfolio(data=data, file_name=name, mapping=PRESETS["gmpp"], by=None, now=NOW) for _time in range(2)
    )

    assert counts(first) == (first.extraction.rows, 0, 0)
    assert counts(second) == (0, 0, first.extraction.rows)


def command(*arguments: str) -> tuple[int, Any]:
    out = StringIO()
    try:
        call_command("import_portfolio", *arguments, "--json", stdout=out)
    except SystemExit as exit_:
        return int(exit_.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_command_answers_the_contract(tmp_path: Path) -> None:
    (tmp_path / "format.json").write_text(json.dumps(FORMAT))
    (tmp_path / "liste.csv").write_text(f"{HEADER}\n{FIRST}\n", encoding="utf-8")
    arguments = (str(tmp_path / "liste.csv"), "--mapping", str(tmp_path / "format.json"))

    dry, first, second = command(*arguments, "--dry-run"), command(*arguments), command(*arguments)

    assert (dry[0], first[0], second[0]) == (0, 0, 0)
    assert dry[1] == first[1]
    assert {
        "file",
        "format",
        "rows",
        "created",
        "updated",
        "unchanged",
        "skipped",
        "warnings",
        "totals",
        "hash",
    } <= set(first[1])
    assert (first[1]["created"], second[1]["created"], second[1]["unchanged"]) == (2, 0, 2)
    assert first[1]["totals"]["cost"] == "1500000.00"


def test_command_refuses_with_code_message_and_details(tmp_path: Path) -> None:
    (tmp_path / "vide.csv").write_bytes(b"")

    assert command(str(tmp_path / "vide.csv"), "--mapping", "gmpp") == (
        1,
        {"error": {"code": "empty", "message": "Le fichier est vide.", "details": {}}},
    )
    assert command(str(tmp_path / "vide.csv"), "--mapping", "nowhere")[0] == 2
    assert command(str(tmp_path / "absent.csv"), "--mapping", "gmpp")[0] == 2
    with pytest.raises(CommandError):
        call_command("import_portfolio", str(tmp_path / "vide.csv"))
