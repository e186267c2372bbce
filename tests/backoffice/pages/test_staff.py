"""Tests of backoffice.pages.staff: nobody gets past without a name."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern

from backoffice.pages.urls import urlpatterns

pytestmark = pytest.mark.django_db

OPEN = {"login", "logout", "set_language", "verification"}
SOME = UUID(int=7)


def addresses() -> list[tuple[str, str]]:
    """Every page that needs a name: its name and an address of it."""
    values = {"uuid": str(SOME), "int": "0", "str": "x", "slug": "x"}
    found = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        address = re.sub(r"<(\w+):\w+>", lambda part: values[part[1]], str(pattern.pattern))
        found.append((str(pattern.name), f"/{address}"))
    return [(name, address) for name, address in found if name not in OPEN]


class TestSomebodyUnknown:
    @pytest.mark.parametrize(("name", "address"), addresses(), ids=str)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_led_to_the_login(
        self, client: Client, name: str, address: str, method: str
    ) -> None:
        response = getattr(client, method)(address)

        allowed = response.status_code == 405
        assert allowed or response.headers["Location"].startswith("/login?next=")

    def test_whose_session_ended_is_led_there_from_a_fragment_as_well(self, client: Client) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/?view=mine"}
        response = client.get("/?view=mine&after=x", headers=headers)

        assert response.status_code == 200
        assert response.headers["HX-Redirect"] == "/login?next=/%3Fview%3Dmine"

    def test_comes_back_to_the_page_whose_form_was_too_late(self, client: Client) -> None:
        address = f"/cases/{SOME}"
        headers = {"Referer": f"http://testserver{address}"}
        response = client.post(f"{address}/grant", headers=headers)

        assert response.headers["Location"] == f"/login?next={address}"

    def test_comes_back_to_no_other_site(self, client: Client) -> None:
        response = client.post(f"/cases/{SOME}/grant", headers={"Referer": "https://example.org/x"})

        assert response.headers["Location"] == "/login?next=/"

    def test_comes_back_to_no_other_site_that_looks_like_a_path(self, client: Client) -> None:
        headers = {"Referer": "http://testserver//example.org/x"}
        response = client.post(f"/cases/{SOME}/grant", headers=headers)

        assert response.headers["Location"] == "/login?next=/example.org/x"


class TestAnAnswer:
    def test_stays_in_no_cache(self, desk: Client) -> None:
        assert desk.get("/").headers["Cache-Control"] == "private, no-store"
