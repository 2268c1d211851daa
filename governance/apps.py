from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from config.web import nav


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        from governance import permissions, tasks  # noqa: PLC0415 -- models must be loaded
        from governance.services import (  # noqa: PLC0415 -- models must be loaded
            arbitration_notices,
            change_clock,
            change_notices,
            exception_clock,
            exception_notices,
            exception_watch,
            gate_notices,
            ladder,
            overdue,
            session_notices,
        )
        from governance.services.ask_gateway import BodiesGateway  # noqa: PLC0415 -- models must be loaded
        from governance.services.decision_gateway import CompetentBody  # noqa: PLC0415 -- models must be loaded
        from portfolio.services import decision_port  # noqa: PLC0415 -- models must be loaded
        from portfolio.services.ask_port import register_gateway  # noqa: PLC0415 -- models must be loaded

        permissions.register()
        _follow_requests()
        tasks.register()
        session_notices.register()
        arbitration_notices.register()
        ladder.register()
        overdue.register()
        gate_notices.register()
        exception_notices.register()
        exception_clock.register()
        exception_watch.register()
        change_notices.register()
        change_clock.register()
        register_gateway(BodiesGateway())
        decision_port.register_gateway(CompetentBody())
        nav.register(label=_("Instances"), url_name="governance:bodies", permission="body.view", order=40)


def _follow_requests() -> None:
    """What a request stands for hears how the request moves."""
    from governance.services import arbitration_body, change_ruling, exception_ruling, gate_review  # noqa: PLC0415
    from governance.services.decision_request import FOLLOWED_BY  # noqa: PLC0415 -- models must be loaded

    FOLLOWED_BY["arbitration"] = arbitration_body.follow
    FOLLOWED_BY["gate_review"] = gate_review.follow_request
    FOLLOWED_BY["exception"] = exception_ruling.follow_request
    FOLLOWED_BY["change"] = change_ruling.follow_request
