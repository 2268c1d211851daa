from portfolio.models.calendar_feed import CalendarFeed
from portfolio.models.closing_day import ClosingDay
from portfolio.models.cost import BudgetLine
from portfolio.models.cross_link import CrossLink
from portfolio.models.import_run import ImportRun, ImportUpload
from portfolio.models.jira import JiraBacklog, JiraGroup, JiraIssue
from portfolio.models.milestone import Milestone
from portfolio.models.plan import (
    Activity,
    ActivityLink,
    Plan,
    PlanAssignment,
    PlanCalendar,
    PlanEdit,
    PlanResource,
)
from portfolio.models.plan_baseline import PlanBaseline
from portfolio.models.product import Product, ProductCriterion
from portfolio.models.product_review import ProductAcceptance, ProductReview, ReviewAction
from portfolio.models.programme import Programme
from portfolio.models.project import Project
from portfolio.models.reminder import ChaseNote, Reminder
from portfolio.models.reporting_cycle import ReportingCalendar, ReportingCycle
from portfolio.models.risk import Risk
from portfolio.models.risk_delay import RiskDelay
from portfolio.models.stage import Stage
from portfolio.models.standing import FrozenStanding, Standing
from portfolio.models.status_report import StatusDraft, StatusReport
from portfolio.models.strategic_axis import StrategicAxis
from portfolio.models.tolerance import PartTolerance, Tolerance
from portfolio.models.work_package import WorkPackage

__all__ = [
    "Activity",
    "ActivityLink",
    "BudgetLine",
    "CalendarFeed",
    "ChaseNote",
    "ClosingDay",
    "CrossLink",
    "FrozenStanding",
    "ImportRun",
    "ImportUpload",
    "JiraBacklog",
    "JiraGroup",
    "JiraIssue",
    "Milestone",
    "PartTolerance",
    "Plan",
    "PlanAssignment",
    "PlanBaseline",
    "PlanCalendar",
    "PlanEdit",
    "PlanResource",
    "Product",
    "ProductAcceptance",
    "ProductCriterion",
    "ProductReview",
    "Programme",
    "Project",
    "Reminder",
    "ReportingCalendar",
    "ReportingCycle",
    "ReviewAction",
    "Risk",
    "RiskDelay",
    "Stage",
    "Standing",
    "StatusDraft",
    "StatusReport",
    "StrategicAxis",
    "Tolerance",
    "WorkPackage",
]
