from django.urls import path

from people.api import audit, me, notification

app_name = "people_api"
urlpatterns = [
    path("me/", me.Me.as_view(), name="me"),
    path("notifications/", notification.Notifications.as_view(), name="notifications"),
    path("notifications/<int:note_id>/read/", notification.NotificationRead.as_view(), name="notification_read"),
    path("audit-entries/", audit.AuditEntries.as_view(), name="audit_entries"),
    path("audit-entries/<int:number>/", audit.AuditEntryDetail.as_view(), name="audit_entry"),
]
