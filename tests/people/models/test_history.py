"""History rows come from the database itself, carry no secret and cannot be changed."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from people.enums import Role, Theme
from people.models import Person, User
from people.selectors import history
from tests.factories.governance import DecisionRequestFactory
from tests.factories.people import PersonFactory, UserFactory, user_with

pytestmark = pytest.mark.django_db


def person_type() -> history.TrackedType:
    found = history.find_type("people.person")
    assert found is not None
    return found


def test_bulk_update_and_raw_sql_are_in_the_history() -> None:
    person = PersonFactory(unit="A")
    Person.objects.filter(pk=person.pk).update(unit="B")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET unit = 'C' WHERE id = %s", [person.pk])
    events = history.events_of(user_with(Role.AUDITOR), person_type(), str(person.pk))
    changes = history.changes(person_type(), list(events))
    units = [[(one.before, one.after) for one in change.fields if one.name == "unit"] for change in changes]
    assert units == [[("B", "C")], [("A", "B")], [("", "A")]]


def test_history_never_holds_a_password() -> None:
    user = UserFactory()
    User.objects.filter(pk=user.pk).update(theme=Theme.DARK)
    columns = {field.name for field in type(user.history.first())._meta.get_fields()}
    assert {"password", "last_login"}.isdisjoint(columns)


@pytest.mark.parametrize("statement", ["UPDATE people_personevent SET unit = 'x'", "DELETE FROM people_personevent"])
def test_history_cannot_be_changed(statement: str) -> None:
    PersonFactory()
    with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_history_is_for_who_may_read_it() -> None:
    person = PersonFactory()
    assert not history.events_of(user_with(Role.DIRECTOR), person_type(), str(person.pk)).exists()


def test_a_structured_field_is_told_too() -> None:
    request = DecisionRequestFactory(options=[{"text": "Reporter"}])
    tracked = history.find_type("governance.decisionrequest")
    assert tracked is not None
    events = history.events_of(user_with(Role.AUDITOR), tracked, str(request.pk))
    told = {one.name: one.after for change in history.changes(tracked, list(events)) for one in change.fields}
    assert "Reporter" in told["options"]


def test_history_of_a_hostile_id_is_empty() -> None:
    for text in ("x", "1 OR 1=1", "9" * 40, "\x00"):
        assert not history.events_of(user_with(Role.AUDITOR), person_type(), text).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_changes_cost_the_same_number_of_queries(count: int, django_assert_num_queries: object) -> None:
    user = user_with(Role.AUDITOR)
    for _number in range(count):
        PersonFactory()
    events = list(history.events_of(user, person_type()))
    with django_assert_num_queries(4):  # type: ignore[operator]
        history.changes(person_type(), events)
