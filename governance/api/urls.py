"""Addresses of governance under /api/v1/."""

from django.urls import URLPattern, path

from governance.api import body, decision, decision_request

app_name = "governance_api"

urlpatterns: list[URLPattern] = [
    path("bodies/", body.Bodies.as_view(), name="bodies"),
    path("bodies/<str:code>/", body.BodyDetail.as_view(), name="body"),
    path("who-decides/", body.WhoDecides.as_view(), name="who_decides"),
    path("decisions/", decision.Decisions.as_view(), name="decisions"),
    path("decisions/<str:number>/", decision.DecisionDetail.as_view(), name="decision"),
    path("decision-requests/", decision_request.DecisionRequests.as_view(), name="decision_requests"),
    path(
        "decision-requests/<str:number>/",
        decision_request.DecisionRequestDetail.as_view(),
        name="decision_request",
    ),
]
