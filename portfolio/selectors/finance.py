"""The money of one project by year and nature, and its totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404

from people.models.user import User
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission
from portfolio.models.cost import BudgetLine
from portfolio.models.project import Project

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One year and nature; `expected` is the forecast, or what stands in for it in the EAC."""

    row: BudgetLine
    expected: Decimal

    @property
    def variance(self) -> Decimal | None:
        return None if self.row.forecast is None else self.row.forecast - self.row.approved


@dataclass(frozen=True, slots=True)
class MoneyTotals:
    approved: Decimal
    actual: Decimal
    forecast: Decimal | None

    @property
    def variance(self) -> Decimal | None:
        return None if self.forecast is None else self.forecast - self.approved

    @property
    def share(self) -> Decimal | None:
        """Variance in per cent of the approved budget."""
        return None if self.variance is None or not self.approved else self.variance / self.approved * 100


@dataclass(frozen=True, slots=True)
class FinancePage:
    """`lines` is None for who may see the totals only."""

    lines: list[MoneyLine] | None
    totals: MoneyTotals | None
    scale: Decimal
    newest_actual: BudgetLine | None


def finance_page(user: User, project: Project) -> FinancePage:
    """Budget lines in detail within the reader's reach, else their totals."""
    rows = list(BudgetLine.objects.filter(project=project).order_by("year", "nature"))
    lines = [MoneyLine(row, _expected(row)) for row in rows]
    dated = [row for row in rows if row.actual_on is not None]
    newest = max(dated, key=lambda row: str(row.actual_on), default=None)
    detailed = has_permission(user, Permission.FINANCE_VIEW, project)
    return FinancePage(
        lines=lines if detailed else None,
        totals=totals_of(rows) if rows else None,
        scale=max((max(line.row.approved, line.expected, line.row.actual) for line in lines), default=ZERO),
        newest_actual=newest if detailed else None,
    )


def totals_of(rows: Sequence[BudgetLine]) -> MoneyTotals:
    """Sums over all years; no forecast at all stays unknown."""
    forecast = sum((_expected(row) for row in rows), ZERO) if any(row.forecast is not None for row in rows) else None
    return MoneyTotals(
        approved=sum((row.approved for row in rows), ZERO),
        actual=sum((row.actual for row in rows), ZERO),
        forecast=forecast,
    )


def _expected(row: BudgetLine) -> Decimal:
    return row.forecast if row.forecast is not None else max(row.approved, row.actual)


def get_budget_line(project: Project, year: int, nature: str) -> BudgetLine:
    """A budget line of this project and of no other."""
    line = BudgetLine.objects.select_related("project").filter(project=project, year=year, nature=nature).first()
    if line is None:
        raise Http404
    return line
