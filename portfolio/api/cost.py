"""Yearly budget lines of one project: in detail within the reader's reach, totals for the others."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads, writes
from people.api.serializers import Change, MoneyField, Query, Reading, Writing
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.api.references import address, editable_project, refuse_others
from portfolio.engines.authority import is_authorised
from portfolio.models import BudgetLine, Project
from portfolio.selectors.field_rights import budget_fields
from portfolio.selectors.finance import finance_page, get_budget_line
from portfolio.selectors.project import get_project
from portfolio.services.cost import create_budget_line, update_budget_line

FIGURES = ("approved", "actual", "actual_source", "actual_on", "forecast")


def _decided(project: Project) -> set[str]:
    return {"approved"} if is_authorised(project.life_cycle) else set()


class BudgetLineSerializer(Reading):
    class Meta:
        model = BudgetLine
        fields = ("year", "nature", *FIGURES, "version", "updated_at")


class BudgetLineNew(Writing):
    approved = MoneyField(required=False, min_value=0)
    actual = MoneyField(required=False, min_value=0)

    class Meta:
        model = BudgetLine
        fields = ("year", "nature", *FIGURES)
        extra_kwargs = {"nature": {"required": True}}


class BudgetLineChange(Change):
    class Meta:
        model = BudgetLine
        fields = ("version", *FIGURES)


class TotalsSerializer(serializers.Serializer[Any]):
    """Sums over all years; a null forecast was never made."""

    approved = MoneyField(read_only=True)
    actual = MoneyField(read_only=True)
    forecast = MoneyField(read_only=True, allow_null=True)
    variance = MoneyField(read_only=True, allow_null=True)


class BudgetLines(Resource):
    required_permission = Permission.FINANCE_VIEW
    write_permission = Permission.FINANCE_EDIT
    query = Query

    @reads(BudgetLineSerializer, many=True, query=Query, about="Budget lines by year and nature")
    def get(self, _request: Request, code: str) -> Response:
        project = get_project(self.user, code, may=Permission.FINANCE_VIEW)
        lines = finance_page(self.user, project).lines or []
        return self.listing([line.row for line in lines], BudgetLineSerializer)

    @writes(BudgetLineNew, BudgetLineSerializer, status=201, about="A line for a year and a nature")
    def post(self, request: Request, code: str) -> Response:
        project = editable_project(self.user, code, Permission.FINANCE_EDIT)
        refuse_others(set(request.data) & set(FIGURES), budget_fields(self.user, project), _decided(project))
        return self.create(
            BudgetLineNew,
            BudgetLineSerializer,
            lambda values: create_budget_line(project=project, by=self.user, **values),
            lambda row: address("budget_line", code, row.year, row.nature),
        )


class BudgetLineDetail(Resource):
    required_permission = Permission.FINANCE_VIEW
    write_permission = Permission.FINANCE_EDIT

    @reads(BudgetLineSerializer, about="One budget line")
    def get(self, _request: Request, code: str, year: int, nature: str) -> Response:
        project = get_project(self.user, code, may=Permission.FINANCE_VIEW)
        return Response(BudgetLineSerializer(get_budget_line(project, year, nature)).data)

    @writes(BudgetLineChange, BudgetLineSerializer, about="Change the figures of a line")
    def patch(self, request: Request, code: str, year: int, nature: str) -> Response:
        project = editable_project(self.user, code, Permission.FINANCE_EDIT)
        row = get_budget_line(project, year, nature)
        refuse_others(set(request.data) & set(FIGURES), budget_fields(self.user, project), _decided(project))
        return self.change(
            row,
            BudgetLineChange,
            BudgetLineSerializer,
            lambda changes, version: update_budget_line(line=row, changes=changes, version=version, by=self.user),
            lambda: get_budget_line(project, year, nature),
        )


class BudgetTotals(Resource):
    required_permission = Permission.FINANCE_TOTALS_VIEW

    @reads(TotalsSerializer, about="Sums over all years")
    def get(self, _request: Request, code: str) -> Response:
        project = get_project(self.user, code, may=Permission.FINANCE_TOTALS_VIEW)
        totals = finance_page(self.user, project).totals
        empty = {"approved": 0, "actual": 0, "forecast": None, "variance": None}
        return Response(TotalsSerializer(totals or empty).data)
