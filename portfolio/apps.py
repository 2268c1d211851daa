from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    name = "portfolio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.web import nav, versioned  # noqa: PLC0415 -- start-up registration
        from portfolio import permissions, tasks  # noqa: PLC0415 -- models must be loaded
        from portfolio.engines.merge import three_way  # noqa: PLC0415 -- start-up registration
        from portfolio.management.calc import schedule, throughput  # noqa: PLC0415 -- start-up registration
        from portfolio.services import product_work  # noqa: PLC0415 -- models must be loaded

        permissions.register()
        tasks.register()
        product_work.register()
        versioned.set_merger(three_way)
        schedule.register_calculations()
        throughput.register_calculations()
        nav.register(label=_("Portefeuille"), url_name="portfolio:register", permission="portfolio.view", order=20)
        nav.register(label=_("Feuille de route"), url_name="portfolio:roadmap", permission="portfolio.view", order=25)
        nav.register(label=_("Mon travail"), url_name="portfolio:my_work", permission="status.submit", order=15)
