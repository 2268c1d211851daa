"""Addresses of reporting under /api/v1/."""

from django.urls import URLPattern, path

from reporting.api import pack

app_name = "reporting_api"

urlpatterns: list[URLPattern] = [
    path("packs/", pack.Packs.as_view(), name="packs"),
    path("packs/<str:week>/", pack.PackDetail.as_view(), name="pack"),
    path("packs/<str:week>/approve/", pack.PackApproval.as_view(), name="pack_approve"),
    path("packs/<str:week>/publish/", pack.PackPublication.as_view(), name="pack_publish"),
    path("packs/<str:week>/<str:language>.pdf", pack.PackFile.as_view(), name="pack_pdf"),
]
