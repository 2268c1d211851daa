from governance.models.body import Body, Seat, Sitting
from governance.models.decision_request import DecisionRequest
from governance.models.interest import Interest, InterestStatement
from governance.models.mandate import Mandate
from governance.models.raci import RaciActivity, RaciCell
from governance.models.rules import BodyRules, MeetingRule

__all__ = [
    "Body",
    "BodyRules",
    "DecisionRequest",
    "Interest",
    "InterestStatement",
    "Mandate",
    "MeetingRule",
    "RaciActivity",
    "RaciCell",
    "Seat",
    "Sitting",
]
