"""Programmes."""

from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from config import clock
from people.api.schema import reads, writes
from people.api.serializers import Change, NamedReference, PersonField, PersonReference, Query, Reading, Writing
from people.api.views import Resource
from people.permissions.catalogue import Permission, Scope
from people.permissions.checks import granted_scopes, has_permission
from portfolio.api.references import AxisField, address
from portfolio.forms.project import CODE
from portfolio.models import Programme
from portfolio.selectors.programme import get_programme, programme_lines
from portfolio.services.programme import create_programme, update_programme

FIELDS = ("code", "name_fr", "name_nl", "name_en", "manager", "axis", "purpose", "active")


class ProgrammeSerializer(Reading):
    manager = PersonReference(read_only=True, allow_null=True)
    axis = NamedReference(read_only=True, allow_null=True)

    class Meta:
        model = Programme
        fields = (*FIELDS, "version", "updated_at")


class ProgrammeNew(Writing):
    code = serializers.CharField(max_length=20, validators=[CODE])
    manager = PersonField()
    axis = AxisField()

    class Meta:
        model = Programme
        fields = FIELDS


class ProgrammeChange(Change):
    code = serializers.CharField(max_length=20, validators=[CODE])
    manager = PersonField()
    axis = AxisField()

    class Meta:
        model = Programme
        fields = ("version", *FIELDS)


class Programmes(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.PROGRAMME_EDIT
    query = Query

    @reads(ProgrammeSerializer, many=True, query=Query, about="Programmes, running ones first")
    def get(self, _request: Request) -> Response:
        return self.listing([line.programme for line in programme_lines(self.user, clock.today())], ProgrammeSerializer)

    @writes(ProgrammeNew, ProgrammeSerializer, status=201, about="A new programme")
    def post(self, _request: Request) -> Response:
        if Scope.ALL not in granted_scopes(self.user, Permission.PROGRAMME_EDIT):
            raise PermissionDenied
        return self.create(
            ProgrammeNew,
            ProgrammeSerializer,
            lambda values: create_programme(by=self.user, **values),
            lambda row: address("programme", row.code),
        )


class ProgrammeDetail(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    write_permission = Permission.PROGRAMME_EDIT

    @reads(ProgrammeSerializer, about="One programme")
    def get(self, _request: Request, code: str) -> Response:
        return Response(ProgrammeSerializer(get_programme(code)).data)

    @writes(ProgrammeChange, ProgrammeSerializer, about="Change a programme")
    def patch(self, _request: Request, code: str) -> Response:
        row = get_programme(code)
        if not has_permission(self.user, Permission.PROGRAMME_EDIT, row):
            raise PermissionDenied
        return self.change(
            row,
            ProgrammeChange,
            ProgrammeSerializer,
            lambda changes, version: update_programme(programme=row, changes=changes, version=version, by=self.user),
            lambda: get_programme(code),
        )
