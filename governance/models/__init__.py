from governance.models.agenda import AgendaItem, Attendance, Outcome, Paper, Recusal, Vote
from governance.models.arbitration import (
    Arbitration,
    ArbitrationOption,
    ArbitrationStep,
    ConcernedProject,
    OptionImpact,
)
from governance.models.body import Body, Seat
from governance.models.change import Change, ChangeAction
from governance.models.change_budget import ChangeBudget, ChangeClock, ChangeDelegation, ChangeRuling
from governance.models.clock import Clock
from governance.models.confidence import Confidence, ConfidenceAction
from governance.models.decision import Decision, FollowUp
from governance.models.decision_request import DecisionRequest
from governance.models.effect import Effect
from governance.models.exception import ExceptionClock, ProjectException
from governance.models.gate_checklist import GateCriterion, GateRules
from governance.models.gate_review import GateAnswer, GateReview, LessonAnswer
from governance.models.interest import Interest, InterestStatement
from governance.models.lesson import Lesson
from governance.models.mandate import Mandate
from governance.models.minutes import Minutes, MinutesPrint
from governance.models.raci import RaciActivity, RaciCell
from governance.models.rules import BodyRules, MeetingRule
from governance.models.sitting import Sitting

__all__ = [
    "AgendaItem",
    "Arbitration",
    "ArbitrationOption",
    "ArbitrationStep",
    "Attendance",
    "Body",
    "BodyRules",
    "Change",
    "ChangeAction",
    "ChangeBudget",
    "ChangeClock",
    "ChangeDelegation",
    "ChangeRuling",
    "Clock",
    "ConcernedProject",
    "Confidence",
    "ConfidenceAction",
    "Decision",
    "DecisionRequest",
    "Effect",
    "ExceptionClock",
    "FollowUp",
    "GateAnswer",
    "GateCriterion",
    "GateReview",
    "GateRules",
    "Interest",
    "InterestStatement",
    "Lesson",
    "LessonAnswer",
    "Mandate",
    "MeetingRule",
    "Minutes",
    "MinutesPrint",
    "OptionImpact",
    "Outcome",
    "Paper",
    "ProjectException",
    "RaciActivity",
    "RaciCell",
    "Recusal",
    "Seat",
    "Sitting",
    "Vote",
]
