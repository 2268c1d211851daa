from governance.models.agenda import AgendaItem, Attendance, Outcome, Paper, Recusal, Vote
from governance.models.body import Body, Seat
from governance.models.decision import Decision, FollowUp
from governance.models.decision_request import DecisionRequest
from governance.models.effect import Effect
from governance.models.interest import Interest, InterestStatement
from governance.models.mandate import Mandate
from governance.models.minutes import Minutes, MinutesPrint
from governance.models.raci import RaciActivity, RaciCell
from governance.models.rules import BodyRules, MeetingRule
from governance.models.sitting import Sitting

__all__ = [
    "AgendaItem",
    "Attendance",
    "Body",
    "BodyRules",
    "Decision",
    "DecisionRequest",
    "Effect",
    "FollowUp",
    "Interest",
    "InterestStatement",
    "Mandate",
    "MeetingRule",
    "Minutes",
    "MinutesPrint",
    "Outcome",
    "Paper",
    "RaciActivity",
    "RaciCell",
    "Recusal",
    "Seat",
    "Sitting",
    "Vote",
]
