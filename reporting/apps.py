from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        from reporting import permissions, tasks  # noqa: PLC0415 -- models must be loaded

        permissions.register()
        tasks.register()
