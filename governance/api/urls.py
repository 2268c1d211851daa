"""Addresses of governance under /api/v1/."""

from django.urls import URLPattern, path

from governance.api import arbitration, body, change, decision, decision_request, exception, gate_review, session

app_name = "governance_api"

urlpatterns: list[URLPattern] = [
    path("bodies/", body.Bodies.as_view(), name="bodies"),
    path("bodies/<str:code>/", body.BodyDetail.as_view(), name="body"),
    path("who-decides/", body.WhoDecides.as_view(), name="who_decides"),
    path("arbitrations/", arbitration.Arbitrations.as_view(), name="arbitrations"),
    path("arbitrations/<str:number>/", arbitration.ArbitrationDetail.as_view(), name="arbitration"),
    path("decisions/", decision.Decisions.as_view(), name="decisions"),
    path("decisions/<str:number>/", decision.DecisionDetail.as_view(), name="decision"),
    path("sessions/", session.Sessions.as_view(), name="sessions"),
    path("sessions/<int:sitting_id>/", session.SessionDetail.as_view(), name="session"),
    path("follow-ups/", session.FollowUps.as_view(), name="follow_ups"),
    path("follow-ups/<int:follow_up_id>/", session.FollowUpDetail.as_view(), name="follow_up"),
    path("decision-requests/", decision_request.DecisionRequests.as_view(), name="decision_requests"),
    path(
        "decision-requests/<str:number>/",
        decision_request.DecisionRequestDetail.as_view(),
        name="decision_request",
    ),
    path("exceptions/", exception.Exceptions.as_view(), name="exceptions"),
    path("exceptions/<str:number>/", exception.ExceptionDetail.as_view(), name="exception"),
    path("gate-reviews/", gate_review.GateReviews.as_view(), name="gate_reviews"),
    path("gate-reviews/<str:number>/", gate_review.GateReviewDetail.as_view(), name="gate_review"),
    path("lessons/", gate_review.Lessons.as_view(), name="lessons"),
    path("confidences/", gate_review.Confidences.as_view(), name="confidences"),
    path("changes/", change.Changes.as_view(), name="changes"),
    path("changes/<str:number>/", change.ChangeDetail.as_view(), name="change"),
    path("projects/<str:code>/changes/", change.ProjectChanges.as_view(), name="project_changes"),
]
