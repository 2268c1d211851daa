from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from config.web import nav


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        from governance import permissions, tasks  # noqa: PLC0415 -- models must be loaded
        from governance.services import (  # noqa: PLC0415 -- models must be loaded
            arbitration_body,
            arbitration_notices,
            change_clock,
            change_notices,
            change_ruling,
            exception_clock,
            exception_notices,
            exception_ruling,
            exception_watch,
            ladder,
            overdue,
            session_notices,
        )
        from governance.services import gate_review as gates  # noqa: PLC0415 -- models must be loaded
        from governance.services.ask_gateway import BodiesGateway  # noqa: PLC0415 -- models must be loaded
        from governance.services.decision_gateway import CompetentBody  # noqa: PLC0415 -- models must be loaded
        from governance.services.decision_request import FOLLOWED_BY  # noqa: PLC0415 -- models must be loaded
        from portfolio.services import decision_port  # noqa: PLC0415 -- models must be loaded
        from portfolio.services.ask_port import register_gateway  # noqa: PLC0415 -- models must be loaded

        permissions.register()
        tasks.register()
        session_notices.register()
        arbitration_notices.register()
        ladder.register()
        overdue.register()
        FOLLOWED_BY["arbitration"] = arbitration_body.follow
        FOLLOWED_BY["gate_review"] = gates.follow_request
        exception_notices.register()
        exception_clock.register()
        exception_watch.register()
        FOLLOWED_BY["exception"] = exception_ruling.follow_request
        change_notices.register()
        change_clock.register()
        FOLLOWED_BY["change"] = change_ruling.follow_request
        register_gateway(BodiesGateway())
        decision_port.register_gateway(CompetentBody())
        nav.register(label=_("Instances"), url_name="governance:bodies", permission="body.view", order=40)
