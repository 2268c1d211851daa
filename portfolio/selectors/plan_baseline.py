"""The baselines of a plan, newest first, without their rows."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from portfolio.enums import BaselineState
from portfolio.models.plan_baseline import PlanBaseline
from portfolio.models.project import Project


def baselines_of(project: Project) -> list[PlanBaseline]:
    rows = PlanBaseline.objects.filter(project=project).defer("rows", "quality")
    return list(rows.select_related("proposed_by__person").order_by("-number"))


def proposed_baseline(project: Project) -> PlanBaseline | None:
    return PlanBaseline.objects.filter(project=project, state=BaselineState.PROPOSED).select_related("project").first()


def times_rebaselined() -> Coalesce:
    """The same for each project of a queryset, as a column."""
    replaced = PlanBaseline.objects.filter(project=OuterRef("pk"), state=BaselineState.REPLACED).order_by()
    return Coalesce(Subquery(replaced.values("project").annotate(times=Count("pk")).values("times")), 0)


def rebaselined(project: Project) -> int:
    """How many times the baseline has been replaced."""
    return PlanBaseline.objects.filter(project=project, state=BaselineState.REPLACED).count()
