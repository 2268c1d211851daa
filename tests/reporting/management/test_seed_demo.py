"""The fictional portfolio: the same for the same seed, whole, coherent, and never over anything else."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Max, Sum
from django.db.models.functions import Length

from governance.enums import RequestState
from governance.models import Body, DecisionRequest
from people.models import AuditEntry, Job, RoleAssignment, User
from people.services import audit
from portfolio.engines.status_checks import JUDGED, needs_reason
from portfolio.engines.vocabulary import Rag
from portfolio.models import BudgetLine, Programme, Project, ReportingCycle, Standing, StatusDraft, StatusReport
from portfolio.models.status_report import DIMENSIONS, MESSAGE_MAX
from reporting.management.demo.roster import DEMO_PASSWORD
from reporting.management.demo.story import level
from reporting.management.demo.words import Words, contracted, typeset, with_article
from reporting.models import Correction, Pack, Snapshot
from reporting.services.pack_life import DISTRIBUTE
from tests.factories.people import UserFactory
from tests.factories.portfolio import ProjectFactory

AS_OF = "2026-06-19"
NOW = datetime(2026, 6, 19, 15, 30, tzinfo=UTC)


def seed(**options: object) -> str:
    out = StringIO()
    call_command("seed_demo", as_of=date.fromisoformat(AS_OF), stdout=out, **options)
    return out.getvalue()


def digest() -> list[tuple[object, ...]]:
    """What a reader sees, without primary keys or the time of loading."""
    reports = StatusReport.objects.order_by("cycle", "project__code").values_list(
        "project__code", "cycle__iso_week", "author__username", "submitted_at", "overall", *DIMENSIONS, "message"
    )
    money = BudgetLine.objects.order_by("project__code", "year", "nature").values_list("approved", "actual", "forecast")
    return [*reports, *money]


@pytest.mark.django_db
def test_same_seed_same_portfolio() -> None:
    before = transaction.savepoint()
    seed(projects=8, weeks=3, seed=5)
    first = digest()
    transaction.savepoint_rollback(before)
    seed(projects=8, weeks=3, seed=5)
    assert digest() == first


@pytest.mark.django_db
def test_second_run_changes_nothing() -> None:
    seed(projects=4, weeks=2)
    entries, first = AuditEntry.objects.count(), digest()
    said = seed(projects=4, weeks=2)
    assert "rien n’a changé" in said
    assert DEMO_PASSWORD in said
    assert (AuditEntry.objects.count(), digest()) == (entries, first)


@pytest.mark.django_db
def test_refuses_a_portfolio_of_its_own() -> None:
    ProjectFactory()
    with pytest.raises(CommandError, match="base vide"):
        seed(projects=4, weeks=2)
    assert not User.objects.filter(username="pm1").exists()


@pytest.mark.django_db
def test_refuses_accounts_of_its_own() -> None:
    UserFactory()
    with pytest.raises(CommandError, match="base vide"):
        seed(projects=4, weeks=2)


@pytest.mark.django_db
def test_the_whole_portfolio() -> None:
    seed(projects=50, weeks=6)
    check_people()
    check_portfolio()
    check_weeks()
    check_texts()
    check_requests()
    assert audit.verify().first_bad is None


def check_people() -> None:
    counts = Counter(name.rstrip("0123456789") for name in User.objects.values_list("username", flat=True))
    assert counts["pm"] == 18
    assert (counts["pgm"], counts["pso"], counts["codir"], counts["ic"]) == (6, 4, 8, 7)
    assert {"director", "head", "secretary", "finance", "dpo", "ciso", "auditor", "admin"} <= set(counts)
    assert RoleAssignment.objects.filter(granted_by=None).count() == User.objects.count()
    assert User.objects.get(username="pm1").check_password(DEMO_PASSWORD)


def check_portfolio() -> None:
    assert Project.objects.reporting().count() == 50
    assert Project.objects.count() == 54
    top = Project.objects.filter(is_top=True).order_by("priority_rank").values_list("priority_rank", flat=True)
    assert list(top) == list(range(1, 25))
    assert Project.objects.filter(confidentiality="restricted").count() == 2
    budgets = Project.objects.reporting().annotate(bac=Sum("budget_lines__approved")).values_list("bac", flat=True)
    assert 16 <= sum(bac > 250_000 for bac in budgets) <= 20
    programmes = Programme.objects.annotate(bac=Sum("projects__budget_lines__approved"))
    assert sum(row.bac > 5_000_000 for row in programmes) == 3
    assert programmes.count() == 6


def check_weeks() -> None:
    cycles = list(ReportingCycle.objects.order_by("iso_year", "iso_week"))
    *_earlier, previous, current = cycles
    assert [cycle.slug for cycle in (previous, current)] == ["2026-W24", "2026-W25"]
    assert current.frozen_at is None
    assert all(cycle.frozen_at is not None for cycle in cycles[:-1])
    assert Snapshot.objects.filter(edition=1).count() == len(cycles) - 1
    assert all(cycle.published_at is not None for cycle in cycles[:-1])
    assert set(Pack.objects.filter(snapshot__isnull=False).values_list("state", flat=True)) == {"distributed"}
    assert Pack.objects.get(edition=2).corrections.get().state == "printed"
    assert Correction.objects.get(state="proposed").cycle == previous
    assert not Job.objects.filter(kind=DISTRIBUTE).exists()
    for cycle in (previous, current):
        assert StatusReport.objects.filter(cycle=cycle).count() == 45
    assert all(2 <= 50 - StatusReport.objects.filter(cycle=cycle).count() <= 5 for cycle in cycles)
    assert StatusReport.objects.aggregate(last=Max("submitted_at"))["last"] <= NOW
    assert StatusDraft.objects.filter(cycle=current).count() == 2
    assert (
        Standing.objects.filter(project__life_cycle="stage", last_status_on__lt=NOW.date() - timedelta(days=14)).count()
        == 2
    )
    overall = Counter(StatusReport.objects.filter(cycle=current).values_list("overall", flat=True))
    assert overall["green"] > overall["amber"] > overall["red"] >= 5
    assert Standing.objects.filter(gap_weeks__gte=3).count() >= 2
    assert Standing.objects.filter(worsened=True, declared_overall="red").exists()


def check_texts() -> None:
    assert not StatusReport.objects.annotate(size=Length("message")).filter(size__gt=MESSAGE_MAX).exists()
    for cycle in ReportingCycle.objects.all():
        sentences = Counter(
            sentence.strip()
            for message in StatusReport.objects.filter(cycle=cycle).values_list("message", flat=True)
            for sentence in re.split(r"(?<=[.?!])\s+", message)
        )
        assert [text for text, times in sentences.items() if times > 1] == []
    for report in StatusReport.objects.all():
        assert not re.search(r"[{}]| de le | à le | de les ", report.message)
        colours = {"overall": report.computed["overall"], **report.computed["dimensions"]}
        for name in JUDGED:
            if needs_reason(Rag(getattr(report, name)), Rag(colours[name]["rag"])):
                assert getattr(report, f"reason_{name}"), (report, name)
        for name in DIMENSIONS:
            assert (getattr(report, name) == "green") == (getattr(report, f"cause_{name}") == "")


def check_requests() -> None:
    assert Body.objects.count() == 9
    open_requests = DecisionRequest.objects.filter(state=RequestState.OPEN, report__isnull=False)
    assert 5 <= open_requests.count() <= 9
    for request in open_requests:
        assert request.needed_on > NOW.date()
        assert [option["recommended"] for option in request.options].count(True) == 1
        assert request.cost_of_waiting


@pytest.mark.django_db
def test_canaries_are_unique_and_say_whose_they_are(tmp_path: Path) -> None:
    file = tmp_path / "canaries.json"
    seed(projects=30, weeks=2, canaries=file)
    planted = json.loads(file.read_text(encoding="utf-8"))
    marks = [item["canary"] for item in planted]
    assert len(set(marks)) == len(marks) > 500
    restricted = {item["project"] for item in planted if item["visibility"] == "restricted"}
    assert restricted == set(Project.objects.filter(confidentiality="restricted").values_list("code", flat=True))
    one = next(item for item in planted if item["model"] == "StatusReport" and item["field"] == "message")
    assert StatusReport.objects.get(pk=one["pk"]).message.startswith(one["canary"])


def test_a_curve_is_straight_between_its_points() -> None:
    assert [level(((10, 0.0), (5, 1.0)), ago) for ago in (12, 10, 7.5, 5, 0)] == [0.0, 0.0, 0.5, 1.0, 1.0]


def test_french_contracts_and_spaces() -> None:
    assert contracted("de", "le greffe") == "du greffe"
    assert contracted("à", "les écoles") == "aux écoles"
    assert contracted("de", "la cellule") == "de la cellule"
    assert with_article("Audit de conformité") == "l’audit de conformité"
    assert with_article("Pilote avec deux sites") == "le pilote avec deux sites"
    assert with_article("GO / NO GO bascule") == "le GO / NO GO bascule"
    assert typeset("Rien : 5 %") == "Rien\u00a0: 5\u00a0%"


def test_days_follow_the_simulated_today() -> None:
    words = Words({"base": date(2026, 6, 19)})
    assert "{in12} {month40}".format_map(words) == "1er\u00a0juil. juillet"
    with pytest.raises(KeyError):
        "{nothing}".format_map(words)
