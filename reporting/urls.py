"""URLs of reporting: the front door, the week's list, packs, search and exports."""

from django.urls import URLPattern, path

from reporting.views import (
    correction,
    dashboard,
    export,
    export_changes,
    late,
    operations,
    pack,
    pack_file,
    pack_life,
    pack_sheet,
    search,
)

app_name = "reporting"

urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("dashboard/week/", dashboard.dashboard_week, name="dashboard_week"),
    path("dashboard/outlook/", dashboard.dashboard_outlook, name="dashboard_outlook"),
    path("reports/", pack.reports, name="reports"),
    path("reports/late/", late.late, name="late"),
    path("reports/late/remind/", late.late_remind, name="late_remind"),
    path("reports/late/note/", late.late_note, name="late_note"),
    path("reports/packs/<str:week>/", pack.pack, name="pack"),
    path("reports/packs/<str:week>/freeze/", pack.freeze, name="pack_freeze"),
    path("reports/packs/<str:week>/stop/", pack.stop_build, name="pack_stop"),
    path("reports/packs/<str:week>/progress/", pack.progress, name="pack_progress"),
    path("reports/packs/<str:week>/print/", pack.print_language, name="pack_print"),
    path("reports/packs/<str:week>/online/", pack.online, name="pack_online"),
    path("reports/packs/<str:week>/approve/", pack_life.approve_pack, name="pack_approve"),
    path("reports/packs/<str:week>/publish/", pack_life.publish_pack, name="pack_publish"),
    path("reports/packs/<str:week>/links/<int:key>/revoke/", pack_life.revoke, name="pack_link_revoke"),
    path("reports/packs/<str:week>/corrections/erratum/", correction.erratum, name="pack_erratum"),
    path("reports/packs/<str:week>/corrections/<int:key>/decide/", correction.decide, name="correction_decide"),
    path("reports/packs/<str:week>/corrections/new/<str:code>/", correction.new, name="correction_new"),
    path("p/<str:token>/", pack_file.personal_link, name="pack_link"),
    path("reports/packs/<str:week>/<str:language>.pdf", pack.download, name="pack_pdf"),
    path("projects/<str:code>/packs/", pack_sheet.pack_sheets, name="pack_sheets"),
    path("projects/<str:code>/packs/<str:week>/", pack_sheet.pack_sheet, name="pack_sheet"),
    path("projects/export.<str:kind>", export.export, name="export"),
    path("changes/export.<str:kind>", export_changes.export_changes, name="changes_export"),
    path("status/", operations.status, name="operations"),
    path("search/", search.search, name="search"),
]
