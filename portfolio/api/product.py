"""Products of one project with their criteria and quality reviews; to be read."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from people.api.schema import reads
from people.api.serializers import PersonReference, Query, Reading
from people.api.views import Resource
from people.permissions.catalogue import Permission
from portfolio.models import Product, ProductCriterion, ProductReview
from portfolio.selectors.product import products_with_parts
from portfolio.selectors.project import get_project


class ProductCriterionSerializer(Reading):
    class Meta:
        model = ProductCriterion
        fields = ("number", "text", "method", "tolerance")


class ProductReviewSerializer(Reading):
    chair = PersonReference(read_only=True, allow_null=True)

    class Meta:
        model = ProductReview
        fields = ("number", "planned_on", "chair", "held_on", "result")


class ProductSerializer(Reading):
    """`part_of` is the identifier of the product above, the milestone by its id, the work package by its code."""

    part_of = serializers.CharField(source="parent.identifier", allow_null=True, default=None, read_only=True)
    work_package = serializers.CharField(source="work_package.code", allow_null=True, default=None, read_only=True)
    producer = PersonReference(read_only=True, allow_null=True)
    acceptor = PersonReference(read_only=True, allow_null=True)
    accepted_by = PersonReference(read_only=True, allow_null=True)
    criteria = ProductCriterionSerializer(many=True, read_only=True)
    reviews = ProductReviewSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = (
            "identifier",
            "part_of",
            "title",
            "kind",
            "purpose",
            "producer",
            "acceptor",
            "milestone",
            "work_package",
            "planned_on",
            "forecast_on",
            "accepted_on",
            "accepted_by",
            "state",
            "criteria",
            "reviews",
            "version",
            "updated_at",
        )


class Products(Resource):
    required_permission = Permission.PORTFOLIO_VIEW
    query = Query

    @reads(ProductSerializer, many=True, query=Query, about="Products by identifier, with criteria and quality reviews")
    def get(self, _request: Request, code: str) -> Response:
        return self.listing(products_with_parts(get_project(self.user, code)), ProductSerializer)
