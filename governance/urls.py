from django.urls import path

from governance.views import body, decision_request

app_name = "governance"
urlpatterns = [
    path("bodies/", body.bodies, name="bodies"),
    path("bodies/new/", body.body_new, name="body_new"),
    path("bodies/<str:code>/", body.body, name="body"),
    path("bodies/<str:code>/edit/", body.body_edit, name="body_edit"),
    path("bodies/<str:code>/seats/", body.seat_add, name="seat_add"),
    path("bodies/<str:code>/seats/<int:seat_id>/end/", body.seat_end, name="seat_end"),
    path("bodies/<str:code>/mandates/", body.mandate_add, name="mandate_add"),
    path("bodies/<str:code>/sittings/", body.sitting_add, name="sitting_add"),
    path("requests/", decision_request.requests, name="requests"),
    path("requests/<str:number>/", decision_request.decision_request, name="request"),
    path("requests/<str:number>/edit/", decision_request.decision_request_edit, name="request_edit"),
    path(
        "projects/<str:code>/requests/",
        decision_request.project_requests_fragment,
        name="project_requests",
    ),
]
