from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.web import versioned  # noqa: PLC0415 -- start-up registration
        from portfolio import permissions  # noqa: PLC0415 -- models must be loaded
        from portfolio.engines.merge import three_way  # noqa: PLC0415 -- start-up registration

        permissions.register()
        versioned.set_merger(three_way)
