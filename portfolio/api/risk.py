"""The risk register of one project."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.errors import Conflict
from people.api.schema import reads, writes
from people.api.serializers import Change, PersonField, PersonReference, Query, Reading, Strict, Writing
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.api.references import address, editable_project
from portfolio.enums import RiskState
from portfolio.models import Risk
from portfolio.selectors.project import get_project
from portfolio.selectors.risk import get_risk, risks_of
from portfolio.services.risk import close_risk, raise_risk, reopen_risk, update_risk

FIELDS = (
    "title",
    "cause",
    "event",
    "effect",
    "probability",
    "impact",
    "impact_amount",
    "owner",
    "response",
    "response_action",
    "proximity",
)
_SCALE: dict[str, Any] = {"min_value": 1, "max_value": 5}


class RiskSerializer(Reading):
    owner = PersonReference(read_only=True, allow_null=True)
    score = serializers.IntegerField(read_only=True)

    class Meta:
        model = Risk
        fields = (
            "number",
            *FIELDS,
            "score",
            "state",
            "raised_on",
            "confirmed_on",
            "closed_on",
            "version",
            "updated_at",
        )


class RiskNew(Writing):
    owner = PersonField()
    probability = serializers.IntegerField(**_SCALE)
    impact = serializers.IntegerField(**_SCALE)

    class Meta:
        model = Risk
        fields = FIELDS


class RiskChange(Change):
    owner = PersonField()
    probability = serializers.IntegerField(**_SCALE)
    impact = serializers.IntegerField(**_SCALE)

    class Meta:
        model = Risk
        fields = ("version", *FIELDS)


class RiskStateChange(Strict):
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)
    state = serializers.ChoiceField(choices=RiskState.choices)


class RiskQuery(Query):
    state = serializers.ChoiceField(required=False, choices=RiskState.choices)


class Risks(Resource):
    required_permission = Permission.RISK_VIEW
    write_permission = Permission.RISK_EDIT
    query = RiskQuery

    @reads(RiskSerializer, many=True, query=RiskQuery, about="Risks by number")
    def get(self, _request: Request, code: str) -> Response:
        rows = risks_of(get_project(self.user, code, may=Permission.RISK_VIEW))
        state = self.asked.get("state")
        return self.listing(rows.filter(state=state) if state else rows, RiskSerializer)

    @writes(RiskNew, RiskSerializer, status=201, about="Raise a risk")
    def post(self, _request: Request, code: str) -> Response:
        project = editable_project(self.user, code, Permission.RISK_EDIT)
        return self.create(
            RiskNew,
            RiskSerializer,
            lambda values: raise_risk(project=project, by=self.user, **values),
            lambda row: address("risk", code, row.number),
        )


class RiskDetail(Resource):
    required_permission = Permission.RISK_VIEW
    write_permission = Permission.RISK_EDIT

    @reads(RiskSerializer, about="One risk")
    def get(self, _request: Request, code: str, number: int) -> Response:
        return Response(RiskSerializer(get_risk(get_project(self.user, code, may=Permission.RISK_VIEW), number)).data)

    @writes(RiskChange, RiskSerializer, about="Change a risk")
    def patch(self, _request: Request, code: str, number: int) -> Response:
        project = editable_project(self.user, code, Permission.RISK_EDIT)
        row = get_risk(project, number)
        return self.change(
            row,
            RiskChange,
            RiskSerializer,
            lambda changes, version: update_risk(risk=row, changes=changes, version=version, by=self.user),
            lambda: get_risk(project, number),
        )


class RiskStateDetail(Resource):
    required_permission = Permission.RISK_EDIT
    write_permission = Permission.RISK_EDIT

    @writes(RiskStateChange, RiskSerializer, about="Close an open risk, reopen a closed one")
    def post(self, request: Request, code: str, number: int) -> Response:
        project = editable_project(self.user, code, Permission.RISK_EDIT)
        row = get_risk(project, number)
        if isinstance(request.data, dict) and row.state == request.data.get("state"):
            raise Conflict(_("Ce risque est déjà dans cet état."))
        acts = {RiskState.CLOSED: close_risk, RiskState.OPEN: reopen_risk}
        return self.change(
            row,
            RiskStateChange,
            RiskSerializer,
            lambda values, version: acts[RiskState(values["state"])](risk=row, version=version, by=self.user),
            lambda: get_risk(project, number),
        )
