from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from config.web import nav  # noqa: PLC0415 -- models are loaded only now
        from people.permissions.catalogue import Permission  # noqa: PLC0415 -- models are loaded only now
        from people.permissions.checks import has_permission  # noqa: PLC0415 -- models are loaded only now
        from people.services import housekeeping, jobs, mail, retention, schedule  # noqa: PLC0415 -- models are loaded only now

        def may(request: HttpRequest, permission: str) -> bool:
            return has_permission(request.user, Permission(permission))

        nav.set_checker(may)
        nav.register(label=_("Audit"), url_name="people:audit", permission=Permission.AUDIT_VERIFY, order=60)
        nav.register(label=_("Comptes"), url_name="people:roles", permission=Permission.ROLE_VIEW, order=70)
        nav.register(label=_("Tâches"), url_name="people:jobs", permission=Permission.JOB_VIEW, order=80)
        jobs.register_handler(housekeeping.KIND, housekeeping.run)
        schedule.register(housekeeping.NIGHTLY)
        retention.register()
        jobs.register_handler(mail.KIND, mail.send)
