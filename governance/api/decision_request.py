"""Decisions asked of the bodies."""

from typing import Any

from django.core.exceptions import PermissionDenied
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from governance.enums import RequestState
from governance.forms.decision_request import LINE_MAX, OPTIONS_MAX
from governance.models import DecisionRequest
from governance.selectors.decision_request import get_request, visible_requests
from governance.services.decision_request import update_request
from people.api.schema import reads, writes
from people.api.serializers import Change, PersonField, PersonReference, Query, Reading, Strict
from people.api.views import Resource
from people.permissions.catalogue import Permission
from people.permissions.checks import has_permission

FIELDS = ("kind", "level", "question", "needed_on", "amount", "options", "recommendation", "cost_of_waiting", "owner")
ORDERS = {"needed_on": ("needed_on", "number"), "-needed_on": ("-needed_on", "number"), "number": ("number",)}


class OptionSerializer(Strict):
    label = serializers.CharField(max_length=LINE_MAX)  # type: ignore[assignment]  # also a word of DRF
    consequence = serializers.CharField(max_length=LINE_MAX)
    recommended = serializers.BooleanField(default=False)


class DecisionRequestSerializer(Reading):
    project = serializers.CharField(source="project.code", read_only=True)
    body = serializers.CharField(source="body.code", read_only=True)
    owner = PersonReference(read_only=True, allow_null=True)
    options = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = DecisionRequest
        fields = ("number", "project", "body", *FIELDS, "state", "closed_on", "version", "updated_at")


class DecisionRequestChange(Change):
    owner = PersonField()
    options = serializers.ListField(child=OptionSerializer(), max_length=OPTIONS_MAX)

    class Meta:
        model = DecisionRequest
        fields = ("version", *FIELDS)


class DecisionRequestQuery(Query):
    state = serializers.ChoiceField(required=False, choices=RequestState.choices)
    project = serializers.CharField(required=False, max_length=24)
    body = serializers.CharField(required=False, max_length=24)
    ordering = serializers.ChoiceField(required=False, choices=list(ORDERS))


class DecisionRequests(Resource):
    required_permission = Permission.DECISION_VIEW
    query = DecisionRequestQuery

    @reads(DecisionRequestSerializer, many=True, query=DecisionRequestQuery, about="Requests the reader may know of")
    def get(self, _request: Request) -> Response:
        paths = {"state": "state", "project": "project__code", "body": "body__code"}
        wanted: dict[str, Any] = {path: self.asked[name] for name, path in paths.items() if name in self.asked}
        rows = visible_requests(self.user).filter(**wanted)
        return self.listing(rows.order_by(*ORDERS[self.asked.get("ordering", "needed_on")]), DecisionRequestSerializer)


class DecisionRequestDetail(Resource):
    required_permission = Permission.DECISION_VIEW
    write_permission = Permission.PROJECT_EDIT

    @reads(DecisionRequestSerializer, about="One request")
    def get(self, _request: Request, number: str) -> Response:
        return Response(DecisionRequestSerializer(get_request(self.user, number)).data)

    @writes(DecisionRequestChange, DecisionRequestSerializer, about="Complete an open request")
    def patch(self, _request: Request, number: str) -> Response:
        row = get_request(self.user, number)
        if not has_permission(self.user, Permission.PROJECT_EDIT, row):
            raise PermissionDenied
        return self.change(
            row,
            DecisionRequestChange,
            DecisionRequestSerializer,
            lambda changes, version: update_request(request=row, by=self.user, changes=changes, version=version),
            lambda: get_request(self.user, number),
        )
