"""The same request twice is one write and one answer."""

import pytest

from people.models import IdempotencyKey, User
from people.services.idempotency import Answer, KeyReused, request_hash, run_once
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def create(calls: list[int]) -> Answer:
    calls.append(1)
    return Answer(201, {"id": len(calls)}, "/api/v1/things/1/")


def once(user: User, calls: list[int], body: bytes = b"{}") -> Answer:
    digest = request_hash("POST", "/api/v1/things/", body)
    return run_once(user=user, key="abc", request_hash=digest, action=lambda: create(calls))


def test_repetition_gets_the_first_answer_and_writes_nothing() -> None:
    user, calls = UserFactory(), []
    first, second = once(user, calls), once(user, calls)
    assert calls == [1]
    assert (second.status, second.body, second.location, second.repeated) == (201, {"id": 1}, first.location, True)


def test_same_key_with_another_body_is_refused() -> None:
    user, calls = UserFactory(), []
    once(user, calls)
    with pytest.raises(KeyReused):
        once(user, calls, b'{"other": 1}')


def test_keys_of_two_users_do_not_meet() -> None:
    calls: list[int] = []
    once(UserFactory(), calls)
    once(UserFactory(), calls)
    assert calls == [1, 1]


def test_failure_keeps_nothing_so_it_may_be_tried_again() -> None:
    user = UserFactory()

    def fail() -> Answer:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        run_once(user=user, key="abc", request_hash="x" * 64, action=fail)
    assert not IdempotencyKey.objects.exists()
