"""The OpenAPI schema: valid, exact, and true of the running server."""

import json
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from pytest_django.live_server_helper import LiveServer
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from people.enums import Role
from people.models import User
from people.services.api_token import TokenScope, create_token
from tests.api.conftest import API, client_of
from tests.factories.people import user_with
from tests.factories.portfolio import StatusReportFactory

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
READS, WRITES = 6, 4


@pytest.fixture
def schema(pso: User) -> dict[str, Any]:
    found: dict[str, Any] = client_of(pso).get(f"{API}/schema/").json()
    return found


def request_bodies(schema: dict[str, Any]) -> set[str]:
    """Names of the components that some address takes as its body."""
    operations = (one for path in schema["paths"].values() for one in path.values() if isinstance(one, dict))
    contents = (one["requestBody"]["content"]["application/json"] for one in operations if "requestBody" in one)
    return {content["schema"]["$ref"].rpartition("/")[2] for content in contents}


def test_schema_is_valid_and_without_a_guess(tmp_path: Any) -> None:
    target = tmp_path / "schema.json"
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(target))
    assert json.loads(target.read_text())["openapi"].startswith("3.1")


@pytest.mark.django_db
def test_request_bodies_are_closed_and_changes_carry_a_version(schema: dict[str, Any]) -> None:
    components = schema["components"]["schemas"]
    bodies = {name: components[name] for name in request_bodies(schema)}
    assert len(bodies) > 15
    assert {name for name, body in bodies.items() if body.get("additionalProperties") is not False} == set()
    changes = {name: body for name, body in bodies.items() if name.startswith("Patched")}
    assert {name for name, body in changes.items() if "version" not in body["properties"]} == set()


@pytest.mark.django_db
def test_answers_promise_each_of_their_fields(schema: dict[str, Any]) -> None:
    components = schema["components"]["schemas"]
    loose = {
        name: sorted(set(body["properties"]) - set(body.get("required", ())))
        for name, body in components.items()
        if body.get("type") == "object" and body.get("additionalProperties") is not False and "Paginated" not in name
    }
    assert {name: fields for name, fields in loose.items() if fields} == {}


def owner_of(kind: str, pm: User) -> User:
    return pm if kind == "pm" else user_with(Role(kind))


def settle(case: Case, world: SimpleNamespace) -> None:
    """Every second case goes to rows that exist, so that answers and rules behind the address are reached."""
    known = {
        "code": {"programmes": "PG-A", "axes": world.programme.axis.code}.get(case.path.split("/")[3], "P-MINE"),
        "key": world.milestone.pk,
        "number": 1,
        "year": 2026,
        "nature": "capex",
        "target": "time",
        "week": world.cycle.slug,
    }
    if sum(map(ord, repr(sorted(case.path_parameters.items())))) % 2:
        case.path_parameters.update({name: known[name] for name in case.path_parameters if name in known})


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["pso", "pm", "auditor"])
def test_server_answers_as_the_schema_says(
    live_server: LiveServer, world: SimpleNamespace, pm: User, schema: dict[str, Any], role: str
) -> None:
    StatusReportFactory(project=world.mine, cycle=world.cycle)
    key = create_token(owner=owner_of(role, pm), name="essai", scopes=[TokenScope.READ, TokenScope.WRITE], days=1).key
    loaded = schemathesis.openapi.from_dict(schema)
    loaded.config.update(base_url=live_server.url)
    tried = 0
    for found in loaded.get_all_operations():
        operation = found.ok()
        modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if role == "pso" else (GenerationMode.POSITIVE,)
        for mode in modes:
            strategy = operation.as_strategy(generation_mode=mode)

            @seed(20261121)
            @settings(
                max_examples=READS if operation.method == "get" else WRITES,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=strategy)
            def answers(case: Case) -> None:
                nonlocal tried
                settle(case, world)
                response = case.call(headers={"Authorization": f"Token {key}"})
                case.validate_response(response, checks=list(CHECKS))
                tried += 1

            # An address that cannot be asked wrongly has no wrong form.
            with suppress(Unsatisfiable):
                answers()
    assert tried > 150
