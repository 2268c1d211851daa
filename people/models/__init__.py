from people.models.absence import Absence
from people.models.api_token import ApiToken
from people.models.audit_entry import AuditEntry
from people.models.employer import Employer
from people.models.idempotency_key import IdempotencyKey
from people.models.job import Job
from people.models.mail import Mail
from people.models.notification import Notification, NotificationSetting
from people.models.operation_mark import OperationMark
from people.models.person import Person
from people.models.role_assignment import RoleAssignment, RoleRequest
from people.models.schedule_mark import ScheduleMark
from people.models.user import User

__all__ = [
    "Absence",
    "ApiToken",
    "AuditEntry",
    "Employer",
    "IdempotencyKey",
    "Job",
    "Mail",
    "Notification",
    "NotificationSetting",
    "OperationMark",
    "Person",
    "RoleAssignment",
    "RoleRequest",
    "ScheduleMark",
    "User",
]
