"""Exceptions; to be read."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.enums import ExceptionState
from governance.models import ProjectException
from governance.selectors.exception import get_exception, visible_exceptions
from people.api.schema import reads
from people.api.serializers import Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission


class ExceptionSerializer(Reading):
    """`level` 1 is a work package, 2 a stage, 3 the project; `targets` are those outside tolerance."""

    project = serializers.CharField(source="project.code", read_only=True)
    stage = serializers.IntegerField(source="stage.number", allow_null=True, default=None, read_only=True)
    work_package = serializers.CharField(source="work_package.code", allow_null=True, default=None, read_only=True)
    decision = serializers.CharField(source="decision.number", allow_null=True, default=None, read_only=True)
    targets = serializers.SerializerMethodField()
    due_on = serializers.DateField(source="due", allow_null=True, read_only=True)

    class Meta:
        model = ProjectException
        fields = (
            "number",
            "project",
            "level",
            "stage",
            "work_package",
            "targets",
            "state",
            "answer",
            "decision",
            "raised_on",
            "due_on",
            "submitted_on",
            "decided_on",
            "closed_on",
            "closing",
            "version",
            "updated_at",
        )

    def get_targets(self, row: ProjectException) -> list[str]:
        return sorted(row.breaches)


class ExceptionQuery(Query):
    state = serializers.ChoiceField(required=False, choices=ExceptionState.choices)
    project = serializers.CharField(required=False, max_length=24)
    level = serializers.IntegerField(required=False, min_value=1, max_value=3)


class Exceptions(Resource):
    required_permission = Permission.DECISION_VIEW
    query = ExceptionQuery

    @reads(ExceptionSerializer, many=True, query=ExceptionQuery, about="Exceptions, oldest clock first")
    def get(self, _request: Request) -> Response:
        paths = {"state": "state", "project": "project__code", "level": "level"}
        wanted = {path: self.asked[name] for name, path in paths.items() if name in self.asked}
        return self.listing(visible_exceptions(self.user).filter(**wanted), ExceptionSerializer)


class ExceptionDetail(Resource):
    required_permission = Permission.DECISION_VIEW

    @reads(ExceptionSerializer, about="One exception")
    def get(self, _request: Request, number: str) -> Response:
        return Response(ExceptionSerializer(get_exception(self.user, number)).data)
