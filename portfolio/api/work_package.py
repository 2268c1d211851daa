"""Work packages of one project, and the tolerances of its stages and work packages; to be read."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads
from people.api.serializers import Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.models import PartTolerance, WorkPackage
from portfolio.selectors.plan import get_work_package, work_packages_of
from portfolio.selectors.project import get_project
from portfolio.selectors.tolerance import part_tolerances_of


class WorkPackageSerializer(Reading):
    stage = serializers.IntegerField(source="stage.number", allow_null=True, default=None, read_only=True)

    class Meta:
        model = WorkPackage
        fields = (
            "code",
            "name",
            "stage",
            "start",
            "planned_end",
            "forecast_end",
            "actual_end",
            "progress",
            "state",
            "version",
            "updated_at",
        )


class PartToleranceSerializer(Reading):
    """The stage is named by its number, the work package by its code; one of them."""

    stage = serializers.IntegerField(source="stage.number", allow_null=True, default=None, read_only=True)
    work_package = serializers.CharField(source="work_package.code", allow_null=True, default=None, read_only=True)

    class Meta:
        model = PartTolerance
        fields = (
            "stage",
            "work_package",
            "target",
            "minus",
            "plus",
            "unit",
            "baseline",
            "forecast",
            "measure",
            "version",
            "updated_at",
        )


class WorkPackages(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    query = Query

    @reads(WorkPackageSerializer, many=True, query=Query, about="Work packages by code")
    def get(self, _request: Request, code: str) -> Response:
        return self.listing(work_packages_of(get_project(self.user, code)), WorkPackageSerializer)


class WorkPackageOne(Resource):
    required_permission = Permission.PORTFOLIO_VIEW

    @reads(WorkPackageSerializer, about="One work package")
    def get(self, _request: Request, code: str, key: str) -> Response:
        return Response(WorkPackageSerializer(get_work_package(get_project(self.user, code), key)).data)


class PartTolerances(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    query = Query

    @reads(PartToleranceSerializer, many=True, query=Query, about="Tolerances of stages and of work packages")
    def get(self, _request: Request, code: str) -> Response:
        return self.listing(part_tolerances_of(get_project(self.user, code)), PartToleranceSerializer)
