"""One row of a plan with what its edit page needs."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from portfolio.enums import ActivityKind
from portfolio.models.milestone import Milestone
from portfolio.models.plan import Activity, Plan, PlanResource
from portfolio.models.project import Project
from portfolio.selectors.plan_page import written_links


def activity_of(project: Project, uid: int) -> Activity | None:
    """None also for the row that stands for the plan itself."""
    rows = Activity.objects.filter(plan__project=project, uid=uid).exclude(kind=ActivityKind.PROJECT)
    return rows.select_related("plan__project", "milestone").first()


def uids_by_number(plan: Plan | None) -> dict[int, int]:
    """The numbers people write in links, each with what never moves."""
    if plan is None:
        return {}
    return dict(plan.activities.exclude(kind=ActivityKind.PROJECT).values_list("number", "uid"))


def predecessors_of(row: Activity) -> str:
    links = list(row.predecessors.select_related("predecessor").order_by("position", "pk"))
    return written_links(row.plan, [link.predecessor for link in links], links).get(row.pk, "")


def milestones_to_join(row: Activity) -> QuerySet[Milestone]:
    """Those of the project that no other activity feeds."""
    free = Q(activity__isnull=True) | Q(activity=row)
    return Milestone.objects.filter(free, project=row.plan.project).order_by("forecast", "pk")


def working_resources(plan: Plan) -> list[PlanResource]:
    """People, teams and roles of the plan; material and costs are nobody."""
    return list(plan.resources.filter(is_work=True).order_by("position"))
