"""Weekly throughput and the range of finishing weeks of a backlog kept in Jira; to be read."""

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.selectors.jira import JiraPage, Outlook, jira_page
from portfolio.selectors.project import get_project


class ThroughputWeekSerializer(serializers.Serializer[Any]):
    week = serializers.CharField(read_only=True)
    added = serializers.IntegerField(read_only=True)
    removed = serializers.IntegerField(read_only=True)
    done = serializers.IntegerField(read_only=True)
    open = serializers.IntegerField(read_only=True)


class OutlookSerializer(serializers.Serializer[Any]):
    """The week within which that share of the runs is over; null beyond three years."""

    p50 = serializers.CharField(read_only=True, allow_null=True)
    p80 = serializers.CharField(read_only=True, allow_null=True)
    p90 = serializers.CharField(read_only=True, allow_null=True)


class ThroughputSerializer(serializers.Serializer[Any]):
    """`weeks` are complete ones, oldest first; without enough of them, or nothing left, the outlooks are null."""

    data_on = serializers.DateField(read_only=True)
    grouping = serializers.CharField(read_only=True)
    total = serializers.IntegerField(read_only=True)
    done = serializers.IntegerField(read_only=True)
    remaining = serializers.IntegerField(read_only=True)
    weeks = ThroughputWeekSerializer(many=True, read_only=True)
    outlook = OutlookSerializer(read_only=True, allow_null=True)
    outlook_with_growth = OutlookSerializer(read_only=True, allow_null=True)


class Throughput(Resource):
    required_permission = Permission.PORTFOLIO_VIEW

    @reads(ThroughputSerializer, about="Throughput of a backlog kept in Jira, and when it is done")
    def get(self, _request: Request, code: str) -> Response:
        page = jira_page(get_project(self.user, code))
        if page is None:
            raise Http404
        return Response(ThroughputSerializer(_answer(page)).data)


def _answer(page: JiraPage) -> dict[str, Any]:
    flow = page.flow
    return {
        "data_on": flow.as_of,
        "grouping": page.backlog.grouping,
        "total": flow.total,
        "done": flow.done,
        "remaining": flow.remaining,
        "weeks": [
            {"week": str(one.week), "added": one.added, "removed": one.removed, "done": one.done, "open": one.open}
            for one in flow.weeks
        ],
        "outlook": _weeks(page.outlook, with_growth=False),
        "outlook_with_growth": _weeks(page.outlook, with_growth=True),
    }


def _weeks(outlook: Outlook | None, *, with_growth: bool) -> dict[str, str | None] | None:
    if outlook is None:
        return None
    found = {f"p{share}": outlook.week(share, with_growth=with_growth) for share in (50, 80, 90)}
    return {name: None if week is None else str(week) for name, week in found.items()}
