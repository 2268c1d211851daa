from django.urls import path

from people.api import audit, me

app_name = "people_api"
urlpatterns = [
    path("me/", me.Me.as_view(), name="me"),
    path("audit-entries/", audit.AuditEntries.as_view(), name="audit_entries"),
    path("audit-entries/<int:number>/", audit.AuditEntryDetail.as_view(), name="audit_entry"),
]
