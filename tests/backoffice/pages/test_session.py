"""Tests of backoffice.pages.session: coming, going, and how a person wants the pages."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from backoffice.demo.founding import PASSWORD
from efile.kernel.models import User

pytestmark = pytest.mark.django_db


def sign_in(client: Client, password: str = PASSWORD, onward: str = "", **more: str) -> Any:
    fields = {"username": "a.lopes", "password": password, "next": onward}
    return client.post("/login", fields, **more)  # type: ignore[arg-type]


class TestSigningIn:
    def test_leads_to_the_work(self, client: Client) -> None:
        response = sign_in(client)

        assert response.headers["Location"] == "/"
        assert client.get("/").status_code == 200

    def test_leads_to_where_one_wanted_to_go(self, client: Client) -> None:
        asked = client.get("/inbox?first=50").headers["Location"]
        assert asked == "/login?next=/inbox%3Ffirst%3D50"

        onward = client.get(asked).context["page"].next
        assert sign_in(client, onward=onward).headers["Location"] == "/inbox?first=50"

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://example.org/", "//example.org/", "/\\example.org", "javascript:x()", "http:///x"],
    )
    def test_never_leads_to_another_site(self, client: Client, elsewhere: str) -> None:
        assert sign_in(client, onward=elsewhere).headers["Location"] == "/"

    def test_refuses_a_wrong_password_without_saying_which_half_is_wrong(
        self, client: Client
    ) -> None:
        wrong = sign_in(client, "wrong")
        unknown = client.post("/login", {"username": "nobody", "password": "wrong"})

        assert (wrong.status_code, unknown.status_code) == (422, 422)
        assert wrong.context["page"].failed
        assert wrong.context["page"].username == "a.lopes"
        assert unknown.context["page"].failed

    def test_refuses_somebody_who_left(self, client: Client) -> None:
        User.objects.filter(username="a.lopes").update(is_active=False)

        assert sign_in(client).status_code == 422

    def test_never_shows_the_password_again(self, client: Client) -> None:
        assert "geheim" not in sign_in(client, "geheim").content.decode()

    def test_takes_the_language_along(self, client: Client) -> None:
        User.objects.filter(username="a.lopes").update(language="en")
        sign_in(client)

        assert "Work list" in client.get("/").content.decode()

    def test_is_not_asked_twice(self, client: Client) -> None:
        sign_in(client)

        assert client.get("/login?next=/inbox").headers["Location"] == "/inbox"


class TestTooManyFailures:
    @pytest.fixture
    def locked(self, client: Client) -> Client:
        for _ in range(settings.AXES_FAILURE_LIMIT):
            sign_in(client, "wrong")
        return client

    def test_close_the_door_even_to_the_right_password(self, locked: Client) -> None:
        response = sign_in(locked)

        assert response.status_code == 429
        assert response.headers["Retry-After"] == "900"
        assert "In 15 Minuten können Sie es wieder versuchen." in response.content.decode()
        assert locked.get("/").status_code == 302

    def test_close_it_to_that_name_alone(self, locked: Client) -> None:
        other = locked.post("/login", {"username": "d.yilmaz", "password": PASSWORD})

        assert other.status_code == 302

    def test_close_it_from_that_address_alone(self, locked: Client) -> None:
        assert sign_in(locked, REMOTE_ADDR="192.0.2.7").status_code == 302


class TestSigningOut:
    def test_ends_the_session(self, desk: Client) -> None:
        assert desk.post("/logout").headers["Location"] == "/login"
        assert desk.get("/").status_code == 302

    def test_is_not_done_by_a_link(self, desk: Client) -> None:
        assert desk.get("/logout").status_code == 405


class TestTheCookies:
    def test_are_kept_from_scripts_and_other_sites(self, client: Client) -> None:
        cookies = sign_in(client).cookies

        assert cookies["sessionid"]["httponly"]
        assert cookies["sessionid"]["samesite"] == "Lax"
        assert settings.CSRF_COOKIE_SAMESITE == "Strict"


class TestTheLanguage:
    def test_is_remembered_with_the_person(self, desk: Client) -> None:
        response = desk.post("/language", {"language": "en", "next": "/inbox"})

        assert response.headers["Location"] == "/inbox"
        assert User.objects.get(username="a.lopes").language == "en"
        assert "Clarify incoming mail" in desk.get("/inbox").content.decode()

    def test_can_be_chosen_before_signing_in(self, client: Client) -> None:
        client.post("/language", {"language": "en", "next": "/login"})

        assert "Sign in" in client.get("/login").content.decode()

    def test_is_german_where_another_is_asked_for(self, desk: Client) -> None:
        desk.post("/language", {"language": "fr"})

        assert User.objects.get(username="a.lopes").language == "de"


class TestTheProfile:
    def test_keeps_the_colours_in_the_browser(self, desk: Client) -> None:
        desk.post("/profile", {"theme": "dark", "next": "/"})

        assert 'data-kern-theme="dark"' in desk.get("/").content.decode()

    def test_keeps_the_shortcuts_with_the_person(self, desk: Client) -> None:
        desk.post("/profile", {"keys": "off", "next": "/"})

        assert not User.objects.get(username="a.lopes").keys_enabled
        assert 'data-keys="off"' in desk.get("/").content.decode()

    def test_answers_a_fragment_with_nothing(self, desk: Client) -> None:
        response = desk.post("/profile", {"keys": "off"}, headers={"HX-Request": "true"})

        assert response.status_code == 204

    def test_takes_nothing_it_does_not_know(self, desk: Client) -> None:
        response = desk.post("/profile", {"theme": "pink", "keys": "sometimes"})

        assert "theme" not in response.cookies
        assert User.objects.get(username="a.lopes").keys_enabled
