from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from config.web import dateline, nav


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        from reporting import permissions, tasks  # noqa: PLC0415 -- models must be loaded
        from reporting.services import pack_notices, printer, retention  # noqa: PLC0415 -- models must be loaded
        from reporting.views.dateline import line  # noqa: PLC0415 -- models must be loaded

        permissions.register()
        pack_notices.register()
        tasks.register()
        retention.register()
        printer.register()
        nav.register(label=_("Pilotage"), url_name="reporting:dashboard", permission="dashboard.view", order=10)
        nav.register(label=_("Rapports"), url_name="reporting:reports", permission="dashboard.view", order=50)
        nav.register(label=_("Service"), url_name="reporting:operations", permission="operations.view", order=90)
        dateline.set_provider(line)
