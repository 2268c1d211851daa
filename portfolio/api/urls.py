"""Addresses of the portfolio under /api/v1/; whatever belongs to a project is found inside it."""

from django.urls import URLPattern, path

from portfolio.api import (
    cost,
    plan,
    product,
    programme,
    project,
    reporting_cycle,
    risk,
    status_report,
    strategic_axis,
    throughput,
    tolerance,
    work_package,
)

app_name = "portfolio_api"

urlpatterns: list[URLPattern] = [
    path("axes/", strategic_axis.Axes.as_view(), name="axes"),
    path("axes/<str:code>/", strategic_axis.AxisDetail.as_view(), name="axis"),
    path("programmes/", programme.Programmes.as_view(), name="programmes"),
    path("programmes/<str:code>/", programme.ProgrammeDetail.as_view(), name="programme"),
    path("projects/", project.Projects.as_view(), name="projects"),
    path("projects/<str:code>/", project.ProjectDetail.as_view(), name="project"),
    path("projects/<str:code>/move/", project.ProjectMove.as_view(), name="project_move"),
    path("projects/<str:code>/milestones/", plan.Milestones.as_view(), name="milestones"),
    path("projects/<str:code>/milestones/<int:key>/", plan.MilestoneDetail.as_view(), name="milestone"),
    path("projects/<str:code>/stages/", plan.Stages.as_view(), name="stages"),
    path("projects/<str:code>/stages/<int:number>/", plan.StageDetail.as_view(), name="stage"),
    path("projects/<str:code>/work-packages/", work_package.WorkPackages.as_view(), name="work_packages"),
    path("projects/<str:code>/work-packages/<str:key>/", work_package.WorkPackageOne.as_view(), name="work_package"),
    path("projects/<str:code>/throughput/", throughput.Throughput.as_view(), name="throughput"),
    path("projects/<str:code>/part-tolerances/", work_package.PartTolerances.as_view(), name="part_tolerances"),
    path("projects/<str:code>/products/", product.Products.as_view(), name="products"),
    path("projects/<str:code>/budget-lines/", cost.BudgetLines.as_view(), name="budget_lines"),
    path("projects/<str:code>/budget-totals/", cost.BudgetTotals.as_view(), name="budget_totals"),
    path(
        "projects/<str:code>/budget-lines/<int:year>/<str:nature>/",
        cost.BudgetLineDetail.as_view(),
        name="budget_line",
    ),
    path("projects/<str:code>/tolerances/", tolerance.Tolerances.as_view(), name="tolerances"),
    path("projects/<str:code>/tolerances/<str:target>/", tolerance.ToleranceDetail.as_view(), name="tolerance"),
    path("projects/<str:code>/risks/", risk.Risks.as_view(), name="risks"),
    path("projects/<str:code>/risks/<int:number>/", risk.RiskDetail.as_view(), name="risk"),
    path("projects/<str:code>/risks/<int:number>/state/", risk.RiskStateDetail.as_view(), name="risk_state"),
    path("projects/<str:code>/statuses/", status_report.StatusReports.as_view(), name="statuses"),
    path("projects/<str:code>/statuses/<str:week>/", status_report.StatusReportDetail.as_view(), name="status"),
    path("cycles/", reporting_cycle.Cycles.as_view(), name="cycles"),
    path("cycles/<str:week>/", reporting_cycle.CycleDetail.as_view(), name="cycle"),
    path("cycles/<str:week>/completeness/", reporting_cycle.CycleCompleteness.as_view(), name="completeness"),
]
