from governance.models.body import Body, Seat, Sitting
from governance.models.decision_request import DecisionRequest
from governance.models.mandate import Mandate

__all__ = ["Body", "DecisionRequest", "Mandate", "Seat", "Sitting"]
