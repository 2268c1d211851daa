from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.web import limits

limits.install()


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from config.web import nav  # noqa: PLC0415 -- models are loaded only now
        from people.permissions.catalogue import Permission  # noqa: PLC0415 -- models are loaded only now
        from people.permissions.checks import has_permission  # noqa: PLC0415 -- models are loaded only now
        from people.services import (  # noqa: PLC0415 -- models are loaded only now
            absence,
            digest,
            housekeeping,
            jobs,
            mail,
            retention,
            schedule,
        )

        def may(request: HttpRequest, permission: str) -> bool:
            return has_permission(request.user, Permission(permission))

        nav.set_checker(may)
        nav.register(label=_("Audit"), url_name="people:audit", permission=Permission.AUDIT_VERIFY, order=60)
        nav.register(label=_("Comptes"), url_name="people:roles", permission=Permission.ROLE_VIEW, order=70)
        nav.register(label=_("Tâches"), url_name="people:jobs", permission=Permission.JOB_VIEW, order=80)
        nav.register(label=_("Courriels"), url_name="people:outbox", permission=Permission.MAIL_VIEW, order=85)
        absence.register()
        jobs.register_handler(housekeeping.KIND, housekeeping.run)
        schedule.register(housekeeping.NIGHTLY)
        retention.register()
        jobs.register_handler(mail.KIND, mail.send)
        jobs.register_handler(digest.KIND, digest.run)
        schedule.register(digest.DAILY)
        jobs.register_handler(mail.LOST_KIND, mail.run_settling)
        schedule.register(mail.LOST)
