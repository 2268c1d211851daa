from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from config.web import nav


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        from governance import permissions, tasks  # noqa: PLC0415 -- models must be loaded
        from governance.services import session_notices  # noqa: PLC0415 -- models must be loaded
        from governance.services.ask_gateway import BodiesGateway  # noqa: PLC0415 -- models must be loaded
        from portfolio.services.ask_port import register_gateway  # noqa: PLC0415 -- models must be loaded

        permissions.register()
        tasks.register()
        session_notices.register()
        register_gateway(BodiesGateway())
        nav.register(label=_("Instances"), url_name="governance:bodies", permission="body.view", order=40)
