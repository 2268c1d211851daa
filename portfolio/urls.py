"""URLs of the portfolio."""

from django.urls import URLPattern, path

from portfolio.views import finance, log, plan, programme, project, register, risk, strategic_axis, tolerance

app_name = "portfolio"

urlpatterns: list[URLPattern] = [
    path("projects/", register.register, name="register"),
    path("projects/new/", project.project_new, name="project_new"),
    path("projects/<str:code>/", project.project, name="project"),
    path("projects/<str:code>/row/", register.register_row, name="register_row"),
    path("projects/<str:code>/edit/", project.project_edit, name="project_edit"),
    path("projects/<str:code>/move/", project.project_move, name="project_move"),
    path("projects/<str:code>/plan/", plan.plan, name="plan"),
    path("projects/<str:code>/plan/milestones/new/", plan.milestone_new, name="milestone_new"),
    path("projects/<str:code>/plan/milestones/<int:key>/", plan.milestone_edit, name="milestone_edit"),
    path("projects/<str:code>/plan/stages/new/", plan.stage_new, name="stage_new"),
    path("projects/<str:code>/plan/stages/<int:number>/", plan.stage_edit, name="stage_edit"),
    path("projects/<str:code>/finance/", finance.finance, name="finance"),
    path("projects/<str:code>/finance/new/", finance.budget_line_new, name="budget_line_new"),
    path("projects/<str:code>/finance/<int:year>/<str:nature>/", finance.budget_line_edit, name="budget_line_edit"),
    path("projects/<str:code>/raid/", risk.raid, name="raid"),
    path("projects/<str:code>/raid/new/", risk.risk_new, name="risk_new"),
    path("projects/<str:code>/raid/<int:number>/", risk.risk_edit, name="risk_edit"),
    path("projects/<str:code>/raid/<int:number>/state/", risk.risk_state, name="risk_state"),
    path("projects/<str:code>/tolerances/", tolerance.tolerances, name="tolerances"),
    path("projects/<str:code>/tolerances/<str:target>/", tolerance.tolerance_edit, name="tolerance_edit"),
    path("projects/<str:code>/log/", log.log, name="log"),
    path("programmes/", programme.programmes, name="programmes"),
    path("programmes/new/", programme.programme_new, name="programme_new"),
    path("programmes/<str:code>/", programme.programme, name="programme"),
    path("programmes/<str:code>/edit/", programme.programme_edit, name="programme_edit"),
    path("axes/", strategic_axis.axes, name="axes"),
    path("axes/new/", strategic_axis.axis_new, name="axis_new"),
    path("axes/<str:code>/edit/", strategic_axis.axis_edit, name="axis_edit"),
]
