import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from config.web.htmx import render_page, saved


def request(**headers: str) -> HttpRequest:
    made = RequestFactory().get("/", headers=headers)
    made.htmx = HtmxDetails(made)  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize(
    ("headers", "template"),
    [
        ({}, "errors/500.html"),
        ({"HX-Request": "true"}, "errors/_reference.html"),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "errors/500.html"),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "errors/500.html"),
    ],
)
def test_page_or_fragment(headers: dict[str, str], template: str) -> None:
    response = render_page(request(**headers), "errors/500.html", "errors/_reference.html", {"reference": "abc"}, 422)
    assert response.content.decode().lstrip().startswith("<!doctype") is (template == "errors/500.html")
    assert "abc" in response.content.decode()
    assert response.status_code == 422
    assert response["Vary"] == "HX-Request"


def test_saved_without_htmx_is_303() -> None:
    response = saved(request(), "/there/", "errors/_reference.html", {"reference": "abc"})
    assert (response.status_code, response["Location"]) == (303, "/there/")


def test_saved_with_htmx_is_the_fragment() -> None:
    response = saved(request(**{"HX-Request": "true"}), "/there/", "errors/_reference.html", {"reference": "abc"})
    assert "abc" in response.content.decode()


def test_saved_with_htmx_without_fragment_moves_the_page() -> None:
    assert saved(request(**{"HX-Request": "true"}), "/there/")["HX-Redirect"] == "/there/"
