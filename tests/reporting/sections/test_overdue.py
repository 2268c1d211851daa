"""A milestone that is past and not reached slips to the day of the cut, on every page."""

from dataclasses import replace
from datetime import timedelta

from reporting.engines.edition import MilestoneFacts
from reporting.packs.codir import compose
from tests.factories.reporting import TODAY, edition


def overdue(baseline_days: int, forecast_days: int) -> MilestoneFacts:
    baseline = TODAY - timedelta(days=baseline_days)
    return MilestoneFacts("Recette métier", "delivery", baseline, baseline, TODAY - timedelta(days=forecast_days))


def page(document, key):
    return next(item for item in document.pages if item.key == key)


def composed(*milestones: MilestoneFacts):
    whole = edition(3, silent=0)
    first = replace(whole.projects[0], milestones=milestones)
    rest = (replace(row, milestones=()) for row in whole.projects[1:])
    return compose(replace(whole, projects=(first, *rest)), language="fr")


def test_every_page_gives_the_same_slip() -> None:
    document = composed(overdue(31, 3))
    line = page(document, "top").body.lines[0]
    threat = page(document, "milestones").body.threats[0]
    missed = page(document, "changes").body.missed.rows[0]
    (sheet,) = page(document, "sheet-1").body.milestones
    assert [line.milestone_slip, threat.slip, missed.slip, sheet.slip] == [31, 31, 31, 31]
    assert sheet.state == "red"


def test_a_past_milestone_whose_forecast_never_moved_is_late_and_never_green() -> None:
    document = composed(overdue(4, 4))
    (sheet,) = page(document, "sheet-1").body.milestones
    assert (page(document, "top").body.lines[0].milestone_slip, sheet.slip, sheet.state) == (4, 4, "amber")


def test_the_title_counts_the_past_ones_and_the_list_begins_with_them() -> None:
    later = TODAY + timedelta(days=20)
    postponed = MilestoneFacts("Bascule", "delivery", later, TODAY - timedelta(days=60), later)
    body = page(composed(postponed, overdue(4, 4)), "milestones").body
    assert [row.overdue for row in body.threats] == [True, False]
