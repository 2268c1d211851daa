from django.urls import path

from governance.views import body, decision_request, rules

app_name = "governance"
urlpatterns = [
    path("bodies/", body.bodies, name="bodies"),
    path("bodies/new/", body.body_new, name="body_new"),
    path("bodies/<str:code>/", body.body, name="body"),
    path("bodies/<str:code>/edit/", body.body_edit, name="body_edit"),
    path("bodies/<str:code>/seats/", body.seat_add, name="seat_add"),
    path("bodies/<str:code>/seats/<int:seat_id>/end/", body.seat_end, name="seat_end"),
    path("bodies/<str:code>/mandates/", body.mandate_add, name="mandate_add"),
    path("bodies/<str:code>/mandates/<int:mandate_id>/end/", body.mandate_end, name="mandate_end"),
    path("bodies/<str:code>/sittings/", body.sitting_add, name="sitting_add"),
    path("bodies/<str:code>/rules/", body.rules_set, name="rules_set"),
    path("bodies/<str:code>/rhythm/", body.rhythm_set, name="rhythm_set"),
    path("who-decides/", rules.who_decides_page, name="who_decides"),
    path("interests/", rules.interests, name="interests"),
    path("interests/new/", rules.interest_new, name="interest_new"),
    path("interests/statement/", rules.interest_statement, name="interest_statement"),
    path("interests/<int:interest_id>/end/", rules.interest_end, name="interest_end"),
    path("raci/", rules.raci, name="raci"),
    path("raci/new/", rules.raci_new, name="raci_new"),
    path("raci/<int:activity_id>/", rules.raci_row, name="raci_row"),
    path("requests/", decision_request.requests, name="requests"),
    path("requests/<str:number>/", decision_request.decision_request, name="request"),
    path("requests/<str:number>/edit/", decision_request.decision_request_edit, name="request_edit"),
    path(
        "projects/<str:code>/requests/",
        decision_request.project_requests_fragment,
        name="project_requests",
    ),
]
