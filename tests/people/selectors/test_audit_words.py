"""The audit trail is read in words: acts, labels, what was before and what is after."""

import ast
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from governance.enums import SeatRole
from governance.services.body import add_seat
from governance.services.decision_request import update_request
from people.enums import Role
from people.models import AuditEntry
from people.selectors.audit_details import lines_of
from people.selectors.audit_words import VERBS
from people.services import audit
from people.services.account import assign_role
from tests.architecture.tree import PRODUCTION, modules, parsed
from tests.factories.governance import BodyFactory, DecisionRequestFactory
from tests.factories.people import PersonFactory, UserFactory, user_with


def verbs_of_the_source() -> set[str]:
    """Every verb that production code records by name."""
    nodes = [node for path in modules(*PRODUCTION) for node in ast.walk(parsed(path))]
    given = [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "verb"]
    given += [node.value for node in nodes if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "verb"]
    texts = [part.value for value in given for part in ast.walk(value) if isinstance(part, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and "." in text.rstrip(".")}


def test_every_act_has_its_words() -> None:
    assert verbs_of_the_source() - VERBS.keys() == set()


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
