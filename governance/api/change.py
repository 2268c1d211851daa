"""Issues under change control: read, and raised."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from governance.enums import ChangeKind, ChangeState
from governance.models import Change
from governance.selectors.change import ChangeQuery, changes_of, get_change
from governance.services.change import capture_change
from people.api.schema import reads, writes
from people.api.serializers import PersonField, PersonReference, Query, Reading, Writing
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.api.references import editable_project
from portfolio.enums import TargetChoice
from portfolio.selectors.project import get_project

_SCALE: dict[str, Any] = {"min_value": 1, "max_value": 5, "default": 3}


class ImpactSerializer(serializers.Serializer[Any]):
    """The impact on one of the seven targets, in the unit of its tolerance and in words."""

    target = serializers.ChoiceField(choices=TargetChoice.choices, read_only=True)
    amount = serializers.CharField(read_only=True)
    words = serializers.CharField(read_only=True)


class ChangeReading(Reading):
    project = serializers.CharField(source="project.code", read_only=True)
    author = PersonReference(read_only=True)
    owner = PersonReference(read_only=True, allow_null=True)
    impacts = serializers.SerializerMethodField()

    class Meta:
        model = Change
        fields = (
            "number",
            "project",
            "kind",
            "title",
            "description",
            "cause",
            "severity",
            "priority",
            "author",
            "owner",
            "impacts",
            "size",
            "cost",
            "days",
            "recommended",
            "recommendation",
            "if_rejected",
            "state",
            "raised_on",
            "assessed_on",
            "decided_on",
            "due_on",
            "closed_on",
            "version",
            "updated_at",
        )

    def get_impacts(self, row: Change) -> list[dict[str, str]]:
        found = ((target, row.impacts.get(target)) for target in TargetChoice.values)
        rows = [{"target": target, "amount": "", "words": "", **one} for target, one in found if one]
        return [dict(one) for one in ImpactSerializer(rows, many=True).data]


class ChangeNew(Writing):
    author = PersonField()
    owner = PersonField()
    severity = serializers.IntegerField(**_SCALE)
    priority = serializers.IntegerField(**_SCALE)

    class Meta:
        model = Change
        fields = ("kind", "title", "description", "cause", "severity", "priority", "author", "owner")


class ChangesQuery(Query):
    state = serializers.ChoiceField(required=False, choices=ChangeState.choices)
    kind = serializers.ChoiceField(required=False, choices=ChangeKind.choices)
    late = serializers.BooleanField(required=False)


class Changes(Resource):
    required_permission = Permission.DECISION_VIEW
    query = ChangesQuery

    @reads(ChangeReading, many=True, query=ChangesQuery, about="Issues the reader may know of, the late ones first")
    def get(self, _request: Request) -> Response:
        return self.listing(_asked(self), ChangeReading)


class ProjectChanges(Resource):
    required_permission = Permission.DECISION_VIEW
    write_permission = Permission.RISK_EDIT
    query = ChangesQuery

    @reads(ChangeReading, many=True, query=ChangesQuery, about="Issues of one project, the late ones first")
    def get(self, _request: Request, code: str) -> Response:
        return self.listing(_asked(self, get_project(self.user, code).code), ChangeReading)

    @writes(ChangeNew, ChangeReading, status=201, about="Raise an issue")
    def post(self, _request: Request, code: str) -> Response:
        project = editable_project(self.user, code, Permission.RISK_EDIT)
        return self.create(
            ChangeNew,
            ChangeReading,
            lambda values: capture_change(project=project, by=self.user, values=values),
            lambda row: reverse("governance_api:change", args=[row.number]),
        )


class ChangeDetail(Resource):
    required_permission = Permission.DECISION_VIEW

    @reads(ChangeReading, about="One issue")
    def get(self, _request: Request, number: str) -> Response:
        return Response(ChangeReading(get_change(self.user, number)).data)


def _asked(view: Resource, project: str = "") -> QuerySet[Change]:
    asked = view.asked
    query = ChangeQuery(
        state=asked.get("state", ""), kind=asked.get("kind", ""), project=project, late=asked.get("late", False)
    )
    return changes_of(view.user, query, clock.today())
