"""What the API accepts, answers and shows in its schema."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "config.web.pagination.ApiPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "600/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.web.errors.api_exception",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# Names of closed lists in the OpenAPI schema, where one list stands under several field names.
_ENUMS = {
    "Rag": "portfolio.enums.RagChoice",
    "LifeCycle": "portfolio.enums.LifeCycle",
    "Target": "portfolio.enums.TargetChoice",
    "MilestoneKind": "portfolio.enums.MilestoneKind",
    "StageState": "portfolio.enums.StageState",
    "RiskState": "portfolio.enums.RiskState",
    "AskKind": "portfolio.enums.AskKind",
    "BodyKind": "governance.enums.BodyKind",
    "RequestState": "governance.enums.RequestState",
    "Subject": "governance.enums.Subject",
    "DecisionState": "governance.enums.DecisionState",
    "OutcomeKind": "governance.enums.OutcomeKind",
    "ArbitrationState": "governance.enums.ArbitrationState",
    "ConflictKind": "governance.enums.ConflictKind",
    "ChangeState": "governance.enums.ChangeState",
    "ChangeKind": "governance.enums.ChangeKind",
    "ExceptionState": "governance.enums.ExceptionState",
    "GateReviewState": "governance.enums.GateReviewState",
    "LessonKind": "governance.enums.LessonKind",
    "SittingState": "governance.enums.SittingState",
    "ToleranceLevel": "governance.enums.ToleranceLevel",
    "ConfidenceLevel": "governance.enums.ConfidenceLevel",
    "TargetEffect": "governance.enums.Shift",
    "Gate": "governance.enums.GateChoice",
    "FollowUpState": "governance.enums.FollowUpState",
    "PackKind": "reporting.enums.PackKind",
    "PackState": "reporting.enums.PackState",
    "CycleState": "portfolio.engines.reporting_calendar.CycleState",
    "ShownState": "portfolio.selectors.shown_state.STATES",
    "Language": "people.enums.Language",
}

SCHEMA: dict[str, Any] = {
    "TITLE": "Cadran",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": _ENUMS,
}
