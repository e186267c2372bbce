"""Problems as every client sees them."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, UnreadablePostError
from django.test import Client, RequestFactory

from api.problems import as_markdown, every_code, problem_response, server_error_view
from api.words import problem_text
from efile.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from tests.api.calling import Portal
from workflows.slots import SlotTaken


def asked(language: str = "") -> HttpRequest:
    return RequestFactory().get("/api/v1/submissions", headers={"Accept-Language": language})


def body_of(error: Exception, language: str = "") -> dict[str, Any]:
    response = problem_response(error, {"request": asked(language), "view": None})
    assert response is not None
    found: dict[str, Any] = json.loads(response.content)
    return found


class TestARefusal:
    @pytest.mark.parametrize(
        ("refusal", "status"),
        [(NotFound, 404), (NotAllowed, 403), (Conflict, 409), (Invalid, 422), (Unavailable, 503)],
    )
    def test_has_the_status_of_its_family(self, refusal: type[Any], status: int) -> None:
        assert body_of(refusal())["status"] == status

    def test_has_that_of_its_family_where_it_is_a_special_one(self) -> None:
        found = body_of(SlotTaken())
        assert (found["status"], found["code"]) == (409, "slot_taken")

    def test_speaks_german_unless_asked_for_english(self) -> None:
        titles = [body_of(NotFound(), tag)["title"] for tag in ("", "fr", "de-AT", "en-GB, de")]
        assert titles == ["Nicht gefunden", "Nicht gefunden", "Nicht gefunden", "Not found"]

    def test_says_when_to_come_back(self) -> None:
        response = problem_response(Unavailable(), {"request": asked(), "view": None})
        assert response
        assert response["Retry-After"] == "5"

    @pytest.mark.parametrize("language", ["de", "en"])
    def test_of_every_kind_has_words(self, language: str) -> None:
        for code in every_code():
            title, detail = problem_text(code, {}, language)
            assert title, code
            assert detail.endswith("."), code


class TestWhatIsNoRefusal:
    def test_is_unavailable_when_the_database_does_not_answer(self) -> None:
        assert body_of(OperationalError("password=secret"))["code"] == "unavailable"

    def test_is_malformed_when_the_client_hung_up(self) -> None:
        found = body_of(UnreadablePostError("gone"))
        assert found["errors"][0]["header"] == "Content-Length"

    def test_is_a_bug_otherwise(self) -> None:
        assert problem_response(KeyError("x"), {"request": asked(), "view": None}) is None

    def test_is_told_as_a_problem_without_its_message(self) -> None:
        found = json.loads(server_error_view(asked("en")).content)
        assert (found["status"], found["code"]) == (500, "internal_error")


@pytest.mark.django_db
class TestAnAddressThatIsNone:
    @pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
    def test_is_a_problem_for_any_method(self, method: str) -> None:
        response = Client().generic(method, "/api/v1/nowhere/at/all")
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"

    def test_is_told_like_a_thing_that_is_none(self, portal: Portal) -> None:
        absent = portal.get("submissions/01890000-0000-7000-8000-000000000001")
        for path in ("submissions/17", "submissions/", "nowhere"):
            assert portal.get(path).bytes == absent.bytes


@pytest.mark.django_db
class TestTheFrameworkRefuses:
    def test_a_method_the_address_does_not_know(self, portal: Portal) -> None:
        answer = portal.call("DELETE", "uploads")
        assert (answer.status, answer.code) == (405, "method_not_allowed")
        assert answer.headers["Allow"] == "POST"

    def test_to_answer_in_another_format(self, portal: Portal) -> None:
        answer = portal.get("services", {"Accept": "application/xml"})
        assert (answer.status, answer.code) == (406, "not_acceptable")

    def test_another_media_type(self, portal: Portal) -> None:
        headers = {"Idempotency-Key": "k"}
        answer = portal.call("POST", "submissions", b"<a/>", "application/xml", headers=headers)
        assert (answer.status, answer.code) == (415, "unsupported_media_type")


def test_the_published_list_names_every_code() -> None:
    published = as_markdown()
    assert not [code for code in every_code() if f"`{code}`" not in published]
