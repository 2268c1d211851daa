"""Strategic axes."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from people.api.schema import reads, writes
from people.api.serializers import Change, Query, Reading, Writing
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.api.references import address
from portfolio.forms.project import CODE
from portfolio.models import StrategicAxis
from portfolio.selectors.programme import axis_lines, get_axis
from portfolio.services.strategic_axis import create_axis, update_axis

FIELDS = ("code", "name_fr", "name_nl", "name_en", "position", "active")


class AxisSerializer(Reading):
    class Meta:
        model = StrategicAxis
        fields = (*FIELDS, "version", "updated_at")


class AxisNew(Writing):
    code = serializers.CharField(max_length=20, validators=[CODE])

    class Meta:
        model = StrategicAxis
        fields = FIELDS


class AxisChange(Change):
    code = serializers.CharField(max_length=20, validators=[CODE])

    class Meta:
        model = StrategicAxis
        fields = ("version", *FIELDS)


class Axes(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.AXIS_EDIT
    query = Query

    @reads(AxisSerializer, many=True, query=Query, about="Axes in force first, in their order")
    def get(self, _request: Request) -> Response:
        return self.listing([line.axis for line in axis_lines(self.user, clock.today())], AxisSerializer)

    @writes(AxisNew, AxisSerializer, status=201, about="A new axis")
    def post(self, _request: Request) -> Response:
        return self.create(
            AxisNew,
            AxisSerializer,
            lambda values: create_axis(by=self.user, **values),
            lambda row: address("axis", row.code),
        )


class AxisDetail(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.AXIS_EDIT

    @reads(AxisSerializer, about="One axis")
    def get(self, _request: Request, code: str) -> Response:
        return Response(AxisSerializer(get_axis(code)).data)

    @writes(AxisChange, AxisSerializer, about="Change an axis")
    def patch(self, _request: Request, code: str) -> Response:
        row = get_axis(code)
        return self.change(
            row,
            AxisChange,
            AxisSerializer,
            lambda changes, version: update_axis(axis=row, changes=changes, version=version, by=self.user),
            lambda: get_axis(code),
        )
