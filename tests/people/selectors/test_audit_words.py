"""The audit trail is read in words: acts, labels, what was before and what is after."""

import ast
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from governance.engines.lifecycles import FOLLOW_UP, SESSION
from governance.enums import SeatRole
from governance.services.body import add_seat
from governance.services.decision_request import update_request
from people.enums import OperationKind, Role
from people.models import AuditEntry
from people.selectors.audit_details import lines_of
from people.selectors.audit_words import VERBS
from people.services import audit
from people.services.account import assign_role
from people.services.operations import record_operation
from portfolio.engines.product import PRODUCT
from tests.architecture.tree import PRODUCTION, modules, parsed
from tests.factories.governance import BodyFactory, DecisionRequestFactory
from tests.factories.people import PersonFactory, UserFactory, user_with


def verbs_of_the_source() -> tuple[set[str], set[str]]:
    """Every verb that production code records: written out or by a constant, and the beginnings of composed ones."""
    nodes = [node for path in modules(*PRODUCTION) for node in ast.walk(parsed(path))]
    constants = {
        target.id: node.value.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }
    given = [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "verb"]
    given += [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "verb"
    ]
    parts = [part for value in given for part in ast.walk(value)]
    texts = [part.value for part in parts if isinstance(part, ast.Constant)]
    texts += [constants.get(part.attr) for part in parts if isinstance(part, ast.Attribute)]
    texts += [constants.get(part.id) for part in parts if isinstance(part, ast.Name)]
    verbs = {text for text in texts if isinstance(text, str) and "." in text and " " not in text}
    return {verb for verb in verbs if not verb.endswith(".")}, {verb for verb in verbs if verb.endswith(".")}


def test_every_act_has_its_words() -> None:
    whole, beginnings = verbs_of_the_source()
    assert whole - VERBS.keys() == set()
    assert {one for one in beginnings if not any(verb.startswith(one) for verb in VERBS)} == set()
    assert {"person.erased", "demo.seeded"} <= whole
    assert "operation." in beginnings


def test_every_operation_has_its_words() -> None:
    assert {f"operation.{kind}" for kind in OperationKind} <= VERBS.keys()
    assert {f"operation.{kind}" for kind in OperationKind} == {verb for verb in VERBS if verb.startswith("operation.")}


def test_every_move_of_a_session_or_a_follow_up_has_its_words() -> None:
    acts = {
        f"{machine.name}.{act}" for machine in (SESSION, FOLLOW_UP, PRODUCT) for act, _source, _target in machine.moves
    }
    assert acts - VERBS.keys() == set()


@pytest.mark.django_db
def test_an_operation_is_read_in_words() -> None:
    record_operation(OperationKind.BACKUP)
    (line,) = lines_of(list(AuditEntry.objects.all()))
    assert line.verb == "sauvegarde faite"


def said(verb: str) -> dict[str, tuple[str | None, str]]:
    (line,) = lines_of(list(AuditEntry.objects.filter(verb=verb)))
    return {detail.label: (detail.before, detail.value) for detail in line.details}


@pytest.mark.django_db
def test_values_are_said_by_the_words_of_their_fields() -> None:
    pso = user_with(Role.PSO)
    body = BodyFactory()
    person = PersonFactory(first_name="Ada", last_name="Byron")
    add_seat(
        body=body, person=person, role=SeatRole.CHAIR, votes=True, valid_from=date(2026, 1, 1), valid_to=None, by=pso
    )
    assign_role(user=UserFactory(), role=Role.FINANCE, granted_by=pso, valid_from=date(2026, 11, 2))

    assert {value for _, value in said("body.seat_added").values()} == {"Ada Byron", SeatRole.CHAIR.label}
    granted = said("role.granted")
    assert (None, "Contrôle financier") in granted.values()
    assert granted["du"] == (None, "2\u00a0nov.\u00a02026")


@pytest.mark.django_db
def test_a_change_says_what_was_before() -> None:
    request = DecisionRequestFactory(recommendation="Attendre")
    options = [{"label": "Oui", "consequence": "Coûte", "recommended": True}]
    changes = {"recommendation": "Approuver", "options": options}
    update_request(request=request, changes=changes, version=request.version, by=user_with(Role.PSO))

    with translation.override("en"):
        (line,) = lines_of(list(AuditEntry.objects.filter(verb="decision_request.updated")))
    change = next(one for one in line.details if one.before == "Attendre")
    assert (change.value, getattr(change.value, "language", "")) == ("Approuver", "fr")
    assert "Oui, Coûte" in [one.value for one in line.details]
    assert line.verb == "request changed"


@pytest.mark.django_db
def test_the_page_prints_no_code_of_python() -> None:
    auditor = user_with(Role.AUDITOR)
    audit.record(
        by=auditor,
        verb="status_report.submitted",
        data={
            "week": "2026-W47",
            "declared": {"overall": "red"},
            "milestones": {"Pilote": ["2026-11-02", "2026-12-01"]},
        },
    )
    client = Client()
    client.force_login(auditor)
    page = client.get(reverse("people:audit")).content.decode()
    assert "Statut remis" in page
    assert "Pilote" in page
    assert "1er\u00a0déc.\u00a02026" in page
    assert "{&#x27;" not in page
