"""The risk register of one project: open ones by level, the 5 x 5 matrix, closed ones apart."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from portfolio.engines.risk_exposure import RiskBand, RiskExposure, RiskFacts, band_rag, exposure_of, risk_band
from portfolio.models.project import Project
from portfolio.models.risk import Risk


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix: its band and the open risks in it."""

    probability: int
    impact: int
    band: RiskBand
    risks: list[Risk]


@dataclass(frozen=True, slots=True)
class RankedRisk:
    row: Risk
    band: RiskBand
    state: str


@dataclass(frozen=True, slots=True)
class RiskPage:
    open: list[RankedRisk]
    closed: list[Risk]
    matrix: list[list[Cell]]
    exposure: RiskExposure


def risk_page(project: Project) -> RiskPage:
    """All risks of the project in one statement."""
    rows = list(Risk.objects.filter(project=project).select_related("owner").order_by("number"))
    opened = sorted((row for row in rows if row.state == "open"), key=lambda row: (-row.score, row.number))
    matrix = [
        [
            Cell(
                probability,
                impact,
                risk_band(probability * impact),
                [row for row in opened if (row.probability, row.impact) == (probability, impact)],
            )
            for impact in range(1, 6)
        ]
        for probability in range(5, 0, -1)
    ]
    facts = [RiskFacts(row.probability, row.impact, row.impact_amount) for row in opened]
    return RiskPage(
        open=[_ranked(row) for row in opened],
        closed=[row for row in rows if row.state == "closed"],
        matrix=matrix,
        exposure=exposure_of(facts),
    )


def risks_of(project: Project) -> QuerySet[Risk]:
    """Every risk of the project by number."""
    return Risk.objects.filter(project=project).select_related("owner").order_by("number")


def get_risk(project: Project, number: int) -> Risk:
    """A risk of this project and of no other."""
    risk = Risk.objects.select_related("project", "owner").filter(project=project, number=number).first()
    if risk is None:
        raise Http404
    return risk


def _ranked(row: Risk) -> RankedRisk:
    band = risk_band(row.score)
    return RankedRisk(row, band, band_rag(band).value)
