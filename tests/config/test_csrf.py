import pytest
from django.test import Client

from people.enums import Role
from tests.factories.people import user_with

pytestmark = pytest.mark.django_db


def test_who_lost_his_cookies_logs_in_and_comes_back() -> None:
    answer = Client(enforce_csrf_checks=True).post("/my/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/my/")


def test_foreign_post_of_a_signed_in_person_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_with(Role.PM))

    assert client.post("/langue/setlang/", {"language": "nl"}).status_code == 403
