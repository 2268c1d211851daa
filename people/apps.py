from django.apps import AppConfig
from django.http import HttpRequest


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from config.web import nav  # noqa: PLC0415 -- models are loaded only now
        from people.permissions.catalogue import Permission  # noqa: PLC0415 -- models are loaded only now
        from people.permissions.checks import has_permission  # noqa: PLC0415 -- models are loaded only now

        def may(request: HttpRequest, permission: str) -> bool:
            return has_permission(request.user, Permission(permission))

        nav.set_checker(may)
