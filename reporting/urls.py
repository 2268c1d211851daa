"""URLs of reporting: the front door, the week's list, packs, search and exports."""

from django.urls import URLPattern, path

from reporting.views import dashboard

app_name = "reporting"

urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("dashboard/week/", dashboard.dashboard_week, name="dashboard_week"),
    path("dashboard/outlook/", dashboard.dashboard_outlook, name="dashboard_outlook"),
]
